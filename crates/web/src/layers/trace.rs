//! The outermost layer: it logs, and it survives panics.

use std::convert::Infallible;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::task::{Context, Poll};

use axum::body::Body;
use axum::response::IntoResponse;
use futures_util::FutureExt;
use http::{Method, Request, Response, StatusCode, Uri};
use nuages_security::{Enter, Leave, LoggedPath, Middleware};
use tower_layer::Layer;
use tower_service::Service;

use crate::error::ErrorReport;
use crate::pages::{ErrorPage, WrittenPage, panic_error};
use crate::shared_service::ResponseFuture;
use crate::site_context::SiteContext;

/// Logs what went wrong, and answers 500 when a layer panics; the server lives on.
///
/// Server errors are logged as errors with all their causes, client errors as warnings, the rest at
/// debug level.
///
/// # Django
/// The logger `django.request`: here `nuages.request`.
///
/// # Security
/// Query strings, headers and bodies are not logged: they hold tokens and passwords; nor is the path of a
/// [private](crate::View::private_path) route, which is named instead. Control
/// characters of the path are escaped, so that no line can be forged.
#[derive(Debug, Clone)]
pub struct TraceLayer {
    site: Arc<SiteContext>,
}

impl TraceLayer {
    /// The layer of this site.
    pub fn new(site: Arc<SiteContext>) -> Self {
        Self { site }
    }
}

impl<S> Layer<S> for TraceLayer {
    type Service = Trace<S>;

    fn layer(&self, inner: S) -> Trace<S> {
        Trace {
            site: Arc::clone(&self.site),
            inner,
        }
    }
}

/// The service of [`TraceLayer`].
#[derive(Debug, Clone)]
pub struct Trace<S> {
    site: Arc<SiteContext>,
    inner: S,
}

impl<S> Service<Request<Body>> for Trace<S>
where
    S: Service<Request<Body>, Response = Response<Body>, Error = Infallible>
        + Clone
        + Send
        + 'static,
    S::Future: Send + 'static,
{
    type Response = Response<Body>;
    type Error = Infallible;
    type Future = ResponseFuture;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, req: Request<Body>) -> ResponseFuture {
        let asked = Asked::of(&req);
        let site = Arc::clone(&self.site);
        // The synchronous part of a layer may panic as well as its future.
        let inner = std::panic::catch_unwind(AssertUnwindSafe(|| self.inner.call(req)));
        Box::pin(async move {
            let outcome = match inner {
                Ok(inner) => AssertUnwindSafe(inner).catch_unwind().await,
                Err(panic) => Err(panic),
            };
            let response = match outcome {
                Ok(Ok(response)) => response,
                Err(panic) => panic_error(&*panic).into_response(),
            };
            Ok(finish(site, asked, response).await)
        })
    }
}

/// What the log says of a request.
#[derive(Debug)]
pub struct Asked {
    method: Method,
    uri: Uri,
    /// What to say instead of the path.
    instead: Option<LoggedPath>,
}

impl Asked {
    fn of(req: &Request<Body>) -> Self {
        Self {
            method: req.method().clone(),
            uri: req.uri().clone(),
            instead: req.extensions().get().cloned(),
        }
    }

    fn path(&self) -> &str {
        let instead = self.instead.as_ref().map(LoggedPath::as_str);
        instead.unwrap_or_else(|| self.uri.path())
    }
}

/// In a [`LayerStack`](crate::LayerStack), which survives panics itself.
impl Middleware for TraceLayer {
    /// In a box: the largest thing that any layer keeps.
    type Kept = Box<Asked>;

    fn enter(&self, req: &mut Request<Body>) -> Enter<Self::Kept> {
        Enter::Pass(Box::new(Asked::of(req)))
    }

    fn leave(&self, asked: Self::Kept, res: &mut Response<Body>) -> Leave {
        if is_unwritten(res) {
            let site = Arc::clone(&self.site);
            return Leave::wait(res, async move |res| finish(site, *asked, res).await);
        }
        log(&asked, res);
        Leave::Done
    }
}

/// True for an error of a layer that has no page yet.
fn is_unwritten(res: &Response<Body>) -> bool {
    let extensions = res.extensions();
    extensions.get::<ErrorReport>().is_some() && extensions.get::<WrittenPage>().is_none()
}

async fn finish(site: Arc<SiteContext>, asked: Asked, mut res: Response<Body>) -> Response<Body> {
    if is_unwritten(&res) {
        let page = ErrorPage {
            site: &site,
            copy: None,
        };
        res = page.write(res, &asked.method).await;
    }
    log(&asked, &res);
    res
}

fn log(asked: &Asked, response: &Response<Body>) {
    let (method, path) = (&asked.method, asked.path());
    let status = response.status();
    let code = status.as_u16();
    if !status.is_client_error() && !status.is_server_error() {
        tracing::debug!(target: "nuages.request", %method, ?path, status = code);
        return;
    }
    let reason = status.canonical_reason().unwrap_or("Error");
    let report = response.extensions().get::<ErrorReport>();
    let causes = report.map(|report| report.chain().join(": "));
    let causes = causes.as_deref().unwrap_or("");
    if status.is_server_error() && status != StatusCode::SERVICE_UNAVAILABLE {
        tracing::error!(target: "nuages.request", %method, status = code, causes = ?causes, "{reason}: {path:?}");
    } else {
        tracing::warn!(target: "nuages.request", %method, status = code, causes = ?causes, "{reason}: {path:?}");
    }
}
