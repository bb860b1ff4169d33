//! The list of routes, as a site writes it.

use std::collections::HashMap;
use std::convert::Infallible;
use std::fmt;
use std::sync::Arc;

use axum::body::Body;
use http::{Request, Response};
use tower_service::Service;

use super::converter::{Converter, Kind};
use super::error::UrlsError;
use super::route::Converters;
use super::table::UrlTable;
use super::value::UrlValue;
use super::view::View;
use crate::shared_service::SharedService;

/// A list of routes; the first that matches wins.
///
/// ```
/// use nuages_web::{Urls, get};
///
/// let blog = Urls::new()
///     .app_name("blog")
///     .path("", get(async || "list"), "list")
///     .path("<int:pk>/", get(async || "post"), "detail");
/// let urls = Urls::new()
///     .include("blog/", blog)
///     .path("", get(async || "home"), "home")
///     .freeze()?;
///
/// assert_eq!(urls.resolve("/blog/7/").unwrap().view_name(), "blog:detail");
/// assert_eq!(urls.reverse("blog:detail", &[7.into()], &[])?, "/blog/7/");
/// assert!(urls.resolve("/blog/seven/").is_none());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Django
/// `urlpatterns` with `path()` and `include()`; `app_name` is the module's.
#[derive(Clone, Default)]
pub struct Urls {
    pub(super) entries: Vec<Entry>,
    pub(super) app_name: Option<String>,
    pub(super) converters: Vec<(Arc<str>, Arc<dyn Converter>)>,
}

