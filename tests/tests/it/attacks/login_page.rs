//! What the login page repeats of its own address.

use nuages::prelude::*;
use nuages::testing::TestSite;

use super::victim::{PASSWORD, Victim, token};

const EVIL: &str = "\"><script>alert(1)</script>";

/// `EVIL` in a URL.
const QUOTED: &str = "%22%3E%3Cscript%3Ealert(1)%3C/script%3E";

#[tokio::test]
async fn cve_2008_2302_the_login_form_repeats_no_markup_of_its_address() {
    let victim = Victim::protected().await;
    victim.site.create_user("alice", PASSWORD).await;
    let mut browser = victim.browser();
    for query in [
        QUOTED.to_owned(),
        format!("next={QUOTED}"),
        format!("next=/a/{QUOTED}"),
        format!("next=/a/?b={QUOTED}&c=d"),
        format!("next=javascript:alert(1)//{QUOTED}"),
        format!("{QUOTED}={QUOTED}"),
    ] {
        let page = browser.get(&format!("/accounts/login/?{query}")).await;
        assert_eq!(page.status(), 200, "{query}");
        let html = page.text();
        assert!(!html.contains("<script>alert"), "{query}: {html}");
        assert!(!html.contains("\"><script"), "{query}: {html}");
        assert!(!html.contains("javascript:"), "{query}: {html}");
        // The form goes to its own address, and has no attribute to break out of.
        assert!(html.contains("<form method=\"post\">"), "{html}");
    }
    // A local address is repeated, escaped.
    let html = browser
        .get(&format!("/accounts/login/?next=/a/{QUOTED}"))
        .await
        .text();
    assert!(
        html.contains("name=\"next\" value=\"/a/&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;\""),
        "{html}"
    );
    // And so it is after a wrong password, with the name that was typed.
    let next = format!("/a/{EVIL}");
    let token = token(&mut browser).await;
    let fields = [
        ("username", EVIL),
        ("password", EVIL),
        ("next", next.as_str()),
        ("csrfmiddlewaretoken", &token),
    ];
    let page = browser.post("/accounts/login/").form(&fields).await;
    assert_eq!(page.status(), 200);
    let html = page.text();
    assert!(!html.contains("<script>alert"), "{html}");
    assert_eq!(html.matches("&lt;script&gt;alert(1)").count(), 2, "{html}");
}

/// The page of old: `<form action="{{ app_path }}">`, without autoescaping.
#[tokio::test]
async fn cve_2008_2302_pair_a_page_that_repeats_its_address_unescaped_runs_the_script() {
    const PAGE: &str = "{% autoescape off %}<form action=\"{{ next }}\">{% endautoescape %}";
    async fn old(page: Page, Query(query): Query<Vec<(String, String)>>) -> Result {
        let next = query.first().map_or("", |(_, next)| next).to_owned();
        page.render("old.html", context! { next }).await
    }
    let app = App::new("old").templates(&[("old.html", PAGE)]);
    let urls = Urls::new().path("login/", get(old), "login");
    let site = TestSite::new(Site::new().install(app).urls(urls)).await;
    let html = site
        .client()
        .get(&format!("/login/?next={QUOTED}"))
        .await
        .text();
    assert_eq!(html, format!("<form action=\"{EVIL}\">"));
}
