//! Views: handlers by method, with the flags of the route.

use std::convert::Infallible;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::handler::Handler;
use http::header::{ALLOW, CONTENT_LENGTH, HeaderValue};
use http::{Method, Request, Response, StatusCode};
use jiff::Timestamp;
use nuages_security::csp::{CspOverride, Policy};
use nuages_security::csrf::CsrfMode;
use nuages_security::frame::XFrameOptions;
use tower_layer::Layer;
use tower_service::Service;

use super::flags::{Access, RouteFlags};
use crate::cache_headers::{CacheControl, PatchHeadersLayer};
use crate::conditional::ConditionLayer;
use crate::error::Result;
use crate::page_cache::CachePage;
use crate::request_info::RequestInfo;
use crate::shared_service::{ResponseFuture, SharedService};

/// The methods in the order in which Django lists them in `Allow`.
const METHODS: [Method; 8] = [
    Method::GET,
    Method::POST,
    Method::PUT,
    Method::PATCH,
    Method::DELETE,
    Method::HEAD,
    Method::OPTIONS,
    Method::TRACE,
];

type Endpoint = Arc<dyn Fn(Request<Body>) -> ResponseFuture + Send + Sync>;

/// What a route leads to: axum handlers by method, and what the route asks of the layers.
///
/// HEAD is served by the handler of GET, OPTIONS answers `Allow`, and other methods get 405.
///
/// ```
/// use nuages_web::{Urls, get};
///
/// async fn show() -> &'static str { "post" }
/// async fn edit() -> &'static str { "saved" }
///
/// let view = get(show).post(edit).login_required();
/// assert_eq!(view.allow(), "GET, POST, HEAD, OPTIONS");
/// let urls = Urls::new().path("posts/<int:pk>/", view, "post-detail").freeze()?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Django
/// A view function with its decorators, or `View.as_view()`.
#[derive(Clone, Default)]
pub struct View {
    endpoints: Vec<(Method, Endpoint)>,
    any: Option<Endpoint>,
    layers: Vec<Arc<dyn Fn(SharedService) -> SharedService + Send + Sync>>,
    layered: Option<SharedService>,
    flags: RouteFlags,
    name: Option<String>,
    /// The methods that may be served at all, and their order in `Allow`.
    method_names: Option<Arc<[Method]>>,
    required: Option<Arc<[String]>>,
}

fn endpoint<H, T>(handler: H) -> Endpoint
where
    H: Handler<T, ()> + Sync,
    T: 'static,
{
    Arc::new(move |req| {
        let future = handler.clone().call(req, ());
        Box::pin(async move { Ok::<_, Infallible>(future.await) })
    })
}

