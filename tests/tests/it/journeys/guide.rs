//! The guide's own login template and its own JavaScript, unchanged.

use std::fs;
use std::path::{Path, PathBuf};

use nuages::prelude::*;
use nuages::testing::TestSite;

use crate::browser::{Browser, journey};

const BASE: &str = "<!doctype html><title>guide</title><link rel=\"icon\" href=\"data:,\">{% block content %}{% endblock %}";

/// The guide, where the specification lies beside the repository.
fn guide(test: &str) -> Option<String> {
    let folder: PathBuf = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/spec");
    let found = fs::read_dir(folder)
        .ok()
        .into_iter()
        .flatten()
        .flatten()
        .map(|entry| entry.path());
    let text = found
        .filter(|path| path.extension().is_some_and(|end| end == "txt"))
        .find_map(|path| fs::read_to_string(path).ok());
    if text.is_none() {
        nuages_tests::skip(test, "the guide (../shared/spec) is not beside this clone");
    }
    text
}

/// The first code block of the guide that contains `part`.
fn block(guide: &str, part: &str) -> String {
    let blocks = guide.split("```").skip(1).step_by(2);
    let found = blocks
        .filter_map(|block| block.split_once('\n'))
        .find(|(_, code)| code.contains(part));
    found
        .unwrap_or_else(|| panic!("the guide has no block with {part}"))
        .1
        .to_owned()
}

async fn site(login: String, extra: Urls) -> TestSite {
    let login: &'static str = Box::leak(login.into_boxed_str());
    let urls = Urls::new()
        .include("accounts/", nuages::auth::urls())
        .path("accounts/reset/", get(async || "reset"), "password_reset")
        .path(
            "private/",
            get(async || "private").login_required(),
            "private",
        )
        .path(
            "staff/",
            get(async || "staff").permission_required("auth.add_user"),
            "staff",
        )
        .include("", extra);
    let templates =
        App::new("guide").templates(&[("base.html", BASE), ("registration/login.html", login)]);
    TestSite::new(
        Site::new()
            .install(nuages::auth::app())
            .install(templates)
            .urls(urls),
    )
    .await
}

#[tokio::test]
async fn the_guides_login_template_renders_unchanged() {
    let Some(guide) = guide("the_guides_login_template_renders_unchanged") else {
        return;
    };
    let site = site(
        block(&guide, "<!-- registration/login.html -->"),
        Urls::new(),
    )
    .await;
    site.create_user("ann", "correct horse battery").await;
    let mut browser = site.client().enforce_csrf_checks();

    let page = browser.get("/private/").follow().await;
    assert_eq!(page.redirects(), ["/accounts/login/?next=/private/"]);
    let text = page.text();
    assert!(text.contains("Please login to see this page."), "{text}");
    assert!(text.contains(r#"<form method="post" action="/accounts/login/">"#));
    assert!(text.contains(r#"<input type="hidden" name="next" value="/private/">"#));
    assert!(text.contains(r#"<a href="/accounts/reset/">Forgot password?</a>"#));
    assert!(!text.contains("didn't match"));
    let token = token_of(&text);

    let wrong = [
        ("username", "ann"),
        ("password", "wrong"),
        ("next", "/private/"),
        ("csrfmiddlewaretoken", &token),
    ];
    let text = browser.post("/accounts/login/").form(&wrong).await.text();
    assert!(
        text.contains("Your username and password didn't match. Please try again."),
        "{text}"
    );
    assert!(text.contains(r#"value="/private/""#));

    let right = [
        ("username", "ann"),
        ("password", "correct horse battery"),
        ("next", "/private/"),
        ("csrfmiddlewaretoken", &token_of(&text)),
    ];
    let answer = browser.post("/accounts/login/").form(&right).follow().await;
    assert_eq!(
        (answer.redirects(), answer.text().as_str()),
        (&["/private/".to_owned()][..], "private")
    );
    let text = browser.get("/staff/").follow().await.text();
    assert!(
        text.contains("Your account doesn't have access to this page."),
        "{text}"
    );
}

fn token_of(page: &str) -> String {
    let (_, rest) = page
        .split_once(r#"name="csrfmiddlewaretoken" value=""#)
        .expect("the page has a token");
    rest[..64].to_owned()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_guides_javascript_helper_works_in_a_browser() {
    let Some(guide) = guide("the_guides_javascript_helper_works_in_a_browser") else {
        return;
    };
    let helper = block(&guide, "function getCookie(name)");
    let (function, _) = helper
        .split_once("// Usage")
        .expect("the helper and its usage");
    let page = format!(
        "<!doctype html><title>t</title><link rel=\"icon\" href=\"data:,\"><p id=\"out\">-</p><button id=\"go\">go</button>{{% csrf_token %}}<script nonce=\"{{{{ csp_nonce }}}}\">{function}\n\
         document.getElementById('go').onclick = async () => {{ const data = {{by: 3}};\
         const answer = await fetch('/api/', {{ method: 'POST', body: JSON.stringify(data),\
         headers: {{ 'Content-Type': 'application/json', 'X-CSRFToken': getCookie('csrftoken') }} }});\
         document.getElementById('out').textContent = answer.status + ' ' + await answer.text(); }};</script>"
    );
    let page: &'static str = Box::leak(page.into_boxed_str());
    let urls = Urls::new()
        .path(
            "",
            get(async |page: Page| page.render("helper.html", context! {}).await),
            "home",
        )
        .path("api/", post(async |body: String| body), "api");
    let app = App::new("guide").templates(&[("helper.html", page)]);
    let site = TestSite::new(Site::new().install(app).urls(urls)).await;
    let server = site.live().await;
    journey("guide_helper", async |browser: &Browser| {
        browser.goto(&server.url("/")).await;
        browser.click("#go").await;
        browser.wait_for_text("#out", "200 {\"by\":3}").await;
    })
    .await;
    server.stop().await.unwrap();
}
