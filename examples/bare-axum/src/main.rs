//! Nuages' protections in a plain axum app, which knows nothing of the rest of the framework.
//!
//! ```sh
//! cargo run -p bare-axum     # then open http://localhost:3000/
//! ```
//!
//! A guest book: the form is protected against CSRF, the page carries the security headers and a
//! Content-Security-Policy whose nonce its own style uses, and a session remembers who has signed.

mod page;

use std::sync::{Arc, Mutex};

use axum::extract::{Form, State};
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use axum::{Extension, Router};
use nuages_base::Clock;
use nuages_security::csp::{CspLayer, CspSettings, Nonce, csp_report};
use nuages_security::csrf::{CsrfLayer, CsrfSettings, CsrfToken};
use nuages_security::frame::FrameOptionsLayer;
use nuages_security::gzip::GzipLayer;
use nuages_security::headers::{HeadersSettings, SecurityHeadersLayer};
use nuages_security::hosts::{HostsLayer, HostsSettings};
use nuages_sessions::{MemoryStore, Session, SessionLayer, SessionSettings};

/// What guests have written.
type Book = Arc<Mutex<Vec<String>>>;

#[tokio::main]
async fn main() -> std::io::Result<()> {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:3000").await?;
    axum::serve(listener, app()).await
}

/// The routes, and the layers around them.
fn app() -> Router {
    let hosts = HostsSettings {
        allowed_hosts: vec!["localhost".to_owned()],
        ..HostsSettings::default()
    };
    Router::new()
        .route("/", get(show).post(sign))
        .with_state(Book::default())
        // Read from below: the last layer is the outermost, and sees a request first.
        .layer(CsrfLayer::new(&CsrfSettings::default()))
        // Outside of the CSRF layer: browsers send reports without a token.
        .route("/csp-report/", post(csp_report))
        .layer(SessionLayer::new(
            Arc::new(MemoryStore::new()),
            SessionSettings::default(),
            Clock::system(),
        ))
        .layer(CspLayer::new(&CspSettings::default()))
        .layer(FrameOptionsLayer::default())
        .layer(SecurityHeadersLayer::new(&HeadersSettings::default()))
        .layer(HostsLayer::new(&hosts))
        .layer(GzipLayer::new())
}

async fn show(
    State(book): State<Book>,
    Extension(token): Extension<CsrfToken>,
    Extension(nonce): Extension<Nonce>,
    session: Session,
) -> Result<Html<String>, Failed> {
    let signed = session.get("signed").await?.unwrap_or(0);
    let entries = book.lock().map(|book| book.clone()).unwrap_or_default();
    Ok(Html(page::guest_book(
        &entries,
        signed,
        &token.get(),
        nonce.get(),
    )))
}

#[derive(serde::Deserialize)]
struct Entry {
    text: String,
}

async fn sign(
    State(book): State<Book>,
    session: Session,
    Form(entry): Form<Entry>,
) -> Result<Redirect, Failed> {
    let signed: u32 = session.get("signed").await?.unwrap_or(0);
    session.set("signed", signed + 1).await?;
    if let Ok(mut book) = book.lock() {
        book.push(entry.text);
    }
    Ok(Redirect::to("/"))
}

/// What a handler may fail with; the visitor sees the status only.
struct Failed;

impl From<nuages_sessions::Error> for Failed {
    fn from(_: nuages_sessions::Error) -> Self {
        Self
    }
}

impl IntoResponse for Failed {
    fn into_response(self) -> Response {
        StatusCode::INTERNAL_SERVER_ERROR.into_response()
    }
}

#[cfg(test)]
mod tests;
