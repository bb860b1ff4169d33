//! Nuages' templates in a plain axum app, which knows nothing of the rest of the framework.
//!
//! ```sh
//! cargo run -p axum-templates     # then open http://127.0.0.1:3000/
//! ```
//!
//! A list of books and a page for each: templates in a folder, a filter of its own, links by name.

mod services;

use axum::Router;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use nuages_template::{
    Context, Engine, Error, FileSystemLoader, Filter, Library, ToValue, Value, context,
};
use services::Services;

/// What templates may see of a book.
#[derive(ToValue)]
struct Book {
    title: &'static str,
    by: &'static str,
    pages: u32,
}

const BOOKS: [Book; 3] = [
    Book {
        title: "Candide",
        by: "Voltaire",
        pages: 129,
    },
    Book {
        title: "Sense & Sensibility",
        by: "Jane Austen",
        pages: 409,
    },
    Book {
        title: "Ulysses",
        by: "James Joyce",
        pages: 736,
    },
];

#[tokio::main]
async fn main() -> std::io::Result<()> {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:3000").await?;
    axum::serve(listener, app()).await
}

fn app() -> Router {
    Router::new()
        .route("/", get(list))
        .route("/books/{id}/", get(book))
        .with_state(engine())
}

/// Made once: every request uses the same compiled templates.
fn engine() -> Engine {
    let hours = Filter::new("hours", |pages, _| {
        Ok(Value::from(pages.as_int().unwrap_or(0) / 30))
    });
    Engine::builder()
        .loader(FileSystemLoader::new([concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/templates"
        )]))
        .library(Library::new().filter(hours))
        .debug(cfg!(debug_assertions))
        .build()
}

async fn list(State(engine): State<Engine>) -> Result<Html<String>, Failed> {
    page(&engine, "books/list.html", &context! { books: &BOOKS })
}

async fn book(State(engine): State<Engine>, Path(id): Path<usize>) -> Result<Response, Failed> {
    let Some(book) = BOOKS.get(id) else {
        return Ok(StatusCode::NOT_FOUND.into_response());
    };
    Ok(page(&engine, "books/book.html", &context! { book })?.into_response())
}

fn page(engine: &Engine, name: &str, context: &Context<'_>) -> Result<Html<String>, Failed> {
    let html = engine.get_template(name)?.render(context, &Services)?;
    Ok(Html(html))
}

/// A page that cannot be rendered: the details are for the log, the visitor sees the status only.
struct Failed(Error);

impl From<Error> for Failed {
    fn from(error: Error) -> Self {
        Self(error)
    }
}

impl IntoResponse for Failed {
    #[expect(clippy::print_stderr, reason = "the log of this example")]
    fn into_response(self) -> Response {
        eprintln!("{}", self.0);
        StatusCode::INTERNAL_SERVER_ERROR.into_response()
    }
}

#[cfg(test)]
mod tests;
