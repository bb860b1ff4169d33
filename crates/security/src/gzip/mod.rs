//! GZip: shorter responses, padded so that their length tells nothing.
//!
//! ```
//! use axum::{Router, routing::get};
//! use nuages_security::gzip::GzipLayer;
//!
//! let app: Router = Router::new()
//!     .route("/", get(|| async { "a long page".repeat(100) }))
//!     .layer(GzipLayer::new());
//! ```
//!
//! # Security
//! Who can put text into a page and see how long its compressed form is learns the secrets beside that text,
//! letter by letter (BREACH). The random length of a file name that nobody reads hides small differences, and
//! the CSRF token looks different each time. It makes the attack longer, not impossible: do not compress pages
//! that hold other secrets beside text of strangers.
//!
//! # Django
//! `GZipMiddleware`. An `Accept-Encoding` of `gzip;q=0` is a refusal here, and event streams and parts of
//! files are left alone.

mod body;
mod encoder;
mod layer;
mod settings;
mod verify;

pub use layer::{Gzip, GzipLayer};
pub use settings::GzipSettings;
