//! The layer that sets `X-Frame-Options`.

use axum_core::body::Body;
use http::header::{HeaderValue, X_FRAME_OPTIONS};
use http::{Request, Response};

use crate::fixed::fixed_value;
use crate::{Enter, Leave, Middleware, Wrapped, tower_layer};

/// What one route or response wants instead of the setting: put it in the extensions of the request
/// (the url resolver does) or of the response; the response's wins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum XFrameOptions {
    /// In no frame.
    Deny,
    /// Only in frames of the same site.
    SameOrigin,
    /// No header: in frames of anybody.
    Exempt,
}

/// Sets `X-Frame-Options` on every response that has none.
///
/// # Security
/// `SAMEORIGIN` and `Exempt` do not lift a `frame-ancestors` of a Content-Security-Policy.
#[derive(Debug, Clone)]
pub struct FrameOptionsLayer {
    /// What responses get whose route asks for nothing.
    value: Option<HeaderValue>,
}

impl FrameOptionsLayer {
    /// A layer with the value of the setting `x_frame_options`; one that no header can hold is `DENY`.
    pub fn new(x_frame_options: &str) -> Self {
        Self {
            value: Some(
                fixed_value(&x_frame_options.to_uppercase())
                    .unwrap_or_else(|_| HeaderValue::from_static("DENY")),
            ),
        }
    }

    /// A layer that sets the header only where a route or response asks for one.
    ///
    /// # Django
    /// The decorators `xframe_options_deny` and `xframe_options_sameorigin` without the middleware.
    pub fn only_where_asked() -> Self {
        Self { value: None }
    }
}

impl Default for FrameOptionsLayer {
    fn default() -> Self {
        Self::new("DENY")
    }
}

tower_layer!(FrameOptionsLayer);

/// The service of [`FrameOptionsLayer`].
pub type FrameOptions<S> = Wrapped<FrameOptionsLayer, S>;

impl Middleware for FrameOptionsLayer {
    type Kept = Option<XFrameOptions>;

    fn enter(&self, req: &mut Request<Body>) -> Enter<Self::Kept> {
        Enter::Pass(req.extensions().get().copied())
    }

    fn leave(&self, route: Self::Kept, res: &mut Response<Body>) -> Leave {
        let value = match res.extensions().get::<XFrameOptions>().copied().or(route) {
            None => self.value.clone(),
            Some(XFrameOptions::Deny) => Some(HeaderValue::from_static("DENY")),
            Some(XFrameOptions::SameOrigin) => Some(HeaderValue::from_static("SAMEORIGIN")),
            Some(XFrameOptions::Exempt) => None,
        };
        if let Some(value) = value {
            res.headers_mut().entry(X_FRAME_OPTIONS).or_insert(value);
        }
        Leave::Done
    }
}
