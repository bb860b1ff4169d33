//! Nuages' protections in a plain axum app, which knows nothing of the rest of the framework.
//!
//! ```sh
//! cargo run -p bare-axum     # then open http://localhost:3000/
//! ```
//!
//! A guest book: the form is protected against CSRF, the page carries the security headers and a
//! Content-Security-Policy whose nonce its own style uses.

mod page;

use std::sync::{Arc, Mutex};

use axum::extract::{Form, State};
use axum::response::{Html, Redirect};
use axum::routing::get;
use axum::{Extension, Router};
use nuages_security::csp::{CspLayer, CspSettings, Nonce};
use nuages_security::csrf::{CsrfLayer, CsrfSettings, CsrfToken};
use nuages_security::frame::FrameOptionsLayer;
use nuages_security::headers::{HeadersSettings, SecurityHeadersLayer};
use nuages_security::hosts::{HostsLayer, HostsSettings};

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
        .layer(CspLayer::new(&CspSettings::default()))
        .layer(FrameOptionsLayer::default())
        .layer(SecurityHeadersLayer::new(&HeadersSettings::default()))
        .layer(HostsLayer::new(&hosts))
}

async fn show(
    State(book): State<Book>,
    Extension(token): Extension<CsrfToken>,
    Extension(nonce): Extension<Nonce>,
) -> Html<String> {
    let entries = book.lock().map(|book| book.clone()).unwrap_or_default();
    Html(page::guest_book(&entries, &token.get(), nonce.get()))
}

#[derive(serde::Deserialize)]
struct Entry {
    text: String,
}

async fn sign(State(book): State<Book>, Form(entry): Form<Entry>) -> Redirect {
    if let Ok(mut book) = book.lock() {
        book.push(entry.text);
    }
    Redirect::to("/")
}

#[cfg(test)]
mod tests;
