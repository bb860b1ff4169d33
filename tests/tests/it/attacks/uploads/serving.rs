//! U8, U9, U15: what is given out again.

use nuages::prelude::*;
use nuages::testing::TestSite;

use super::target::{CANARY, Folder, Target, file};

#[tokio::test]
async fn u8_cve_2009_2659_no_path_leads_out_of_the_folder() {
    let target = Target::new().await;
    std::fs::write(target.folder.media().join(".hidden"), CANARY).unwrap();
    std::fs::create_dir(target.folder.media().join("folder")).unwrap();
    let long = format!("/media/{}", "a/".repeat(5000));
    for path in [
        "/media/../canary.txt",
        "/media/%2e%2e/canary.txt",
        "/media/%2e%2e%2fcanary.txt",
        "/media/%252e%252e/canary.txt",
        "/media/..%5ccanary.txt",
        "/media//etc/passwd",
        "/media/%2fetc/passwd",
        "/media/a/../../canary.txt",
        "/media/C:/canary.txt",
        "/media/canary.txt%00",
        "/media/.hidden",
        "/media/folder",
        "/media/folder/",
        "/media/",
        &long,
    ] {
        let answer = target.client().get(path).await;
        assert_eq!(answer.status(), 404, "{path}");
        assert!(!answer.text().contains(CANARY), "{path}");
    }
}

#[tokio::test]
async fn u8_no_path_leads_out_of_the_static_files() {
    let folder = Folder::new();
    std::fs::write(folder.media().join("site.css"), "body {}").unwrap();
    std::fs::write(folder.media().join(".env"), CANARY).unwrap();
    std::fs::create_dir(folder.media().join("folder")).unwrap();
    let folders = vec![folder.media().display().to_string()];
    let site = TestSite::with(Site::new(), |settings| {
        settings.set("debug", true).unwrap();
        settings.set("staticfiles_dirs", folders).unwrap();
    })
    .await;
    let mut client = site.client();
    assert_eq!(
        client.get("/static/site.css").await.text(),
        "body {}",
        "the pair"
    );
    let long = format!("/static/{}", "a/".repeat(3000));
    for path in [
        "/static/../canary.txt",
        "/static/%2e%2e/canary.txt",
        "/static/%2e%2e%2fcanary.txt",
        "/static/%252e%252e/canary.txt",
        "/static/..%5ccanary.txt",
        "/static//etc/passwd",
        "/static/%2fetc%2fpasswd",
        "/static/a/../../canary.txt",
        "/static/../static.py",
        "/static/C:/canary.txt",
        "/static/canary.txt%00",
        "/static/%00",
        "/static/.env",
        "/static/folder",
        "/static/folder/",
        "/static/",
        &long,
    ] {
        let answer = client.get(path).await;
        assert_eq!(answer.status(), 404, "{path}");
        assert!(!answer.text().contains(CANARY), "{path}");
        assert!(
            !answer.text().contains("site.css"),
            "{path}: no folder is listed"
        );
    }
}

#[tokio::test]
async fn u8_pair_what_is_in_the_folder_is_served() {
    let target = Target::new().await;
    let name = target
        .post("/keep/", &[file("note.txt", "hello")])
        .await
        .text();
    let answer = target.client().get(&format!("/media/{name}")).await;
    assert_eq!(
        (answer.status().as_u16(), answer.text().as_str()),
        (200, "hello")
    );
    let mut client = target.client();
    let part = client
        .get(&format!("/media/{name}"))
        .header("range", "bytes=1-2")
        .await;
    assert_eq!((part.status().as_u16(), part.text().as_str()), (206, "el"));
    assert_eq!(part.header("content-range"), "bytes 1-2/5");
    let etag = answer.header("etag").to_owned();
    let known = client
        .get(&format!("/media/{name}"))
        .header("if-none-match", etag)
        .await;
    assert_eq!(known.status(), 304);
}

const PAGE: &str = "<script>alert(document.domain)</script>";

#[tokio::test]
async fn u9_what_a_browser_could_run_is_an_attachment() {
    let target = Target::new().await;
    for name in [
        "a.html", "a.svg", "a.xml", "a.pdf", "a", "a.HTML", "a.xhtml", "a.js", "a.mjs",
    ] {
        let stored = target.post("/keep/", &[file(name, PAGE)]).await.text();
        let answer = target.client().get(&format!("/media/{stored}")).await;
        assert_eq!(answer.status(), 200, "{name}");
        assert_eq!(
            answer.header("content-type"),
            "application/octet-stream",
            "{name}"
        );
        let disposition = answer.header("content-disposition");
        assert!(
            disposition.starts_with("attachment; filename="),
            "{name}: {disposition}"
        );
        assert_eq!(answer.header("x-content-type-options"), "nosniff", "{name}");
        assert_eq!(
            answer.header("content-security-policy"),
            "default-src 'none'; sandbox"
        );
    }
    let stored = target.post("/keep/", &[file("a.png", PAGE)]).await.text();
    let image = target.client().get(&format!("/media/{stored}")).await;
    assert_eq!(image.header("content-type"), "image/png");
    assert_eq!(image.header("x-content-type-options"), "nosniff");
    assert!(image.header("content-disposition").starts_with("inline"));
}

#[tokio::test]
async fn u9_pair_a_careless_site_serves_the_page_as_its_own() {
    let target = Target::new().await;
    let stored = target.post("/keep/", &[file("a.html", PAGE)]).await.text();
    let answer = target.client().get(&format!("/careless/{stored}")).await;
    assert!(answer.header("content-type").starts_with("text/html"));
    assert_eq!(answer.text(), PAGE);
}

#[tokio::test]
async fn u9_cve_2022_36359_the_name_of_a_download_cannot_leave_its_quotes() {
    for (name, header) in [
        (
            "x\";\\\" dummy\".txt",
            r#"attachment; filename="x\";\\\" dummy\".txt""#,
        ),
        (
            "a\nSet-Cookie: b",
            "attachment; filename*=utf-8''a%0ASet-Cookie%3A%20b",
        ),
        (
            "\u{202e}txt.exe",
            "attachment; filename*=utf-8''%E2%80%AEtxt.exe",
        ),
    ] {
        let value = nuages::web::content_disposition(true, name).unwrap();
        assert_eq!(value.to_str().unwrap(), header);
    }
}
