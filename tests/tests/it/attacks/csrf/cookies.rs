//! C3, C8: cookies that somebody else has put there.

use std::time::Duration;

use nuages::testing::Client;

use super::{PLACES, alice, field, protected, set_cookies, token};
use crate::attacks::victim::Victim;
use crate::attacks::wire::raw::{Raw, exchange};

const SECRET: &str = "aBcDeFgHiJkLmNoPqRsTuVwXyZ012345";

/// More than the server takes of a head.
const LONG: usize = 1_000_000;

/// A browser with this cookie, whoever set it; one without a socket where no server would listen to it.
fn planted(victim: &Victim, value: &str) -> Client {
    let mut browser = match value.len() {
        LONG.. => victim.near_browser(),
        _ => victim.browser(),
    };
    browser.cookies.set("csrftoken", value);
    browser
}

fn hostile() -> Vec<String> {
    vec![
        "\"><script>alert(1)</script>".to_owned(),
        "a".to_owned(),
        String::new(),
        "-".repeat(32),
        "<".repeat(64),
        "x".repeat(LONG),
    ]
}

#[tokio::test]
async fn c3_cve_2010_3082_an_injected_cookie_is_replaced_and_never_shown() {
    for place in PLACES {
        let victim = protected(place).await;
        for value in hostile() {
            let mut browser = planted(&victim, &value);
            let answer = browser.get("/page/").await;
            let page = answer.text();
            assert_eq!(field(&page).len(), 64);
            assert!(!page.contains("<script") && page.len() < 300, "{page:.400}");
            let set = set_cookies(&answer, if place { "sessionid" } else { "csrftoken" });
            assert_eq!(set.len(), 1, "{value:.20}");
            if !place {
                let secret = browser.cookies.get("csrftoken").unwrap();
                assert!(secret.len() == 32 && secret.bytes().all(|b| b.is_ascii_alphanumeric()));
            }
            // It is no token either.
            let mut attacked = planted(&victim, &value);
            let fields = [("csrfmiddlewaretoken", &value)];
            let answer = attacked.post("/change/").form(&fields).await;
            assert_eq!(answer.status(), 403);
            assert!(!answer.text().contains("<script"));
        }
        let mut long = victim.browser();
        long.cookies.set("csrftoken", "x".repeat(LONG));
        assert_eq!(long.get("/page/").await.status(), 431);
        assert_eq!(victim.bumps(), 0);
    }
}

#[tokio::test]
async fn c3_pair_a_form_that_shows_the_cookie_as_it_came_runs_the_script() {
    let victim = protected(false).await;
    let mut browser = planted(&victim, &hostile()[0]);
    let page = browser.get("/naive-form/").await.text();
    assert!(page.contains("\"><script>alert(1)</script>"), "{page}");
}

#[tokio::test]
async fn c3_over_a_socket_a_cookie_of_any_length_does_no_harm() {
    let victim = protected(false).await;
    let server = victim.site.live().await;
    let huge = "x".repeat(1_000_000);
    let get = |cookie: &str| {
        format!("GET /page/ HTTP/1.1\r\nHost: localhost\r\nCookie: csrftoken={cookie}\r\n\r\n")
    };
    let mut raw = Raw::connect(server.address()).await;
    raw.send(get(&huge)).await;
    let answer = raw.read_for(Duration::from_millis(500)).await;
    assert!(!answer.text.contains(" 200 "), "{:.200}", answer.text);
    let answer = exchange(server.address(), get("\"><script>alert(1)</script>")).await;
    assert_eq!(answer.statuses(), [200]);
    assert!(!answer.text.contains("<script"));
    assert!(
        answer
            .text
            .to_lowercase()
            .contains("set-cookie: csrftoken=")
    );
}

