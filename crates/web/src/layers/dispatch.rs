//! The service in the middle of the layers: it calls the view.

use std::convert::Infallible;
use std::sync::Arc;
use std::task::{Context, Poll};

use axum::body::Body;
use axum::response::IntoResponse;
use http::{Method, Request, Response};
use nuages_security::{Enter, Leave, Middleware};
use tower_service::Service;

use super::resolve::{Nowhere, announce};
use crate::error::{Error, ErrorReport};
use crate::layer_stack::LayerStack;
use crate::pages::{ErrorPage, WrittenPage};
use crate::request_info::RequestInfo;
use crate::shared_service::{ResponseFuture, SharedService};
use crate::site_context::SiteContext;
use crate::static_files::serve_static;
use crate::urls::{ResolverMatch, RouteTarget, decode_path};

/// Calls the view that the path resolved to, and turns its errors and panics into pages.
///
/// Also works without any layer around it: it then resolves the path itself.
///
/// ```
/// use axum::body::Body;
/// use http::Request;
/// use nuages_template::Engine;
/// use nuages_web::{Dispatch, SiteContext, Urls, get};
/// use std::sync::Arc;
/// use tower::ServiceExt;
///
/// # futures_util::FutureExt::now_or_never(async {
/// let urls = Urls::new().path("hello/", get(async || "hello"), "hello").freeze().unwrap();
/// let service = Dispatch::new(Arc::new(SiteContext::new(Engine::default(), urls)));
/// let request = |path: &str| Request::get(path).body(Body::empty()).unwrap();
/// assert_eq!(service.clone().oneshot(request("/hello/")).await.unwrap().status(), 200);
/// assert_eq!(service.oneshot(request("/bye/")).await.unwrap().status(), 404);
/// # }).unwrap();
/// ```
#[derive(Debug, Clone)]
pub struct Dispatch(SharedService);

impl Dispatch {
    /// The views of this site.
    pub fn new(site: Arc<SiteContext>) -> Self {
        let pages = ErrorPages::new(Arc::clone(&site));
        Self(LayerStack::of(Self::views(site), vec![pages]).into_service())
    }

    /// The views alone, for [`ErrorPages`] and other layers to be put around them.
    pub fn views(site: Arc<SiteContext>) -> SharedService {
        SharedService::new(Views { site })
    }
}

impl Service<Request<Body>> for Dispatch {
    type Response = Response<Body>;
    type Error = Infallible;
    type Future = ResponseFuture;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, req: Request<Body>) -> ResponseFuture {
        self.0.respond(req)
    }
}

/// Writes the pages of errors that views have returned; the innermost layer.
#[derive(Debug, Clone)]
pub struct ErrorPages(Arc<SiteContext>);

impl ErrorPages {
    /// The pages of this site.
    pub fn new(site: Arc<SiteContext>) -> Self {
        Self(site)
    }
}

impl Middleware for ErrorPages {
    /// The method, and what an error page would show of the request, which is the view's from here on.
    type Kept = (Method, Option<RequestInfo>);

    fn enter(&self, req: &mut Request<Body>) -> Enter<Self::Kept> {
        let shows = self.0.debug || self.0.error_pages.want_request();
        Enter::Pass((req.method().clone(), shows.then(|| RequestInfo::of(req))))
    }

    fn leave(&self, (method, copy): Self::Kept, res: &mut Response<Body>) -> Leave {
        let extensions = res.extensions();
        if extensions.get::<ErrorReport>().is_none() || extensions.get::<WrittenPage>().is_some() {
            return Leave::Done;
        }
        let site = Arc::clone(&self.0);
        Leave::wait(res, async move |res| {
            let page = ErrorPage {
                site: &site,
                copy: copy.as_ref(),
            };
            page.write(res, &method).await
        })
    }
}

/// Calls the view, and leaves its errors and panics to the layer around.
#[derive(Clone)]
struct Views {
    site: Arc<SiteContext>,
}

