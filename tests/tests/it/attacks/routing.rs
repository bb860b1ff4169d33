//! H8: targets that one part of a server takes for this path, and another for that.

use nuages::Onion;
use nuages::prelude::*;
use nuages::testing::TestSite;

use super::wire::raw::exchange;

const SECRET: &str = "the papers of the house";

/// Spellings of `/private/`, of a page below it, and of what looks like them.
const TARGETS: &[&str] = &[
    "/private/",
    "/private/%0a",
    "/private%0a",
    "/%70rivate/",
    "/%70%72%69%76%61%74%65/",
    "/private%2f",
    "/private/..;/",
    "/..;/private/",
    "/PRIVATE/",
    "/Private/",
    "//private/",
    "///private///",
    "/./private/",
    "/x/../private/",
    "/%2e/private/",
    "/%2e%2e/private/",
    "/private;a=b/",
    "/private/;a=b",
    "/private/.",
    "/private/%2e",
    "/private/%00",
    "/private/?x=/public/",
    "/private\\",
    "/%5cprivate/",
    "/private/papers/",
    "/private/%70apers/",
    "/private/papers%2f",
    "/private%2fpapers/",
    "/private//papers/",
    "/private/papers/%0a",
    "/private/./papers/",
    "/public/../private/papers/",
    "/mounted/papers/",
    "/mounted/%70apers/",
    "/private",
    "http://localhost/private/",
    "http://localhost/%70rivate/papers/",
];

async fn secret() -> &'static str {
    SECRET
}

/// Two guarded pages; with `catch_all`, a public page for every path that no other takes.
async fn site(catch_all: bool, without: &[Onion]) -> TestSite {
    let below = Urls::new()
        .path("", get(secret).login_required(), "private")
        .path("papers/", get(secret).login_required(), "papers");
    let mut urls = Urls::new()
        .include("accounts/", nuages::auth::urls())
        .include("private/", below)
        .re_path("^old/$", get(secret).login_required(), "old");
    if catch_all {
        urls = urls.re_path("(?s)^.*$", get(async || "public"), "rest");
    }
    let mut site = Site::new().install(nuages::auth::app()).urls(urls);
    for layer in without {
        site = site.insecure_without(*layer);
    }
    TestSite::new(site).await
}

async fn ask(site: &TestSite, target: &str) -> String {
    let server = site.live().await;
    let request = format!("GET {target} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
    exchange(server.address(), request).await.text
}

#[tokio::test]
async fn h8_no_spelling_of_a_guarded_path_gets_past_its_guard() {
    for catch_all in [false, true] {
        let site = site(catch_all, &[]).await;
        for target in TARGETS {
            let answer = ask(&site, target).await;
            assert!(!answer.contains(SECRET), "{target}: {answer}");
            let status = answer.get(9..12).unwrap_or("").to_owned();
            let is_public = catch_all && answer.ends_with("public");
            assert!(
                is_public || ["301", "302", "404", "400"].contains(&status.as_str()),
                "{target}: {answer}"
            );
        }
    }
}

#[tokio::test]
async fn h8_pair_without_the_guard_these_spellings_open_the_page() {
    let site = site(false, &[Onion::CurrentUser]).await;
    let mut opened = Vec::new();
    for target in TARGETS {
        if ask(&site, target).await.contains(SECRET) {
            opened.push(*target);
        }
    }
    for target in [
        "/private/",
        "/%70rivate/",
        "/private%2f",
        "/private/papers/",
    ] {
        assert!(opened.contains(&target), "{target}: {opened:?}");
    }
}

/// In Django's regular expressions `$` also means before a newline (CVE-2021-44420).
#[tokio::test]
async fn h8_cve_2021_44420_a_newline_at_the_end_leads_nowhere() {
    let site = site(false, &[Onion::CurrentUser]).await;
    for target in [
        "/private/%0a",
        "/private/papers/%0a",
        "/old/%0a",
        "/old/%0d%0a",
        "/private/papers%0a/",
    ] {
        let answer = ask(&site, target).await;
        assert!(answer.starts_with("HTTP/1.1 404"), "{target}: {answer}");
    }
    assert!(ask(&site, "/old/").await.contains(SECRET));
}
