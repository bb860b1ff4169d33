//! Content-Security-Policy: what a page may load and run, so that injected markup stays harmless.
//!
//! A site that sets nothing gets [`Policy::strict`]: everything from its own origin, scripts and
//! styles inside a page only with the nonce of the response. In a template:
//! `<script nonce="{{ csp_nonce }}">`.
//!
//! ```
//! use nuages_security::csp::{CspSettings, NONCE, Policy, SELF};
//!
//! let settings = CspSettings {
//!     secure_csp: Some(Policy::new().directive("default-src", [SELF]).directive("script-src", [SELF, NONCE])),
//!     ..Default::default()
//! };
//! let policy = settings.secure_csp.unwrap();
//! assert_eq!(policy.build(None), "default-src 'self'; script-src 'self'");
//! assert_eq!(policy.build(Some("r4nd0m")), "default-src 'self'; script-src 'self' 'nonce-r4nd0m'");
//! ```
//!
//! # Django
//! `ContentSecurityPolicyMiddleware`, `SECURE_CSP`, `SECURE_CSP_REPORT_ONLY`, `django.utils.csp`.
//! There no policy is set by default; here a strict one is. To send none: `secure_csp = {}`.
//! A value with a semicolon, which would begin another directive, is an error here.

mod layer;
mod nonce;
mod policy;
mod report;
mod settings;

pub use layer::{Csp, CspLayer, CspOverride};
pub use nonce::Nonce;
pub use policy::{
    NONCE, NONE, Policy, PolicyError, REPORT_SAMPLE, SELF, STRICT_DYNAMIC, UNSAFE_EVAL,
    UNSAFE_HASHES, UNSAFE_INLINE, WASM_UNSAFE_EVAL,
};
pub use report::{Violation, csp_report, parse_reports, read_reports};
pub use settings::CspSettings;