macro_rules! method {
    ($( $(#[$meta:meta])* $name:ident $method:ident )*) => {
        $(
            $(#[$meta])*
            pub fn $name<H, T>(handler: H) -> View
            where
                H: Handler<T, ()> + Sync,
                T: 'static,
            {
                View::default().$name(handler)
            }
        )*

        impl View {
            $(
                $(#[$meta])*
                pub fn $name<H, T>(self, handler: H) -> Self
                where
                    H: Handler<T, ()> + Sync,
                    T: 'static,
                {
                    self.on(Method::$method, handler)
                }
            )*
        }
    };
}

method! {
    /// Serves GET, and HEAD with it.
    get GET
    /// Serves POST.
    post POST
    /// Serves PUT.
    put PUT
    /// Serves PATCH.
    patch PATCH
    /// Serves DELETE.
    delete DELETE
    /// Serves OPTIONS instead of the answer that lists the methods.
    options OPTIONS
    /// Serves HEAD otherwise than by GET.
    head HEAD
}

/// Serves every method with one handler, as a view function of Django does.
pub fn any<H, T>(handler: H) -> View
where
    H: Handler<T, ()> + Sync,
    T: 'static,
{
    View::default().any(handler)
}

impl View {
    /// Serves one method; the last handler given for it counts.
    pub fn on<H, T>(mut self, method: Method, handler: H) -> Self
    where
        H: Handler<T, ()> + Sync,
        T: 'static,
    {
        self.endpoints.retain(|(known, _)| *known != method);
        self.endpoints.push((method, endpoint(handler)));
        self
    }

    /// Serves the methods that have no handler of their own.
    pub fn any<H, T>(mut self, handler: H) -> Self
    where
        H: Handler<T, ()> + Sync,
        T: 'static,
    {
        self.any = Some(endpoint(handler));
        self
    }

    /// Serves every method with a tower service, such as an axum `MethodRouter`.
    pub fn service<S>(service: S) -> Self
    where
        S: Service<Request<Body>, Response = Response<Body>, Error = Infallible>
            + Clone
            + Send
            + Sync
            + 'static,
        S::Future: Send + 'static,
    {
        let shared = SharedService::new(service);
        Self {
            any: Some(Arc::new(move |req| shared.respond(req))),
            ..Self::default()
        }
    }

    /// Wraps the whole view, the answers 405 and to OPTIONS included, in a tower layer.
    pub fn layer<L>(mut self, layer: L) -> Self
    where
        L: Layer<SharedService> + Send + Sync + 'static,
        L::Service: Service<Request<Body>, Response = Response<Body>, Error = Infallible>
            + Clone
            + Send
            + Sync
            + 'static,
        <L::Service as Service<Request<Body>>>::Future: Send + 'static,
    {
        self.layers.push(Arc::new(move |inner| {
            SharedService::new(layer.layer(inner))
        }));
        self
    }

    /// Serves none but these methods, and lists them in this order.
    ///
    /// # Django
    /// The attribute `http_method_names` of a view class.
    pub fn http_method_names(mut self, methods: impl IntoIterator<Item = Method>) -> Self {
        self.method_names = Some(methods.into_iter().collect());
        self
    }

    /// Answers 405 to all but these methods, before any handler is looked for.
    ///
    /// Unlike the handlers, this does not take HEAD for GET.
    ///
    /// ```
    /// use nuages_web::any;
    ///
    /// let view = any(async || "form").require_http_methods(["GET", "HEAD", "POST"]);
    /// ```
    ///
    /// # Django
    /// `require_http_methods`, `require_GET`, `require_POST`, `require_safe`.
    pub fn require_http_methods<I>(mut self, methods: I) -> Self
    where
        I: IntoIterator,
        I::Item: Into<String>,
    {
        self.required = Some(methods.into_iter().map(Into::into).collect());
        self
    }

    /// Tells caches what they may do with the responses.
    ///
    /// # Django
    /// `cache_control`.
    pub fn cache_control(self, directives: CacheControl) -> Self {
        self.layer(PatchHeadersLayer::cache_control(directives))
    }

    /// Tells caches to keep nothing.
    ///
    /// # Django
    /// `never_cache`.
    pub fn never_cache(self) -> Self {
        self.layer(PatchHeadersLayer::never_cache())
    }

    /// Tells caches that the responses depend on these headers of the request.
    ///
    /// # Django
    /// `vary_on_headers`, `vary_on_cookie`.
    pub fn vary_on_headers<I>(self, names: I) -> Self
    where
        I: IntoIterator,
        I::Item: Into<String>,
    {
        self.layer(PatchHeadersLayer::vary_on_headers(names))
    }

    /// Keeps the pages of the view for a while: the next visitor gets them without a call of the view.
    ///
    /// The layers of the site do it, so that a page is kept with all that it depends on, and one that is for its visitor
    /// alone is not kept: see [`page_cache`](crate::page_cache).
    ///
    /// ```
    /// use std::time::Duration;
    /// use nuages_web::page_cache::CachePage;
    /// use nuages_web::{Urls, get};
    ///
    /// let quarter = Duration::from_mins(15);
    /// let urls = Urls::new()
    ///     .path("news/", get(async || "news").cache_page(quarter), "news")
    ///     .path("stats/", get(async || "stats").cache_page(CachePage::new(quarter).cache("slow")), "stats");
    /// # let _ = urls;
    /// ```
    ///
    /// # Django
    /// `cache_page(timeout, cache=…, key_prefix=…)`.
    pub fn cache_page(mut self, how: impl Into<CachePage>) -> Self {
        self.flags.cache_page = Some(how.into());
        self
    }

    /// Does not run the view when the client has the content of this tag already (304), or wants to
    /// change another one (412).
    ///
    /// # Django
    /// `etag`; for both functions at once, [`ConditionLayer`].
    pub fn etag<F, Fut>(self, ask: F) -> Self
    where
        F: Fn(RequestInfo) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Result<Option<String>>> + Send + 'static,
    {
        self.layer(ConditionLayer::new().etag(ask))
    }

    /// The same by the moment of the last change.
    ///
    /// # Django
    /// `last_modified`.
    pub fn last_modified<F, Fut>(self, ask: F) -> Self
    where
        F: Fn(RequestInfo) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Result<Option<Timestamp>>> + Send + 'static,
    {
        self.layer(ConditionLayer::new().last_modified(ask))
    }

    /// Only for users who have logged in.
    ///
    /// # Django
    /// `login_required`.
    pub fn login_required(mut self) -> Self {
        if self.flags.access == Access::Public {
            self.flags.access = Access::Login;
        }
        self
    }

    /// Only for users who have logged in within this time; others are sent to the login page, from where the way leads back.
    ///
    /// For what a stolen or forgotten browser must not do: a new e-mail address, a second factor taken off.
    /// A session that Django began does not say when, and counts as old.
    pub fn recent_login(mut self, age: Duration) -> Self {
        self.flags.recent_login = Some(age);
        self.login_required()
    }

    /// Only for users with the permission; others are sent to the login page.
    ///
    /// May be said several times: all the permissions are needed.
    ///
    /// # Django
    /// `permission_required`.
    pub fn permission_required(self, perm: impl Into<String>) -> Self {
        self.permission(perm.into(), false)
    }

    /// Only for users with the permission; others get 403.
    ///
    /// # Django
    /// `permission_required(raise_exception=True)`: anonymous users get 403 too.
    pub fn permission_required_or_403(self, perm: impl Into<String>) -> Self {
        self.permission(perm.into(), true)
    }

    fn permission(mut self, perm: String, raise: bool) -> Self {
        let (mut perms, raised) = match &self.flags.access {
            Access::Permission { perms, raise } => (perms.to_vec(), *raise),
            _ => (Vec::new(), false),
        };
        perms.push(perm);
        self.flags.access = Access::Permission {
            perms: perms.into(),
            raise: raise || raised,
        };
        self
    }

    /// Keeps the path out of the log, which says the route instead: for paths with a token in them.
    pub fn private_path(mut self) -> Self {
        self.flags.private_path = true;
        self
    }

    /// Sends users who must log in to this URL or URL name.
    ///
    /// # Django
    /// `login_required(login_url=…)`.
    pub fn login_url(mut self, url: impl Into<Arc<str>>) -> Self {
        self.flags.login_url = Some(url.into());
        self
    }

    /// Tells the login page the way back in another query parameter than `next`; an empty name tells none.
    ///
    /// # Django
    /// `login_required(redirect_field_name=…)`, where `None` tells none.
    pub fn redirect_field_name(mut self, name: impl Into<Arc<str>>) -> Self {
        self.flags.redirect_field_name = Some(name.into());
        self
    }

    /// Takes CSRF protection off.
    ///
    /// # Security
    /// Any site may then make a visitor's browser send this request. For callers that are no browsers
    /// and prove themselves otherwise, such as signed webhooks.
    ///
    /// # Django
    /// `csrf_exempt`.
    pub fn csrf_exempt(mut self) -> Self {
        let and_exempt = |mode: CsrfMode| mode.and_exempt();
        self.flags.csrf = Some(self.flags.csrf.map_or(CsrfMode::Exempt, and_exempt));
        self
    }

    /// Protects the view from forged requests even where the site's own layer was left out.
    ///
    /// # Django
    /// `csrf_protect`.
    pub fn csrf_protect(mut self) -> Self {
        let and_protect = |mode: CsrfMode| mode.and_protect();
        self.flags.csrf = Some(self.flags.csrf.map_or(CsrfMode::Protect, and_protect));
        self
    }

    /// Sends the CSRF cookie even when no template asked for the token, for scripts that read it.
    ///
    /// # Django
    /// `ensure_csrf_cookie`.
    pub fn ensure_csrf_cookie(mut self) -> Self {
        let and_cookie = |mode: CsrfMode| mode.and_ensure_cookie();
        self.flags.csrf = Some(self.flags.csrf.map_or(CsrfMode::EnsureCookie, and_cookie));
        self
    }

    /// Has the token ready even where the site's own layer was left out; protects nothing by itself.
    ///
    /// # Django
    /// `requires_csrf_token`.
    pub fn requires_csrf_token(mut self) -> Self {
        let and_token = |mode: CsrfMode| mode.and_require_token();
        self.flags.csrf = Some(self.flags.csrf.map_or(CsrfMode::RequiresToken, and_token));
        self
    }

    /// Only in no frame at all.
    ///
    /// # Django
    /// `xframe_options_deny`.
    pub fn xframe_options_deny(self) -> Self {
        self.frame_options(XFrameOptions::Deny)
    }

    /// Only in frames of the same site.
    ///
    /// # Django
    /// `xframe_options_sameorigin`.
    pub fn xframe_options_sameorigin(self) -> Self {
        self.frame_options(XFrameOptions::SameOrigin)
    }

    /// In frames of anybody.
    ///
    /// # Security
    /// Another site can lay its page over this one, and let visitors click what they do not see.
    ///
    /// # Django
    /// `xframe_options_exempt`.
    pub fn xframe_options_exempt(self) -> Self {
        self.frame_options(XFrameOptions::Exempt)
    }

    /// Says which pages may frame the view.
    pub fn frame_options(mut self, frame: XFrameOptions) -> Self {
        self.flags.frame = Some(frame);
        self
    }

    /// Enforces this Content-Security-Policy instead of the site's; an empty one sends none.
    ///
    /// ```
    /// use nuages_security::csp::{Policy, SELF};
    /// use nuages_web::{Urls, get};
    ///
    /// let maps = Policy::new().directive("default-src", [SELF]).directive("img-src", ["https://maps.example"]);
    /// let urls = Urls::new().path("map/", get(async || "map").csp_override(&maps), "map");
    /// # let _ = urls;
    /// ```
    ///
    /// # Django
    /// `csp_override`.
    pub fn csp_override(self, policy: &Policy) -> Self {
        self.csp(CspOverride::new().enforce(policy))
    }

    /// Reports violations of this Content-Security-Policy instead of the site's; an empty one sends none.
    ///
    /// # Django
    /// `csp_report_only_override`.
    pub fn csp_report_only_override(self, policy: &Policy) -> Self {
        self.csp(CspOverride::new().report_only(policy))
    }

    fn csp(mut self, wanted: CspOverride) -> Self {
        let known = self.flags.csp.take().unwrap_or_default();
        self.flags.csp = Some(wanted.or(known));
        self
    }

    /// Never redirects to this view by appending a slash.
    ///
    /// # Django
    /// `no_append_slash`.
    pub fn no_append_slash(mut self) -> Self {
        self.flags.append_slash = false;
        self
    }

    /// The name of the route, when `path` is given none.
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.name = Some(name.into());
        self
    }

    pub(super) fn own_name(&self) -> Option<&str> {
        self.name.as_deref()
    }

    /// What the route asks of the layers.
    pub fn flags(&self) -> &RouteFlags {
        &self.flags
    }

    /// The methods served, in Django's order; empty when every method is.
    pub fn methods(&self) -> Vec<Method> {
        if self.any.is_some() {
            return Vec::new();
        }
        let serves =
            |wanted: &Method| *wanted == Method::OPTIONS || self.endpoint_for(wanted).is_some();
        if let Some(names) = &self.method_names {
            return names.iter().filter(|name| serves(name)).cloned().collect();
        }
        let mut methods: Vec<Method> = METHODS.into_iter().filter(serves).collect();
        for (method, _) in &self.endpoints {
            if !methods.contains(method) {
                methods.push(method.clone());
            }
        }
        methods
    }

    /// The value of `Allow`.
    pub fn allow(&self) -> String {
        let methods = self.methods();
        let names: Vec<&str> = methods.iter().map(Method::as_str).collect();
        names.join(", ")
    }

    fn endpoint_for(&self, method: &Method) -> Option<&Endpoint> {
        let find = |wanted: &Method| {
            self.endpoints
                .iter()
                .find(|(known, _)| known == wanted)
                .map(|(_, endpoint)| endpoint)
        };
        find(method)
            .or_else(|| (*method == Method::HEAD).then(|| find(&Method::GET))?)
            .or(self.any.as_ref())
    }

    /// Wraps the view in its layers, once, when the table is frozen.
    pub(super) fn seal(mut self) -> Self {
        if !self.layers.is_empty() {
            let layers = std::mem::take(&mut self.layers);
            let bare = self.clone();
            let inner = SharedService::new(tower::service_fn(move |req| bare.respond_bare(req)));
            self.layered = Some(layers.iter().fold(inner, |inner, layer| layer(inner)));
        }
        self
    }

    /// Answers a request.
    pub(crate) fn respond(&self, req: Request<Body>) -> ResponseFuture {
        match &self.layered {
            Some(service) => service.respond(req),
            None => self.respond_bare(req),
        }
    }

    fn respond_bare(&self, mut req: Request<Body>) -> ResponseFuture {
        if let Some(upper) = in_capitals(req.method()) {
            *req.method_mut() = upper;
        }
        if let Some(required) = &self.required
            && !required.iter().any(|name| name == req.method().as_str())
        {
            let response = not_allowed(&required.join(", "));
            return Box::pin(async move { Ok(response) });
        }
        let is_named = |names: &Arc<[Method]>| names.contains(req.method());
        let found = match &self.method_names {
            Some(names) if !is_named(names) => {
                let response = not_allowed(&self.allow());
                return Box::pin(async move { Ok(response) });
            }
            _ => self.endpoint_for(req.method()),
        };
        match found {
            Some(endpoint) if req.method() == Method::HEAD => {
                let response = endpoint(req);
                Box::pin(async move { response.await.map(without_body) })
            }
            Some(endpoint) => endpoint(req),
            None => {
                let response = self.refuse_method(req.method());
                Box::pin(async move { Ok(response) })
            }
        }
    }

    #[cold]
    fn refuse_method(&self, method: &Method) -> Response<Body> {
        let mut response = not_allowed(&self.allow());
        if *method == Method::OPTIONS {
            *response.status_mut() = StatusCode::OK;
            let headers = response.headers_mut();
            headers.insert(CONTENT_LENGTH, HeaderValue::from_static("0"));
        }
        response
    }
}

/// 405, with the methods that are served.
#[cold]
fn not_allowed(allow: &str) -> Response<Body> {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::METHOD_NOT_ALLOWED;
    // Method names are tokens: always a valid header value.
    if let Ok(allow) = HeaderValue::try_from(allow) {
        response.headers_mut().insert(ALLOW, allow);
    }
    response
}

/// The method that a name in small letters stands for; Django does not tell them apart.
fn in_capitals(method: &Method) -> Option<Method> {
    let is_small = method
        .as_str()
        .bytes()
        .any(|byte| byte.is_ascii_lowercase());
    is_small.then(|| method.as_str().to_ascii_uppercase().parse().ok())?
}

/// The answer to HEAD: the headers of GET with the length of its body, and no body.
fn without_body(response: Response<Body>) -> Response<Body> {
    let (mut parts, body) = response.into_parts();
    if let Some(length) = http_body::Body::size_hint(&body).exact() {
        parts
            .headers
            .entry(CONTENT_LENGTH)
            .or_insert_with(|| length.into());
    }
    Response::from_parts(parts, Body::empty())
}

impl fmt::Debug for View {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("View")
            .field("methods", &self.methods())
            .field("flags", &self.flags)
            .finish_non_exhaustive()
    }
}
