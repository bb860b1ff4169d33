//! The layer that sets the policies.

use std::sync::Arc;

use axum_core::body::Body;
use http::header::{
    CONTENT_SECURITY_POLICY, CONTENT_SECURITY_POLICY_REPORT_ONLY, HeaderMap, HeaderName,
};
use http::{Request, Response};

use super::policy::Compiled;
use super::{CspSettings, Nonce, Policy};
use crate::{Enter, Leave, Middleware, Wrapped, tower_layer};

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
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CspOverride {
    enforce: Wanted,
    report_only: Wanted,
}

/// What an override says about one of the two headers.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
enum Wanted {
    #[default]
    Nothing,
    NoPolicy,
    Policy(Arc<Compiled>),
}

impl Wanted {
    fn or(self, otherwise: Self) -> Self {
        match self {
            Self::Nothing => otherwise,
            wanted => wanted,
        }
    }

    fn new(policy: &Policy) -> Self {
        policy
            .compile()
            .map_or(Self::NoPolicy, |compiled| Self::Policy(Arc::new(compiled)))
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

    /// What this override leaves open as `other` has it.
    ///
    /// ```
    /// use nuages_security::csp::{CspOverride, Policy, SELF};
    ///
    /// let policy = Policy::new().directive("default-src", [SELF]);
    /// let both = CspOverride::new().enforce(&policy).or(CspOverride::new().report_only(&policy));
    /// assert_eq!(both, CspOverride::new().enforce(&policy).report_only(&policy));
    /// ```
    pub fn or(self, other: Self) -> Self {
        Self {
            enforce: self.enforce.or(other.enforce),
            report_only: self.report_only.or(other.report_only),
        }
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

tower_layer!(CspLayer);

/// The service of [`CspLayer`].
pub type Csp<S> = Wrapped<CspLayer, S>;

impl Middleware for CspLayer {
    type Kept = (Nonce, Option<Box<CspOverride>>);

    fn enter(&self, req: &mut Request<Body>) -> Enter<Self::Kept> {
        let route = req.extensions().get::<CspOverride>();
        let route = route.map(|route| Box::new(route.clone()));
        let nonce = Nonce::new();
        req.extensions_mut().insert(nonce.clone());
        Enter::Pass((nonce, route))
    }

    fn leave(&self, (nonce, route): Self::Kept, res: &mut Response<Body>) -> Leave {
        let own = res.extensions_mut().remove::<CspOverride>();
        let wanted = [own.as_ref(), route.as_deref()];
        let enforce = chosen(
            wanted.map(|it| it.map(|it| &it.enforce)),
            self.enforce.as_deref(),
        );
        let report = chosen(
            wanted.map(|it| it.map(|it| &it.report_only)),
            self.report_only.as_deref(),
        );
        let headers = res.headers_mut();
        set(headers, CONTENT_SECURITY_POLICY, enforce, &nonce);
        set(headers, CONTENT_SECURITY_POLICY_REPORT_ONLY, report, &nonce);
        Leave::Done
    }
}

/// The policy of the first that says anything, else that of the settings.
fn chosen<'p>(
    wanted: [Option<&'p Wanted>; 2],
    default: Option<&'p Compiled>,
) -> Option<&'p Compiled> {
    for wanted in wanted.into_iter().flatten() {
        match wanted {
            Wanted::Nothing => {}
            Wanted::NoPolicy => return None,
            Wanted::Policy(policy) => return Some(policy),
        }
    }
    default
}

fn set(headers: &mut HeaderMap, name: HeaderName, policy: Option<&Compiled>, nonce: &Nonce) {
    if let Some(policy) = policy {
        headers
            .entry(name)
            .or_insert_with(|| policy.value(nonce.used()));
    }
}
