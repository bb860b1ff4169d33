//! What a path resolved to.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use super::flags::RouteFlags;
use super::pattern::Captured;
use super::value::UrlValue;
use super::view::View;
use crate::shared_service::SharedService;

/// One route of a frozen table, with all that its includes add to it.
pub(super) struct Route {
    /// The text of the route with those of its includes before it.
    pub(super) text: String,
    pub(super) name: Option<String>,
    /// The name with the namespaces before it; empty for nameless routes.
    pub(super) view_name: String,
    pub(super) app_names: Vec<String>,
    pub(super) namespaces: Vec<String>,
    /// The captured and the fixed arguments; a deeper level wins over an outer one, and at one level
    /// the fixed ones win.
    pub(super) arguments: Vec<(Arc<str>, Source)>,
    /// Which captures have no name, for each level from the outside in; empty when all have one.
    pub(super) levels: Vec<LevelArguments>,
    /// The text of the route is no path.
    pub(super) has_regex: bool,
    pub(super) target: RouteTarget,
    pub(super) flags: RouteFlags,
}

/// The arguments of one level of a route.
#[derive(Debug, Clone, Default)]
pub(super) struct LevelArguments {
    pub(super) positional: Vec<usize>,
    pub(super) named: Vec<usize>,
    pub(super) has_fixed: bool,
}

/// Where an argument comes from.
#[derive(Debug, Clone)]
pub(super) enum Source {
    /// The capture of this number.
    Capture(usize),
    /// The capture of this number, or what an outer level says when the group took no part.
    Either(usize, Option<Box<Source>>),
    /// `Urls::with`.
    Fixed(UrlValue<'static>),
}

#[expect(
    clippy::large_enum_variant,
    reason = "nearly every route is a view, and a table is made once"
)]
pub(crate) enum RouteTarget {
    View(View),
    Mount(SharedService),
}

/// What a path resolved to: the route, the captured arguments, the namespaces.
///
/// Cheap to clone. The layer that resolves puts it into the request's extensions.
///
/// # Django
/// `ResolverMatch`.
#[derive(Clone)]
pub struct ResolverMatch(pub(super) Arc<Match>);

pub(super) struct Match {
    pub(super) route: Arc<Route>,
    pub(super) path: Box<str>,
    pub(super) captures: Vec<Captured>,
    /// Where the matched part of the path ends; for mounts, the rest is the service's.
    pub(super) end: usize,
}

/// An argument of a matched route.
pub(crate) enum Argument<'m> {
    Text(&'m str),
    Value(&'m UrlValue<'static>),
}

impl ResolverMatch {
    /// The text of the route that matched, with those of its includes: `blog/<int:pk>/`.
    pub fn route(&self) -> &str {
        &self.0.route.text
    }

    /// The name of the route, without namespaces.
    pub fn url_name(&self) -> Option<&str> {
        self.0.route.name.as_deref()
    }

    /// The name with the namespaces before it; empty when the route has no name.
    pub fn view_name(&self) -> &str {
        &self.0.route.view_name
    }

    /// The names of the apps that the route was included by, outermost first.
    pub fn app_names(&self) -> &[String] {
        &self.0.route.app_names
    }

    /// The namespaces that the route was included under, outermost first.
    pub fn namespaces(&self) -> &[String] {
        &self.0.route.namespaces
    }

    /// The namespaces joined by colons: what `reverse` wants as the current app.
    pub fn namespace(&self) -> String {
        self.0.route.namespaces.join(":")
    }

    /// What the route asks of the layers.
    pub fn flags(&self) -> &RouteFlags {
        &self.0.route.flags
    }

    /// The decoded path that was resolved.
    pub fn path(&self) -> &str {
        &self.0.path
    }

    /// One captured or extra argument as text.
    ///
    /// ```
    /// use nuages_web::{Urls, get};
    ///
    /// let urls = Urls::new().path("posts/<int:pk>/", get(async || "post"), "post").freeze()?;
    /// let found = urls.resolve("/posts/7/").unwrap();
    /// assert_eq!(found.kwarg("pk").as_deref(), Some("7"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn kwarg(&self, name: &str) -> Option<Cow<'_, str>> {
        let found = self.arguments().find(|(known, _)| *known == name)?.1;
        match found {
            Argument::Text(text) => Some(Cow::Borrowed(text)),
            Argument::Value(value) => value.as_text(),
        }
    }

    /// The captures of groups without a name, in order; a group that took no part is `None`.
    ///
    /// # Django
    /// `ResolverMatch.args`: those of outer levels count only when there are no named arguments at all.
    pub fn args(&self) -> Vec<Option<&str>> {
        let inner = &*self.0;
        let is_present = |at: &usize| !matches!(inner.captures.get(*at), Some(Captured::Absent));
        let mut places: Vec<usize> = Vec::new();
        let mut has_named = false;
        for (depth, level) in inner.route.levels.iter().rev().enumerate() {
            has_named |= level.has_fixed || level.named.iter().any(is_present);
            if depth == 0 || !has_named {
                places.splice(0..0, level.positional.iter().copied());
            }
        }
        let text = |at: usize| match inner.captures.get(at) {
            Some(Captured::Span(span)) => inner.path.get(span.clone()),
            _ => None,
        };
        places.into_iter().map(text).collect()
    }

    /// The arguments by name, each name once; then those without a name.
    pub(crate) fn arguments(&self) -> std::vec::IntoIter<(&str, Argument<'_>)> {
        let inner = &*self.0;
        let named = inner.route.arguments.iter();
        let mut all: Vec<(&str, Argument<'_>)> = named
            .filter_map(|(name, source)| Some((&**name, self.argument(source)?)))
            .collect();
        if !inner.route.levels.is_empty() {
            let args = self.args().into_iter();
            all.extend(args.map(|text| ("", Argument::Text(text.unwrap_or("")))));
        }
        all.into_iter()
    }

    fn argument<'m>(&'m self, source: &'m Source) -> Option<Argument<'m>> {
        let (at, outer) = match source {
            Source::Fixed(value) => return Some(Argument::Value(value)),
            Source::Capture(at) => (*at, None),
            Source::Either(at, outer) => (*at, outer.as_deref()),
        };
        match self.0.captures.get(at) {
            Some(Captured::Value(value)) => Some(Argument::Value(value)),
            Some(Captured::Span(span)) => {
                Some(Argument::Text(self.0.path.get(span.clone()).unwrap_or("")))
            }
            Some(Captured::Absent) => self.argument(outer?),
            None => Some(Argument::Text("")),
        }
    }

    pub(crate) fn target(&self) -> &RouteTarget {
        &self.0.route.target
    }

    /// Where the matched part of the decoded path ends; what follows is a mounted service's.
    pub(crate) fn end(&self) -> usize {
        self.0.end
    }
}

impl fmt::Debug for ResolverMatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ResolverMatch")
            .field("route", &self.route())
            .field("view_name", &self.view_name())
            .field("namespaces", &self.namespaces())
            .finish_non_exhaustive()
    }
}
