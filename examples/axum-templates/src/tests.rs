//! The pages, as a browser gets them; and all templates parse.

use axum::body::Body;
use axum::http::{Request, StatusCode};
use http_body_util::BodyExt;
use nuages_template::FolderCheck;
use tower::ServiceExt;

async fn visit(path: &str) -> (StatusCode, String) {
    let request = Request::get(path).body(Body::empty()).unwrap();
    let response = super::app().oneshot(request).await.unwrap();
    let status = response.status();
    let body = response.into_body().collect().await.unwrap().to_bytes();
    (status, String::from_utf8(body.to_vec()).unwrap())
}

#[tokio::test]
async fn the_list_links_each_book_and_escapes_its_title() {
    let (status, html) = visit("/").await;
    assert_eq!(status, StatusCode::OK);
    assert!(html.contains("<title>Books</title>"), "{html}");
    let link = "<a href=\"/books/1/\">Sense &amp; Sensibility</a>, Jane Austen";
    assert!(html.contains(link), "{html}");
}

#[tokio::test]
async fn a_book_extends_the_frame_and_uses_the_filter_of_the_app() {
    let (status, html) = visit("/books/2/").await;
    assert_eq!(status, StatusCode::OK);
    assert!(html.contains("<title>Ulysses - Books</title>"), "{html}");
    assert!(html.contains("736 pages, 24 hours"), "{html}");
}

#[tokio::test]
async fn a_book_that_is_not_there_is_a_404() {
    assert_eq!(visit("/books/9/").await.0, StatusCode::NOT_FOUND);
}

#[test]
fn every_template_parses() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/templates");
    let found = FolderCheck::run(&super::engine(), folder.as_ref()).unwrap();
    assert_eq!(found.templates(), 3);
    assert!(found.mistakes().is_empty(), "{:?}", found.mistakes());
}
