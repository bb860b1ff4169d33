//! The layer that sets the policies.

use std::convert::Infallible;
use std::sync::Arc;
use std::task::{Context, Poll};

use axum_core::body::Body;
use http::header::{
    CONTENT_SECURITY_POLICY, CONTENT_SECURITY_POLICY_REPORT_ONLY, HeaderMap, HeaderName,
};
use http::{Request, Response};
use tower_layer::Layer;
use tower_service::Service;

use super::policy::Compiled;
use super::{CspSettings, Nonce, Policy};
use crate::ResponseFuture;

/// Other policies for one route or response: put it in the extensions of the request (the url
/// resolver does) or of the response; the response's wins.
///
/// ```
/// use nuages_security::csp::{CspOverride, Policy, SELF};
///
/// let maps = Policy::new().directive("default-src", [SELF]).directive("img-src", ["https://maps.example"]);
/// let wanted = CspOverride::new().enforce(&maps);
/// // No policy at all, for a page that has to embed anything:
/// let none = CspOverride::new().enforce(&Policy::new());
/// # let _ = (wanted, none);
/// ```
///
/// # Django
/// `csp_override` and `csp_report_only_override`.
#[derive(Debug, Clone, Default)]
pub struct CspOverride {
    enforce: Wanted,
    report_only: Wanted,
}

/// What an override says about one of the two headers.
#[derive(Debug, Clone, Default)]
enum Wanted {
    #[default]
    Nothing,
    NoPolicy,
    Policy(Arc<Compiled>),
}

impl Wanted {
    fn new(policy: &Policy) -> Self {
        policy
            .compile()
            .map_or(Self::NoPolicy, |compiled| Self::Policy(Arc::new(compiled)))
    }

    fn or(self, otherwise: Self) -> Self {
        match self {
            Self::Nothing => otherwise,
            wanted => wanted,
        }
    }

    fn or_default(self, default: Option<Arc<Compiled>>) -> Option<Arc<Compiled>> {
        match self {
            Self::Nothing => default,
            Self::NoPolicy => None,
            Self::Policy(policy) => Some(policy),
        }
    }
}

impl CspOverride {
    /// Nothing overridden yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Enforces this policy instead; an empty one sends no header.
    pub fn enforce(mut self, policy: &Policy) -> Self {
        self.enforce = Wanted::new(policy);
        self
    }

    /// Reports the violations of this policy instead; an empty one sends no header.
    pub fn report_only(mut self, policy: &Policy) -> Self {
        self.report_only = Wanted::new(policy);
        self
    }
}

/// Puts a [`Nonce`] into requests and the policies on responses that have none.
///
/// ```
/// use axum::{Extension, Router, routing::get};
/// use axum::response::Html;
/// use nuages_security::csp::{CspLayer, CspSettings, Nonce};
///
/// async fn page(Extension(nonce): Extension<Nonce>) -> Html<String> {
///     Html(format!("<script nonce=\"{}\">start()</script>", nonce.get()))
/// }
/// let app: Router = Router::new()
///     .route("/", get(page))
///     .layer(CspLayer::new(&CspSettings::default()));
/// ```
#[derive(Debug, Clone)]
pub struct CspLayer {
    enforce: Option<Arc<Compiled>>,
    report_only: Option<Arc<Compiled>>,
}

impl CspLayer {
    /// A layer with these policies.
    pub fn new(settings: &CspSettings) -> Self {
        let compile = |policy: &Option<Policy>| {
            policy
                .as_ref()
                .and_then(|policy| policy.compile().map(Arc::new))
        };
        Self {
            enforce: compile(&settings.secure_csp),
            report_only: compile(&settings.secure_csp_report_only),
        }
    }
}

impl<S> Layer<S> for CspLayer {
    type Service = Csp<S>;

    fn layer(&self, inner: S) -> Csp<S> {
        Csp {
            inner,
            layer: self.clone(),
        }
    }
}

/// The service of [`CspLayer`].
#[derive(Debug, Clone)]
pub struct Csp<S> {
    inner: S,
    layer: CspLayer,
}

impl<S> Service<Request<Body>> for Csp<S>
where
    S: Service<Request<Body>, Response = Response<Body>, Error = Infallible>,
    S::Future: Send + 'static,
{
    type Response = Response<Body>;
    type Error = Infallible;
    type Future = ResponseFuture;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, mut req: Request<Body>) -> ResponseFuture {
        let layer = self.layer.clone();
        let route = req.extensions().get::<CspOverride>().cloned();
        let nonce = Nonce::new();
        req.extensions_mut().insert(nonce.clone());
        let response = self.inner.call(req);
        Box::pin(async move {
            let mut res = response.await?;
            let wanted = res
                .extensions_mut()
                .remove::<CspOverride>()
                .unwrap_or_default();
            let route = route.unwrap_or_default();
            let enforce = wanted.enforce.or(route.enforce).or_default(layer.enforce);
            let report = wanted
                .report_only
                .or(route.report_only)
                .or_default(layer.report_only);
            let headers = res.headers_mut();
            set(headers, CONTENT_SECURITY_POLICY, enforce.as_deref(), &nonce);
            let name = CONTENT_SECURITY_POLICY_REPORT_ONLY;
            set(headers, name, report.as_deref(), &nonce);
            Ok(res)
        })
    }
}

fn set(headers: &mut HeaderMap, name: HeaderName, policy: Option<&Compiled>, nonce: &Nonce) {
    if let Some(policy) = policy {
        headers
            .entry(name)
            .or_insert_with(|| policy.value(nonce.used()));
    }
}
