//! Static files, downloads, streams.

use std::path::PathBuf;

use axum::body::Body;
use axum::response::IntoResponse;
use http::Request;
use nuages_web::{FileResponse, SharedService, StaticFiles, StreamResponse, Urls, get};

use super::{get as fetch, get_text, header, send, serve, site, text};

/// A folder with files, and a secret beside it.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let root = std::env::temp_dir().join(format!("nuages-web-{name}-{}", std::process::id()));
        std::fs::create_dir_all(root.join("static/css")).unwrap();
        std::fs::write(root.join("static/css/site.css"), "body { color: red }").unwrap();
        std::fs::write(root.join("static/.hidden"), "canary").unwrap();
        std::fs::write(root.join("secret.txt"), "canary").unwrap();
        Self(root)
    }

    fn serve(&self) -> SharedService {
        const EMBEDDED: &[u8] = b"embedded";
        let files = StaticFiles::new([self.0.join("static")], [("admin/base.js", EMBEDDED)]);
        let urls = Urls::new().path("<path:all>", get(async || "catch-all"), None);
        serve(site(&[], urls).with_static_files(files))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

#[tokio::test]
async fn static_files_come_from_folders_and_from_the_program() {
    let folder = Folder::new("served");
    let service = folder.serve();
    let css = fetch(&service, "/static/css/site.css").await;
    assert_eq!(css.status(), 200);
    assert_eq!(header(&css, "content-type"), "text/css; charset=utf-8");
    assert_eq!(header(&css, "x-content-type-options"), "nosniff");
    assert_eq!(header(&css, "content-length"), "19");
    assert_eq!(text(css).await, "body { color: red }");
    assert_eq!(
        get_text(&service, "/static/admin/base.js").await.1,
        "embedded"
    );
    assert_eq!(get_text(&service, "/static/css").await.0, 404);
    assert_eq!(get_text(&service, "/static/css/").await.0, 404);
    assert_eq!(get_text(&service, "/elsewhere").await.1, "catch-all");
}

#[tokio::test]
async fn no_path_leads_out_of_the_folder() {
    let folder = Folder::new("traversal");
    let service = folder.serve();
    let long = format!("/static/{}", "a".repeat(10_000));
    for path in [
        "/static/../secret.txt",
        "/static/%2e%2e/secret.txt",
        "/static/%2e%2e%2fsecret.txt",
        "/static/%252e%252e/secret.txt",
        "/static/..%5csecret.txt",
        "/static//etc/passwd",
        "/static/%2Fetc/passwd",
        "/static/css/../../secret.txt",
        "/static/C:/secret.txt",
        "/static/%00",
        "/static/css/site.css%00.txt",
        "/static/.hidden",
        "/static/./css/site.css",
        "/static/",
        &long,
    ] {
        let (status, body) = get_text(&service, path).await;
        assert_eq!(status, 404, "{path}");
        assert!(
            !body.contains("canary") && !body.contains("root:"),
            "{path}"
        );
    }
    // Without the check of names the same path leads to the secret.
    let unchecked = FileResponse::open(folder.0.join("static").join("../secret.txt"))
        .await
        .unwrap();
    assert_eq!(text(unchecked.into_response()).await, "canary");
}

#[tokio::test]
async fn what_the_client_has_is_not_sent_again() {
    let folder = Folder::new("conditional");
    let service = folder.serve();
    let first = fetch(&service, "/static/css/site.css").await;
    let ask = async |name: &'static str, value: String| {
        let request = Request::get("/static/css/site.css")
            .header(name, value)
            .body(Body::empty());
        send(&service, request.unwrap()).await
    };
    assert_eq!(
        ask("if-none-match", header(&first, "etag").to_owned())
            .await
            .status(),
        304
    );
    assert_eq!(ask("if-none-match", "\"other\"".into()).await.status(), 200);
    assert_eq!(
        ask(
            "if-modified-since",
            header(&first, "last-modified").to_owned()
        )
        .await
        .status(),
        304
    );
    let part = ask("range", "bytes=5-8".into()).await;
    assert_eq!(
        (part.status().as_u16(), header(&part, "content-range")),
        (206, "bytes 5-8/19")
    );
    assert_eq!(text(part).await, "{ co");
    assert_eq!(ask("range", "bytes=100-".into()).await.status(), 416);
}

#[tokio::test]
async fn downloads_are_named_and_stream() {
    let urls = Urls::new()
        .path(
            "stream/",
            get(async || {
                let rows = futures_util::stream::iter(
                    (0..3).map(|n| Ok::<_, std::io::Error>(format!("{n}\n"))),
                );
                StreamResponse::new(rows)
                    .content_type("text/csv")
                    .attachment("a\"\r\nX: y.csv")
            }),
            None,
        )
        .path(
            "half/",
            get(async || {
                let pieces = [Ok("half"), Err(std::io::Error::other("gone"))];
                StreamResponse::new(futures_util::stream::iter(pieces))
            }),
            None,
        )
        .path(
            "file/",
            get(async || FileResponse::of_bytes("x.pdf", "pdf").attachment("é.pdf")),
            None,
        );
    let service = serve(site(&[], urls));
    let stream = fetch(&service, "/stream/").await;
    assert_eq!(
        header(&stream, "content-disposition"),
        "attachment; filename*=utf-8''a%22%0D%0AX%3A%20y.csv"
    );
    assert_eq!(text(stream).await, "0\n1\n2\n");
    let file = fetch(&service, "/file/").await;
    assert_eq!(header(&file, "content-type"), "application/pdf");
    assert_eq!(
        header(&file, "content-disposition"),
        "attachment; filename*=utf-8''%C3%A9.pdf"
    );
    // Nobody takes the half for the whole.
    let half = fetch(&service, "/half/").await;
    assert!(
        http_body_util::BodyExt::collect(half.into_body())
            .await
            .is_err()
    );
}
