//! H7: URLs made of what visitors say.

use nuages::prelude::*;
use nuages::testing::TestSite;
use nuages::web::UrlValue;
use url::Url;

async fn site() -> TestSite {
    let urls = Urls::new()
        .path("s/<str:word>/", get(echo_word), "word")
        .path("n/<slug:word>/", get(echo_word), "slug")
        .path("<path:rest>", get(echo), "all");
    TestSite::new(Site::new().urls(urls)).await
}

async fn echo(Path(rest): Path<String>) -> String {
    rest
}

async fn echo_word(Path(word): Path<String>) -> String {
    format!("word {word}")
}

const HOSTILE: [&str; 22] = [
    "/evil.com",
    "//evil.com",
    "/\\evil.com",
    "\\evil.com",
    "..",
    "../..",
    "../admin",
    "%2e%2e",
    "%2f%2fevil.com",
    "\n",
    "a\nb",
    "a\r\nX-Evil: 1",
    "?next=//evil.com",
    "#fragment",
    "a?b#c%",
    ";x=y",
    "é\u{2028}\u{202e}",
    "http://evil.com",
    "javascript:alert(1)",
    "@evil.com",
    ":80",
    "\t/evil.com",
];

#[tokio::test]
async fn h7_what_is_reversed_stays_here_and_leads_back_to_its_view() {
    let site = site().await;
    let here = Url::parse("http://testserver/").unwrap();
    for name in ["all", "word", "slug"] {
        for hostile in HOSTILE {
            let Ok(url) = site.site().context().reverse(name, &[hostile.into()], &[]) else {
                // A value that the route does not take back is none of its URLs.
                let fits = name == "all" || (name == "word" && !hostile.contains('/'));
                assert!(!fits || hostile.contains('\n'), "{name} {hostile:?}");
                continue;
            };
            assert!(
                url.starts_with('/') && !url.starts_with("//"),
                "{name} {hostile:?} → {url}"
            );
            assert!(
                url.is_ascii() && !url.contains(|c: char| c.is_control() || c == '\\'),
                "{url}"
            );
            assert!(!url.contains(['?', '#']), "{name} {hostile:?} → {url}");
            let target = here.join(&url).unwrap();
            assert_eq!(
                target.host_str(),
                Some("testserver"),
                "{name} {hostile:?} → {url}"
            );
            // It leads to the same view with the same argument, when nobody resolves its dots.
            let answer = site.client().get(&url).await;
            let expected = match name {
                "all" => hostile.to_owned(),
                _ => format!("word {hostile}"),
            };
            assert_eq!(answer.text(), expected, "{name} {hostile:?} → {url}");
        }
    }
}

#[tokio::test]
async fn h7_pair_a_path_put_together_by_hand_leads_elsewhere() {
    let here = Url::parse("http://testserver/").unwrap();
    let careless = here.join(&format!("/{}", "/evil.com")).unwrap();
    assert_eq!(careless.host_str(), Some("evil.com"));
}

#[tokio::test]
async fn h7_cve_2014_0472_a_name_is_looked_up_and_never_loaded() {
    let site = site().await;
    let reverse =
        |name: &str, args: &[UrlValue<'_>]| site.site().context().reverse(name, args, &[]);
    for name in [
        "os.system",
        "os:system",
        "django.views.generic.TemplateView",
        "nuages::auth::urls",
        "std::process::Command::new",
        "subprocess.run",
        "__import__('os')",
        "/etc/passwd",
        "",
        ":",
        "::::",
    ] {
        let error = reverse(name, &["id".into()]).unwrap_err().to_string();
        let is_unknown =
            error.contains("not found") || error.contains("not a registered namespace");
        assert!(is_unknown, "{name:?}: {error}");
    }
    assert_eq!(
        reverse("word", &["id".into()]).unwrap(),
        "/s/id/",
        "the pair"
    );
}