/// Named extra arguments of a route.
pub(super) type Extra = Vec<(Arc<str>, UrlValue<'static>)>;

#[derive(Clone)]
pub(super) struct Entry {
    pub(super) route: String,
    /// The route is a regular expression.
    pub(super) is_regex: bool,
    pub(super) name: Option<String>,
    pub(super) extra: Extra,
    pub(super) target: Target,
}

#[derive(Clone)]
pub(super) enum Target {
    View(Box<View>),
    Include {
        urls: Urls,
        namespace: Option<String>,
    },
    Mount(SharedService),
}

impl Urls {
    /// No routes yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// The name of the app that these routes belong to, which is their namespace when included.
    pub fn app_name(mut self, name: impl Into<String>) -> Self {
        self.app_name = Some(name.into());
        self
    }

    /// Makes a converter of your own known to the whole table.
    ///
    /// # Django
    /// `register_converter`.
    pub fn converter(mut self, name: &str, converter: impl Converter) -> Self {
        self.converters.push((name.into(), Arc::new(converter)));
        self
    }

    /// Adds a route; the name is for reversing, and may be `None`.
    ///
    /// # Django
    /// `path(route, view, name=…)`.
    pub fn path<'n>(
        mut self,
        route: &str,
        view: impl Into<View>,
        name: impl Into<Option<&'n str>>,
    ) -> Self {
        let view = view.into();
        let name = name
            .into()
            .or(view.own_name())
            .filter(|name| !name.is_empty());
        self.entries.push(Entry {
            route: route.to_owned(),
            is_regex: false,
            name: name.map(str::to_owned),
            extra: Vec::new(),
            target: Target::View(Box::new(view)),
        });
        self
    }

    /// Adds a route that is a regular expression; its groups are the arguments: those with names, or all
    /// of them in order when none has one.
    ///
    /// ```
    /// use nuages_web::{Urls, get};
    ///
    /// let urls = Urls::new()
    ///     .re_path(r"^articles/(?P<year>[0-9]{4})/$", get(async || "year"), "year")
    ///     .re_path(r"^(\w+)-(\w+)/$", get(async || "pair"), "pair")
    ///     .freeze()?;
    /// assert_eq!(urls.resolve("/articles/2026/").unwrap().kwarg("year").as_deref(), Some("2026"));
    /// assert_eq!(urls.resolve("/a-b/").unwrap().args(), [Some("a"), Some("b")]);
    /// assert_eq!(urls.reverse("year", &[2026.into()], &[])?, "/articles/2026/");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// Without `^` the expression is searched for anywhere in the path.
    ///
    /// # Django
    /// `re_path(route, view, name=…)`. Look-around and back references are refused when the table is
    /// frozen: they can make a path take a time without end.
    pub fn re_path<'n>(
        self,
        regex: &str,
        view: impl Into<View>,
        name: impl Into<Option<&'n str>>,
    ) -> Self {
        self.path(regex, view, name).last_is_regex()
    }

    /// Adds all the routes of an app behind a regular expression.
    ///
    /// # Django
    /// `re_path(prefix, include(urls))`.
    pub fn re_include(self, prefix: &str, urls: Urls) -> Self {
        self.include(prefix, urls).last_is_regex()
    }

    /// The same under a namespace of its own.
    pub fn re_include_namespaced(self, prefix: &str, urls: Urls, namespace: &str) -> Self {
        self.include_namespaced(prefix, urls, namespace)
            .last_is_regex()
    }

    fn last_is_regex(mut self) -> Self {
        if let Some(entry) = self.entries.last_mut() {
            entry.is_regex = true;
        }
        self
    }

    /// Gives the route or include added last an argument that does not come from the URL.
    ///
    /// The `Path` extractor sees it beside the captured ones.
    ///
    /// # Django
    /// The `kwargs` of `path()`.
    pub fn with(mut self, name: &str, value: impl Into<UrlValue<'static>>) -> Self {
        if let Some(entry) = self.entries.last_mut() {
            entry.extra.retain(|(known, _)| **known != *name);
            entry.extra.push((name.into(), value.into()));
        }
        self
    }

    /// Adds all the routes of an app under a prefix; its `app_name` becomes the namespace.
    ///
    /// # Django
    /// `path(prefix, include(urls))`.
    pub fn include(self, prefix: &str, urls: Urls) -> Self {
        let namespace = urls.app_name.clone();
        self.push_include(prefix, urls, namespace)
    }

    /// Adds all the routes of an app under a prefix and a namespace of its own.
    ///
    /// # Django
    /// `path(prefix, include(urls, namespace=…))`.
    pub fn include_namespaced(self, prefix: &str, urls: Urls, namespace: &str) -> Self {
        self.push_include(prefix, urls, Some(namespace.to_owned()))
    }

    fn push_include(mut self, prefix: &str, urls: Urls, namespace: Option<String>) -> Self {
        self.entries.push(Entry {
            route: prefix.to_owned(),
            is_regex: false,
            name: None,
            extra: Vec::new(),
            target: Target::Include { urls, namespace },
        });
        self
    }

    /// Hands everything under a prefix to another service, such as a whole axum `Router`.
    ///
    /// The service sees the path without the prefix, as axum's own `nest_service` does it.
    pub fn mount<S>(mut self, prefix: &str, service: S) -> Self
    where
        S: Service<Request<Body>, Response = Response<Body>, Error = Infallible>
            + Clone
            + Send
            + Sync
            + 'static,
        S::Future: Send + 'static,
    {
        self.entries.push(Entry {
            route: prefix.to_owned(),
            is_regex: false,
            name: None,
            extra: Vec::new(),
            target: Target::Mount(SharedService::new(service)),
        });
        self
    }

    /// Checks the routes and makes them the table that answers requests.
    ///
    /// # Errors
    /// When a route cannot mean anything: unknown converters, bad parameter names, a namespace
    /// without an app name. The hint says what to write.
    pub fn freeze(self) -> Result<UrlTable, UrlsError> {
        UrlTable::new(self)
    }

    /// The converters of this list and of all included ones.
    pub(super) fn all_converters(&self) -> Result<Converters, UrlsError> {
        let mut all = HashMap::new();
        self.collect_converters(&mut all)?;
        Ok(all)
    }

    fn collect_converters(&self, all: &mut Converters) -> Result<(), UrlsError> {
        for (name, converter) in &self.converters {
            let other = all.insert(Arc::clone(name), Arc::clone(converter));
            // The same app may be included twice: the same converter is no conflict.
            let is_conflict = other.is_some_and(|other| !Arc::ptr_eq(&other, converter));
            if is_conflict || Kind::builtin(name).is_some() {
                return Err(UrlsError::new(
                    format!("Converter '{name}' is already registered."),
                    "Give it another name.",
                ));
            }
        }
        for entry in &self.entries {
            if let Target::Include { urls, .. } = &entry.target {
                urls.collect_converters(all)?;
            }
        }
        Ok(())
    }
}

impl fmt::Debug for Urls {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let routes: Vec<&str> = self
            .entries
            .iter()
            .map(|entry| entry.route.as_str())
            .collect();
        f.debug_struct("Urls")
            .field("app_name", &self.app_name)
            .field("routes", &routes)
            .finish_non_exhaustive()
    }
}