/// A cookie that was set by another host of the domain, and the token to it.
#[tokio::test]
async fn c8_a_planted_cookie_with_its_token_is_refused_over_https() {
    for place in PLACES {
        let victim = protected(place).await;
        for headers in [
            [("origin", "https://evil.testserver"), ("x", "")],
            [("referer", "https://evil.testserver/"), ("x", "")],
            [("referer", "http://testserver/"), ("x", "")],
            [
                ("origin", "https://testserver"),
                ("sec-fetch-site", "same-site"),
            ],
        ] {
            let mut alice = planted(&victim, SECRET);
            let mut request = alice.post("/change/").header("x-forwarded-proto", "https");
            for (name, value) in headers {
                request = request.header(name, value);
            }
            let answer = request.form(&[("csrfmiddlewaretoken", SECRET)]).await;
            assert_eq!(answer.status(), 403, "{headers:?}");
        }
        assert_eq!(victim.bumps(), 0);
    }
}

#[tokio::test]
async fn c8_with_sessions_the_planted_cookie_is_ignored_wherever_the_page_is() {
    let victim = protected(true).await;
    let mut alice = alice(&victim).await;
    let own = token(&mut alice).await;
    alice.cookies.set("csrftoken", SECRET);
    for (token, status) in [(SECRET, 403), (own.as_str(), 200)] {
        let request = alice
            .post("/change/")
            .header("x-forwarded-proto", "https")
            .header("origin", "https://testserver");
        let answer = request.form(&[("csrfmiddlewaretoken", token)]).await;
        assert_eq!(answer.status(), status, "{}", answer.text());
    }
}

/// What double submission alone is worth: whoever can set the cookie needs no other secret.
#[tokio::test]
async fn c8_pair_over_http_from_an_old_browser_the_planted_pair_passes() {
    let victim = protected(false).await;
    let mut alice = planted(&victim, SECRET);
    let fields = [("csrfmiddlewaretoken", SECRET)];
    assert_eq!(alice.post("/change/").form(&fields).await.status(), 200);
}

#[tokio::test]
async fn cve_2016_7401_a_secret_inside_of_another_cookie_is_none() {
    let victim = protected(false).await;
    for (cookie, status) in [
        (format!("utmz=x]csrftoken={SECRET}; a=b"), 403),
        (
            format!("keebler=\"E=mc2; L=\\\"Loves\\\"; fudge=\\012;\"; x=csrftoken={SECRET}"),
            403,
        ),
        (format!("a=b, csrftoken={SECRET}"), 403),
        // The pair: as a cookie of its own it is the secret.
        (format!("utmz=x]; csrftoken={SECRET}; a=b"), 200),
    ] {
        let request = victim.browser();
        let mut browser = request;
        let request = browser.post("/change/").header("cookie", &cookie);
        let answer = request.form(&[("csrfmiddlewaretoken", SECRET)]).await;
        assert_eq!(answer.status(), status, "{cookie}");
    }
}

/// A name that somebody else lets point here is no reason to give its pages a secret.
#[tokio::test]
async fn cve_2011_4140_an_unknown_host_gets_no_secret() {
    let victim = protected(false).await;
    let mut browser = victim.browser();
    let answer = browser.get("/form/").header("host", "evil.example").await;
    assert_eq!(answer.status(), 400);
    assert!(set_cookies(&answer, "csrftoken").is_empty());
    let answer = browser.get("/form/").await;
    let set = set_cookies(&answer, "csrftoken");
    assert!(!set[0].to_lowercase().contains("domain"), "{set:?}");
}

#[tokio::test]
async fn cve_2011_4140_pair_a_site_that_allows_every_host_gives_one_to_all() {
    let open = Victim::with(
        |settings| settings.set("allowed_hosts", vec!["*"]).unwrap(),
        &[],
    )
    .await;
    let mut browser = open.browser();
    let answer = browser.get("/form/").header("host", "evil.example").await;
    assert_eq!(answer.status(), 200);
    assert_eq!(set_cookies(&answer, "csrftoken").len(), 1);
}
