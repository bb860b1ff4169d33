//! HTTPS and the headers that make browsers careful.
//!
//! - a redirect from HTTP to HTTPS (`secure_ssl_redirect`),
//! - `Strict-Transport-Security` on HTTPS responses (`secure_hsts_seconds`),
//! - `X-Content-Type-Options: nosniff`, `Referrer-Policy`, `Cross-Origin-Opener-Policy`.
//!
//! A header that a view has set itself is left as it is.
//!
//! # Deployment
//! Begin HSTS with a small number of seconds: browsers remember it, and there is no way back.
//!
//! # Django
//! `SecurityMiddleware` with its settings and defaults.

mod layer;
mod settings;
mod verify;

pub use layer::{SecurityHeaders, SecurityHeadersLayer};
pub use settings::{HeadersSettings, ReferrerPolicy};