impl Service<Request<Body>> for Views {
    type Response = Response<Body>;
    type Error = Infallible;
    type Future = ResponseFuture;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, mut req: Request<Body>) -> ResponseFuture {
        if self.site.static_files.is_some()
            && let Some(answer) = self.serve_static(&req)
        {
            return answer;
        }
        let found = match req.extensions().get::<ResolverMatch>() {
            Some(found) => found.clone(),
            None if req.extensions().get::<Nowhere>().is_some() => return self.not_found(&req),
            None => match resolve_here(&self.site, &mut req) {
                Some(found) => found,
                None => return self.not_found(&req),
            },
        };
        match found.target() {
            RouteTarget::View(view) => view.respond(req),
            RouteTarget::Mount(service) => service.respond(below(req, &found)),
        }
    }
}

impl Views {
    fn serve_static(&self, req: &Request<Body>) -> Option<ResponseFuture> {
        let path = decode_path(req.uri().path());
        let name = self.site.static_name(&path)?.to_owned();
        let files = self.site.static_files.clone()?;
        let site = Arc::clone(&self.site);
        let copy = RequestInfo::of(req);
        Some(Box::pin(async move {
            let (method, headers) = (copy.method().clone(), copy.headers().clone());
            let now = site.clock().now();
            let response = serve_static(files, name, method, headers, now).await;
            if response.extensions().get::<ErrorReport>().is_none() {
                return Ok(response);
            }
            let page = ErrorPage {
                site: &site,
                copy: Some(&copy),
            };
            Ok(page.write(response, copy.method()).await)
        }))
    }

    #[cold]
    fn not_found(&self, req: &Request<Body>) -> ResponseFuture {
        let site = Arc::clone(&self.site);
        let copy = RequestInfo::of(req);
        Box::pin(async move {
            let path = copy.path();
            let response = Error::not_found(format!(
                "The current path, {}, didn’t match any of these.",
                path.trim_start_matches('/')
            ))
            .into_response();
            let page = ErrorPage {
                site: &site,
                copy: Some(&copy),
            };
            Ok(page.write_not_found(response).await)
        })
    }
}

fn resolve_here(site: &Arc<SiteContext>, req: &mut Request<Body>) -> Option<ResolverMatch> {
    let found = site.urls.resolve(&decode_path(req.uri().path()));
    let extensions = req.extensions_mut();
    if SiteContext::of(extensions).is_none() {
        extensions.insert(Arc::clone(site));
    }
    if let Some(found) = &found {
        announce(found.clone(), extensions);
    }
    found
}

/// The request as a mounted service sees it: without the prefix.
fn below(mut req: Request<Body>, found: &ResolverMatch) -> Request<Body> {
    let uri = req.uri();
    let raw = uri.path();
    let cut = raw_offset(raw, found.end());
    let rest = raw.get(cut..).unwrap_or("");
    let query = uri
        .query()
        .map(|query| format!("?{query}"))
        .unwrap_or_default();
    let slash = if rest.starts_with('/') { "" } else { "/" };
    let mut parts = uri.clone().into_parts();
    // A part of a valid target is valid again; else the service sees the whole.
    if let Ok(target) = format!("{slash}{rest}{query}").parse() {
        parts.path_and_query = Some(target);
        if let Ok(uri) = http::Uri::from_parts(parts) {
            *req.uri_mut() = uri;
        }
    }
    req
}

/// Where in the raw path the decoded one has reached `end` bytes.
fn raw_offset(raw: &str, end: usize) -> usize {
    let bytes = raw.as_bytes();
    let mut at = 0;
    for _ in 0..end {
        let is_escape = bytes.get(at) == Some(&b'%')
            && bytes
                .get(at + 1..at + 3)
                .is_some_and(|hex| hex.iter().all(u8::is_ascii_hexdigit));
        at += if is_escape { 3 } else { 1 };
    }
    at.min(bytes.len())
}

#[cfg(test)]
mod tests {
    use super::raw_offset;

    #[test]
    fn escapes_count_as_the_byte_that_they_stand_for() {
        assert_eq!(raw_offset("/a%70i/x", 5), 7);
        assert_eq!(raw_offset("/api/x", 5), 5);
        assert_eq!(raw_offset("/%", 9), 2);
    }
}
