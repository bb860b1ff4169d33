//! CSRF: a page of another site cannot act in the name of a visitor who is logged in here.
//!
//! A browser sends our cookies along with a form that another site has written. So every request
//! that may change something (any method but GET, HEAD, OPTIONS and TRACE) has to prove that a page
//! of ours made it:
//!
//! 1. `Origin`, or over HTTPS `Referer`, is ours or one of `csrf_trusted_origins`;
//! 2. the browser does not call the request foreign (`Sec-Fetch-Site`);
//! 3. a token made of the secret in the visitor's cookie (or session) comes with the form, in the
//!    field `csrfmiddlewaretoken`, or with a script's request, in the header `X-CSRFToken`.
//!
//! ```
//! use axum::{Extension, Router, body::Body, http::Request, response::Html, routing::get};
//! use nuages_security::csrf::{CsrfLayer, CsrfSettings, CsrfToken};
//! use tower::ServiceExt;
//!
//! async fn form(Extension(token): Extension<CsrfToken>) -> Html<String> {
//!     Html(format!(
//!         "<form method=post><input type=hidden name=csrfmiddlewaretoken value={}>…",
//!         token.get()
//!     ))
//! }
//! let app: Router = Router::new()
//!     .route("/", get(form).post(|| async { "done" }))
//!     .layer(CsrfLayer::new(&CsrfSettings::default()));
//!
//! # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
//! let forged = Request::post("/").header("host", "example.com").body(Body::empty()).unwrap();
//! assert_eq!(app.oneshot(forged).await.unwrap().status(), 403);
//! # });
//! ```
//!
//! # Deployment
//! On an HTTPS site set `csrf_cookie_secure`. Behind a proxy see [`hosts`](crate::hosts): host and
//! scheme have to be right for the origin to match.
//!
//! # Security
//! The token does not help against scripts injected into our own pages: see [`csp`](crate::csp).
//! In a multipart form the token has to come before large files: it is looked for in the first
//! `data_upload_max_memory_size` bytes. `{% csrf_token %}` right after `<form>` does that. A script that
//! uploads sends it in the header: then no file is waited for, and the upload streams from its first byte.
//!
//! # Django
//! `CsrfViewMiddleware`, with its settings, tokens, cookies and reasons. The second rule is ours.

mod body;
mod failure;
mod guard;
mod layer;
mod mode;
mod origin;
mod settings;
mod store;
mod token;
mod verify;

pub use failure::{FailureContext, FailureHandler, FailureView, failure_page, words};
pub use layer::{Csrf, CsrfLayer};
pub use mode::{CsrfMode, InsecureSkipCsrf};
pub use origin::{Source, TrustedOrigins, verify_source};
pub use settings::CsrfSettings;
pub use store::{SecretStore, SessionSecret, StoreError};
pub use token::{CsrfSecret, CsrfToken, InvalidFormat};
pub use verify::{Rejection, verify_secret, verify_token};
