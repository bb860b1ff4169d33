//! Slashes, disallowed user agents, bodies that are too large, and the error pages of inner layers.

use std::sync::Arc;

use axum::body::Body;
use axum::response::IntoResponse;
use http::{Method, Request, Response, Uri, header};
use http_body::Body as _;
use nuages_security::hosts::{Host, IsSecure};
use nuages_security::uri::escape_uri_path;
use nuages_security::{Enter, Entered, Leave, Middleware, Wrapped, tower_layer};
use regex::Regex;

use crate::body_limit::limit;
use crate::error::{Error, ErrorKind, ErrorReport, Result};
use crate::pages::{ErrorPage, WrittenPage};
use crate::redirect::Redirect;
use crate::request_info::RequestInfo;
use crate::site_context::SiteContext;
use crate::urls::{ResolverMatch, decode_path, escape_leading_slashes};

/// Redirects to the path with a slash, turns away disallowed user agents, limits request bodies, and
/// writes the error pages of the layers inside.
///
/// # Django
/// `CommonMiddleware`; the limit of bodies is Nuages' own.
#[derive(Debug, Clone)]
pub struct CommonLayer {
    config: Arc<Config>,
}

#[derive(Debug)]
struct Config {
    site: Arc<SiteContext>,
    disallowed: Vec<Regex>,
}

impl CommonLayer {
    /// The layer of this site; [`checks`](crate::checks) names expressions that cannot be read.
    pub fn new(site: Arc<SiteContext>) -> Self {
        let disallowed = site
            .settings
            .disallowed_user_agents
            .iter()
            .filter_map(|source| Regex::new(source).ok())
            .collect();
        Self {
            config: Arc::new(Config { site, disallowed }),
        }
    }
}

tower_layer!(CommonLayer);

/// The service of [`CommonLayer`].
pub type Common<S> = Wrapped<CommonLayer, S>;

/// What to do with a request before anybody else sees it.
#[derive(Debug, PartialEq, Eq)]
enum Decision {
    Pass,
    /// To this URL, for good.
    Redirect(String),
}

impl Config {
    /// Decides on the user agent, the length, and `PREPEND_WWW`.
    fn verify(&self, req: &Request<Body>) -> Result<Decision> {
        let agent = req.headers().get(header::USER_AGENT);
        if let Some(agent) = agent.filter(|_| !self.disallowed.is_empty()) {
            let agent = String::from_utf8_lossy(agent.as_bytes());
            if self.disallowed.iter().any(|regex| regex.is_match(&agent)) {
                return Err(Error::permission_denied("Forbidden user agent"));
            }
        }
        let length = req.body().size_hint().lower();
        if length > self.site.settings.request_body_max_size {
            return Err(too_large());
        }
        if self.site.settings.prepend_www {
            let host = req.extensions().get::<Host>().map_or("", Host::as_str);
            if !host.is_empty() && !host.starts_with("www.") {
                let secure = req.extensions().get::<IsSecure>().is_some_and(|it| it.0);
                let scheme = if secure { "https" } else { "http" };
                let path = match self.slashed(req.method(), req.uri(), None, host)? {
                    Some(path) => path,
                    // Behind a host, two slashes name no other one.
                    None => req
                        .uri()
                        .path_and_query()
                        .map_or("/", |it| it.as_str())
                        .to_owned(),
                };
                return Ok(Decision::Redirect(format!("{scheme}://www.{host}{path}")));
            }
        }
        Ok(Decision::Pass)
    }

    /// The target with a slash after its path, when only that one leads anywhere.
    fn slashed(
        &self,
        method: &Method,
        uri: &Uri,
        found: Option<&ResolverMatch>,
        host: &str,
    ) -> Result<Option<String>> {
        let raw = uri.path();
        let path = decode_path(raw);
        if !self.site.settings.append_slash || path.ends_with('/') || found.is_some() {
            return Ok(None);
        }
        let urls = &self.site.urls;
        let leads = |path: &str| urls.resolve(path);
        let goes = leads(&path).is_none()
            && leads(&format!("{path}/")).is_some_and(|found| found.flags().append_slash);
        if !goes {
            return Ok(None);
        }
        let query = uri
            .query()
            .map(|query| format!("?{query}"))
            .unwrap_or_default();
        let target = escape_leading_slashes(format!("{}/{query}", escape_uri_path(&path)));
        let loses_data =
            [Method::POST, Method::PUT, Method::PATCH, Method::DELETE].contains(method);
        if self.site.debug && loses_data {
            return Err(Error::server(format!(
                "You called this URL via {method}, but the URL doesn't end in a slash and you have \
                 append_slash set. Nuages can't redirect to the slash URL while maintaining {method} \
                 data. Change your form to point to {host}{target} (note the trailing slash), or set \
                 append_slash = false in your settings."
            )));
        }
        Ok(Some(target))
    }
}

fn too_large() -> Error {
    Error::new(
        ErrorKind::TooLarge,
        "The request body exceeded request_body_max_size.",
    )
}

impl Middleware for CommonLayer {
    type Kept = Seen;

    fn enter(&self, req: &mut Request<Body>) -> Enter<Seen> {
        let config = &self.config;
        let early = match config.verify(req) {
            Ok(Decision::Pass) => None,
            Ok(Decision::Redirect(url)) => Some(Redirect::permanent(&url)),
            Err(error) => Some(Err(error)),
        };
        if let Some(early) = early {
            let (config, method) = (Arc::clone(config), req.method().clone());
            return Enter::wait(req, async move |_| {
                let page = ErrorPage {
                    site: &config.site,
                    copy: None,
                };
                Entered::Answer(page.write(early.into_response(), &method).await)
            });
        }
        // Only what leads nowhere may lead somewhere with a slash.
        let is_found = req.extensions().get::<ResolverMatch>().is_some();
        let asked = (!is_found).then(|| {
            let host = req.extensions().get::<Host>().cloned();
            Box::new((req.uri().clone(), host))
        });
        limit(req.body_mut(), config.site.settings.request_body_max_size);
        Enter::Pass(Seen {
            method: req.method().clone(),
            asked,
            copy: config.site.debug.then(|| RequestInfo::of(req)),
        })
    }

    fn leave(&self, seen: Seen, res: &mut Response<Body>) -> Leave {
        let config = &self.config;
        if res.status() == http::StatusCode::NOT_FOUND
            && let Some(asked) = &seen.asked
        {
            let (uri, host) = &**asked;
            let host = host.as_ref().map_or("", Host::as_str);
            match config.slashed(&seen.method, uri, None, host) {
                Ok(None) => {}
                Ok(Some(target)) => {
                    *res = Redirect::permanent(&target).into_response();
                    return Leave::Done;
                }
                Err(error) => *res = error.into_response(),
            }
        }
        let extensions = res.extensions();
        let is_written = extensions.get::<WrittenPage>().is_some();
        if is_written || extensions.get::<ErrorReport>().is_none() {
            return Leave::Done;
        }
        let config = Arc::clone(config);
        Leave::wait(res, async move |res| {
            let page = ErrorPage {
                site: &config.site,
                copy: seen.copy.as_ref(),
            };
            page.write(res, &seen.method).await
        })
    }
}

/// What the way out has to know of a request.
#[derive(Debug)]
pub struct Seen {
    method: Method,
    /// Target and host of a request that leads nowhere.
    asked: Option<Box<(Uri, Option<Host>)>>,
    /// What an error page shows in debug mode.
    copy: Option<RequestInfo>,
}
