//! The layer that refuses hosts and finds out about the connection.

use std::sync::{Arc, OnceLock};

use axum_core::body::Body;
use http::{HeaderValue, Request, Response};

use super::verify::{host_in, port_of, raw_host, secure_of};
use super::{Connection, Host, HostError, HostsSettings, IsSecure, Port};
use crate::{Enter, Middleware, Refusal, Wrapped, page, tower_layer};

/// Refuses requests for hosts that are not the site's, and puts [`Host`](super::Host) and
/// [`IsSecure`] into the others.
///
/// ```
/// use axum::{Router, routing::get};
/// use nuages_security::hosts::{HostsLayer, HostsSettings};
///
/// let settings = HostsSettings { allowed_hosts: vec!["example.com".into()], ..Default::default() };
/// let app: Router = Router::new()
///     .route("/", get(|| async { "hello" }))
///     .layer(HostsLayer::new(&settings));
/// ```
#[derive(Debug, Clone)]
pub struct HostsLayer {
    config: Arc<Config>,
}

#[derive(Debug)]
struct Config {
    settings: HostsSettings,
    debug: bool,
    /// The host of the first request that was let in: most of the others name the same.
    known: OnceLock<HeaderValue>,
}

impl HostsLayer {
    /// A layer with these settings, for a site that is not in debug mode.
    pub fn new(settings: &HostsSettings) -> Self {
        Self::with_debug(settings, false)
    }

    /// In debug mode a site without `allowed_hosts` answers for `localhost`, and the page of a refusal
    /// says what to do.
    pub fn with_debug(settings: &HostsSettings, debug: bool) -> Self {
        let settings = settings.clone();
        Self {
            config: Arc::new(Config {
                settings,
                debug,
                known: OnceLock::new(),
            }),
        }
    }
}

tower_layer!(HostsLayer);

/// The service of [`HostsLayer`].
pub type Hosts<S> = Wrapped<HostsLayer, S>;

impl Middleware for HostsLayer {
    type Kept = ();

    fn enter(&self, req: &mut Request<Body>) -> Enter<()> {
        match admit(&self.config, req) {
            Ok(()) => Enter::Skip,
            Err(error) => Enter::Answer(refuse(&error, self.config.debug)),
        }
    }
}

fn admit(config: &Config, req: &mut Request<Body>) -> Result<(), HostError> {
    let settings = &config.settings;
    let (headers, extensions) = (req.headers(), req.extensions());
    let value = raw_host(settings, req.uri(), headers, extensions)?;
    let host = if config.known.get() == Some(&value) {
        Host(value)
    } else {
        let host = host_in(settings, config.debug, value)?;
        if config.known.get().is_none()
            // A copy of its own, which does not keep the whole head of the request.
            && let Ok(copy) = HeaderValue::from_str(&host)
        {
            let _ = config.known.set(copy);
        }
        host
    };
    let secure = secure_of(settings, headers, extensions);
    let unusual = settings.use_x_forwarded_port
        || extensions
            .get::<Connection>()
            .is_some_and(|connection| connection.server_port.is_some());
    let port = unusual.then(|| Port(port_of(settings, headers, extensions, secure).into()));
    let extensions = req.extensions_mut();
    if let Some(port) = port {
        extensions.insert(port);
    }
    extensions.insert(host);
    extensions.insert(IsSecure(secure));
    Ok(())
}

#[cold]
fn refuse(error: &HostError, debug: bool) -> Response<Body> {
    let refusal = Refusal::DisallowedHost;
    tracing::error!(target: "nuages.security.DisallowedHost", id = refusal.id(), "{error}");
    if !debug {
        return page::html(refusal.status(), page::BAD_REQUEST);
    }
    let mut text =
        "<!doctype html>\n<title>DisallowedHost</title>\n<h1>DisallowedHost</h1>\n<p>".to_owned();
    page::escape(&error.to_string(), &mut text);
    text.push_str("</p>\n");
    page::html(refusal.status(), text)
}
