//! K5: a fragment that the site keeps holds no nonce and no token of the visitor who came first.

use nuages::prelude::*;
use nuages::testing::TestSite;

const PAGE: &str = "{% load cache %}{% cache 300 plain %}{{ first }}{% endcache %}|\
    {% cache 300 form %}{% csrf_token %}{% endcache %}|\
    {% cache 300 script %}<script nonce=\"{{ csp_nonce }}\"></script>{% endcache %}";

async fn page(page: Page, Query(query): Query<Vec<(String, String)>>) -> Result {
    let first = query.first().map_or("", |(_, value)| value).to_owned();
    page.render("page.html", context! { first }).await
}

#[tokio::test]
async fn k5_two_visitors_of_a_page_with_fragments_get_tokens_and_nonces_of_their_own() {
    let app = App::new("pages").templates(&[("page.html", PAGE)]);
    let urls = Urls::new().path("", get(page), "page");
    let site = TestSite::new(Site::new().install(app).urls(urls)).await;
    let (mut ada, mut bob) = (site.client(), site.client());
    let first = ada.get("/?visitor=ada").await;
    let second = bob.get("/?visitor=bob").await;
    let (html, other) = (first.text(), second.text());
    let parts: Vec<&str> = html.split('|').collect();
    let others: Vec<&str> = other.split('|').collect();
    // What is nobody's own is kept: the second visitor gets the first one's.
    assert_eq!((parts[0], others[0]), ("ada", "ada"));
    for at in [1, 2] {
        assert_ne!(parts[at], others[at]);
    }
    // Each page has the nonce that its own policy allows, and a token of its own cookie.
    for (answer, parts) in [(&first, &parts), (&second, &others)] {
        let policy = answer.header("content-security-policy");
        let nonce = parts[2].split('"').nth(1).unwrap();
        assert!(policy.contains(nonce), "{policy} {nonce}");
        assert!(parts[1].contains("csrfmiddlewaretoken"), "{}", parts[1]);
        assert!(answer.header("set-cookie").contains("csrftoken"));
    }
}
