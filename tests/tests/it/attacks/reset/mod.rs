//! A3 and P: what a password reset tells, whom it writes to, and what its link is worth.

mod answer;

use std::time::{Duration, Instant};

use jiff::{SignedDuration, Timestamp};
use nuages::auth::{SetPasswordForm, User, uid_encode};
use nuages::base::Clock;
use nuages::prelude::*;
use nuages::testing::{Client, TestResponse, TestSite};

use super::http::log::Log;
use super::victim::{PASSWORD, Victim, log_in};

const NEW: &str = "quite another staple";

async fn user(site: &TestSite, name: &str, email: &str) -> User {
    let auth = site.site().auth(site.db()).unwrap();
    let users = auth.users();
    users.create_user(name, email, PASSWORD).await.unwrap()
}

async fn ask(browser: &mut Client, email: &str) -> TestResponse {
    let fields = [("email", email)];
    browser
        .post("/accounts/password_reset/")
        .form(&fields)
        .await
}

/// The path of the link in the newest mail.
async fn link(site: &TestSite) -> String {
    let mail = site.outbox().await.pop().unwrap();
    let start = mail.text.find("://testserver/").unwrap() + "://testserver".len();
    mail.text[start..]
        .split_whitespace()
        .next()
        .unwrap()
        .to_owned()
}

/// Opens a link and sets a new password by it; the last answer.
async fn use_link(browser: &mut Client, link: &str, password: &str) -> TestResponse {
    let opened = browser.get(link).await;
    if opened.status() != 302 {
        return opened;
    }
    let path = opened.location().to_owned();
    let fields = [("new_password1", password), ("new_password2", password)];
    browser.post(&path).form(&fields).await
}

fn is_done(answer: &TestResponse) -> bool {
    answer.status() == 302 && answer.location() == "/accounts/reset/done/"
}

fn is_refused(answer: &TestResponse) -> bool {
    answer.status() == 200 && answer.text().contains("This link does not work any more")
}

#[tokio::test]
async fn p1_cve_2012_4520_cve_2011_4139_a_forged_host_is_in_no_mail() {
    let victim = Victim::protected().await;
    user(&victim.site, "alice", "alice@example.com").await;
    let fields = [("email", "alice@example.com")];
    let mut browser = victim.site.client();
    for host in [
        "evil.com",
        "testserver:x@evil.com",
        "testserver:random@evil.com",
        "testserver:80/badpath",
        "testserver: evil.com",
        "evil.com#testserver",
    ] {
        let answer = browser
            .post("/accounts/password_reset/")
            .header("host", host)
            .form(&fields)
            .await;
        assert_eq!(answer.status(), 400, "{host}");
    }
    let answer = browser
        .post("http://evil.com/accounts/password_reset/")
        .form(&fields)
        .await;
    assert_eq!(answer.status(), 400, "the target in absolute form");
    assert!(victim.site.outbox().await.is_empty());
    // Headers of proxies are not asked.
    for (name, value) in [
        ("x-forwarded-host", "evil.com"),
        ("forwarded", "host=evil.com"),
        ("x-host", "evil.com"),
    ] {
        victim.site.site().mail().clear_outbox();
        browser
            .post("/accounts/password_reset/")
            .header(name, value)
            .form(&fields)
            .await;
        let mails = victim.site.outbox().await;
        assert!(mails[0].text.contains("http://testserver/") && !mails[0].text.contains("evil"));
    }
}

#[tokio::test]
async fn p1_pair_a_site_that_allows_every_host_mails_a_link_to_the_forged_one() {
    let open = Victim::with(
        |settings| settings.set("allowed_hosts", vec!["*"]).unwrap(),
        &[],
    )
    .await;
    user(&open.site, "alice", "alice@example.com").await;
    let fields = [("email", "alice@example.com")];
    open.site
        .client()
        .post("/accounts/password_reset/")
        .header("host", "evil.com")
        .form(&fields)
        .await;
    assert!(
        open.site.outbox().await[0]
            .text
            .contains("http://evil.com/accounts/reset/")
    );
}

/// A site whose clock the test holds, with alice and bob.
async fn held() -> (TestSite, Clock) {
    let clock = Clock::held(Timestamp::from_second(1_780_000_000).unwrap());
    let site = Site::new()
        .install(nuages::auth::app())
        .with_clock(clock.clone())
        .urls(Urls::new().include("accounts/", nuages::auth::urls()));
    let site = TestSite::new(site).await;
    user(&site, "alice", "alice@example.com").await;
    user(&site, "bob", "bob@example.com").await;
    (site, clock)
}

async fn new_link(site: &TestSite) -> String {
    ask(&mut site.client(), "alice@example.com").await;
    link(site).await
}

#[tokio::test]
async fn p2_a_link_works_once_and_ends_with_the_password_that_it_was_made_for() {
    let (site, clock) = held().await;
    let first = new_link(&site).await;
    clock.advance(SignedDuration::from_secs(1));
    let second = new_link(&site).await;
    assert_ne!(first, second);
    assert!(is_done(&use_link(&mut site.client(), &first, NEW).await));
    for link in [&first, &second] {
        assert!(is_refused(&use_link(&mut site.client(), link, "x").await));
    }
}

#[tokio::test]
async fn p2_a_link_that_was_opened_before_the_password_changed_sets_no_other_one() {
    let (site, _clock) = held().await;
    let link = new_link(&site).await;
    let (mut one, mut two) = (site.client(), site.client());
    let path = one.get(&link).await.location().to_owned();
    assert_eq!(two.get(&link).await.location(), path);
    let fields = [("new_password1", NEW), ("new_password2", NEW)];
    assert!(is_done(&one.post(&path).form(&fields).await));
    assert!(is_refused(&two.post(&path).form(&fields).await));
    assert!(is_refused(&one.post(&path).form(&fields).await));
}

#[tokio::test]
async fn p2_of_two_requests_at_the_same_moment_one_sets_the_password() {
    let (site, _clock) = held().await;
    let auth = site.site().auth(site.db()).unwrap();
    let alice = auth.users().by_username("alice").await.unwrap().unwrap();
    let form = || {
        let data = FormData::from([("new_password1", NEW), ("new_password2", NEW)]);
        SetPasswordForm::bound(&auth, &data)
    };
    // Both have seen a link that is good, and come to store what was typed.
    assert!(
        form()
            .save_once(&auth, &alice)
            .await
            .unwrap()
            .unwrap()
            .is_some()
    );
    assert!(
        form()
            .save_once(&auth, &alice)
            .await
            .unwrap()
            .unwrap()
            .is_none()
    );
    // The pair: the form of Django stores both.
    assert!(form().save(&auth, &alice).await.unwrap().is_ok());
}

#[tokio::test]
async fn p2_a_changed_link_is_refused() {
    let (site, _clock) = held().await;
    let link = new_link(&site).await;
    let token = link.trim_end_matches('/').rsplit('/').next().unwrap();
    for at in 0..token.len() {
        let mut changed = token.as_bytes().to_vec();
        changed[at] = if changed[at] == b'a' { b'b' } else { b'a' };
        let changed = link.replace(token, std::str::from_utf8(&changed).unwrap());
        assert!(is_refused(&site.client().get(&changed).await), "{changed}");
    }
    let bobs = link.replace(
        &format!("/{}/", uid_encode(1)),
        &format!("/{}/", uid_encode(2)),
    );
    assert_ne!(bobs, link);
    assert!(is_refused(&site.client().get(&bobs).await));
    // The pair: the link as it is.
    assert_eq!(site.client().get(&link).await.status(), 302);
}

#[tokio::test]
async fn p2_a_link_ends_after_three_days_a_login_or_another_address() {
    for end in ["time", "login", "address"] {
        let (site, clock) = held().await;
        let link = new_link(&site).await;
        clock.advance(SignedDuration::from_secs(259_200));
        assert_eq!(site.client().get(&link).await.status(), 302);
        match end {
            "time" => clock.advance(SignedDuration::from_secs(1)),
            "login" => {
                let fields = [("username", "alice"), ("password", PASSWORD)];
                let answer = site.client().post("/accounts/login/").form(&fields).await;
                assert_eq!(answer.status(), 302);
            }
            _ => {
                let alice = User::objects().filter(|user| user.username().eq("alice"));
                let changed = alice.update(
                    |user| user.email().set("a@example.com".to_owned()),
                    site.db(),
                );
                assert_eq!(changed.await.unwrap(), 1);
            }
        }
        assert!(is_refused(&site.client().get(&link).await), "{end}");
    }
}

#[tokio::test]
async fn p3_cve_2010_4535_a_hostile_link_is_an_invalid_one_and_costs_no_more() {
    let (site, _clock) = held().await;
    let mut browser = site.client();
    let time = async |browser: &mut Client, path: &str| {
        let mut best = Duration::MAX;
        for _ in 0..5 {
            let start = Instant::now();
            let answer = browser.get(path).await;
            best = best.min(start.elapsed());
            assert!(is_refused(&answer), "{:.60}: {}", path, answer.status());
        }
        best
    };
    let miss = time(
        &mut browser,
        "/accounts/reset/MQ/abc123-0123456789abcdef0123456789abcdef/",
    )
    .await;
    let long = "z".repeat(50_000);
    let tokens = [
        "-",
        "--",
        "9999999999999-x",
        "99999999999999-x",
        "0-0",
        "%00",
        "%F0%9F%98%80-x",
        "-1-x",
        &long,
    ];
    for token in tokens {
        let took = time(&mut browser, &format!("/accounts/reset/MQ/{token}/")).await;
        assert!(
            took < miss * 2 + Duration::from_millis(10),
            "{token:.20}: {took:?}, not {miss:?}"
        );
    }
    for uid in [
        "zzzzzzzzzzzzz",
        "!",
        "%00",
        "====",
        "OTk5OTk5OTk5OTk5OTk5OTk5OTk5OTk5OTk5OTk5OQ",
        "LTE",
        &long,
    ] {
        time(&mut browser, &format!("/accounts/reset/{uid}/1-1/")).await;
        time(
            &mut browser,
            &format!("/accounts/reset/{uid}/set-password/"),
        )
        .await;
    }
}

#[tokio::test]
async fn p4_the_token_goes_into_the_session_and_out_of_the_address() {
    let (site, _clock) = held().await;
    let link = new_link(&site).await;
    let token = link
        .trim_end_matches('/')
        .rsplit('/')
        .next()
        .unwrap()
        .to_owned();
    let (log, _guard) = Log::listen();
    let mut browser = site.client();
    let opened = browser.get(&link).await;
    assert_eq!(opened.location(), "/accounts/reset/MQ/set-password/");
    assert_eq!(opened.header("referrer-policy"), "same-origin");
    assert!(opened.header("cache-control").contains("no-store"));
    let form = browser.get(opened.location()).await;
    assert!(!form.text().contains(&token) && form.text().contains("new_password1"));
    assert_eq!(form.header("referrer-policy"), "same-origin");
    let used = use_link(&mut browser, &link, NEW).await;
    assert!(is_done(&used));
    // A used link is shown at its own address.
    let again = site.client().get(&link).await;
    assert!(is_refused(&again) && again.header("referrer-policy") == "same-origin");
    // Refused for want of a CSRF token: the log names the route then, too.
    let form = [("new_password1", NEW)];
    let forged = site
        .client()
        .enforce_csrf_checks()
        .post(&link)
        .form(&form)
        .await;
    assert_eq!(forged.status(), 403);
    let events = log.events();
    assert!(
        events
            .iter()
            .any(|line| line.contains("accounts/reset/<uidb64>/<token>/")),
        "{events:?}"
    );
    assert!(
        !events.iter().any(|line| line.contains(&token)),
        "{events:?}"
    );
}

#[tokio::test]
async fn p4_pair_a_path_that_is_not_private_is_in_the_log() {
    let urls = Urls::new().path("secret/<str:token>/", get(async || "seen"), "secret");
    let site = TestSite::new(Site::new().urls(urls)).await;
    let (log, _guard) = Log::listen();
    site.client().get("/secret/abc-0123/").await;
    assert!(log.events().iter().any(|line| line.contains("abc-0123")));
}

#[tokio::test]
async fn p4_who_planted_the_session_does_not_get_the_token() {
    let (site, _clock) = held().await;
    let link = new_link(&site).await;
    // Eve has a session of the site, and makes alice's browser use it.
    let mut eve = site.client();
    let fields = [("username", "bob"), ("password", PASSWORD)];
    eve.post("/accounts/login/").form(&fields).await;
    let mut alice = site.client();
    alice.cookies = eve.cookies.clone();
    let path = alice.get(&link).await.location().to_owned();
    assert!(alice.get(&path).await.text().contains("new_password1"));
    assert!(is_refused(&eve.get(&path).await));
    // The pair: whoever has the session that the token went into gets the form.
    let mut same = site.client();
    same.cookies = alice.cookies.clone();
    assert!(same.get(&path).await.text().contains("new_password1"));
}

#[tokio::test]
async fn p5_cve_2019_19844_mail_goes_to_the_stored_address_of_who_has_it() {
    let victim = Victim::protected().await;
    let site = &victim.site;
    user(site, "mike", "mike@ixample.org").await;
    user(site, "kim", "kim@example.org").await;
    for (asked, most) in [
        ("mıke@ixample.org", 0),
        ("mike@ıxample.org", 0),
        ("MIKE@ixample.org", 1),
        ("mike@IXAMPLE.org", 1),
        ("mi\u{212a}e@ixample.org", 1),
        ("\u{212a}im@example.org", 1),
        ("ki%@example.org", 0),
        ("mike@ixample.or_", 0),
    ] {
        site.site().mail().clear_outbox();
        ask(&mut site.client(), asked).await;
        let mails = site.outbox().await;
        assert!(mails.len() <= most, "{asked}");
        assert!(asked.contains('\u{212a}') || mails.len() == most, "{asked}");
        for mail in mails {
            let stored = ["mike@ixample.org", "kim@example.org"];
            assert!(
                mail.to.len() == 1 && stored.contains(&mail.to[0].as_str()),
                "{asked}: {:?}",
                mail.to
            );
        }
    }
}

#[test]
fn p5_pair_cve_2019_19844_upper_case_takes_one_mailbox_for_another() {
    assert_eq!(
        "mıke@ixample.org".to_uppercase(),
        "mike@ixample.org".to_uppercase()
    );
    assert!(!nuages::auth::unicode_ci_compare(
        "mıke@ixample.org",
        "mike@ixample.org"
    ));
}

#[tokio::test]
async fn p5_who_is_inactive_or_has_no_password_gets_no_mail() {
    let victim = Victim::protected().await;
    let site = &victim.site;
    let auth = site.site().auth(site.db()).unwrap();
    let mut bob = user(site, "bob", "bob@example.com").await;
    bob.is_active = false;
    bob.save(site.db()).await.unwrap();
    auth.users()
        .create_user("carol", "carol@example.com", None::<&str>)
        .await
        .unwrap();
    // The pair: alice shares their address in another spelling.
    user(site, "alice", "Bob@example.com").await;
    ask(&mut site.client(), "bob@example.com").await;
    ask(&mut site.client(), "carol@example.com").await;
    let mails = site.outbox().await;
    assert_eq!(mails.len(), 1);
    assert_eq!(mails[0].to, ["Bob@example.com"]);
}

#[tokio::test]
async fn p6_a_name_or_a_template_adds_no_header_to_the_mail() {
    let victim = Victim::protected().await;
    let site = &victim.site;
    // Rows that another program wrote.
    user(site, "eve\r\nBcc: x@evil.com", "eve@example.com").await;
    let mallory = user(site, "mallory", "mallory@example.com").await;
    let evil = "m@example.com\nBcc: x@evil.com";
    let row = User::objects().filter(|row| row.id().eq(mallory.id));
    row.update(|row| row.email().set(evil.to_owned()), site.db())
        .await
        .unwrap();
    for email in ["eve@example.com", "mallory@example.com", evil] {
        ask(&mut site.client(), email).await;
    }
    let mails = site.outbox().await;
    assert_eq!(mails.len(), 1);
    assert_eq!(mails[0].subject, "Password reset on testserver");
    assert_eq!(
        mails[0].recipients().collect::<Vec<_>>(),
        ["eve@example.com"]
    );
}

#[tokio::test]
async fn a_reset_is_protected_against_forged_requests() {
    let victim = Victim::protected().await;
    user(&victim.site, "alice", "alice@example.com").await;
    let mut browser = victim.browser();
    assert_eq!(ask(&mut browser, "alice@example.com").await.status(), 403);
    assert!(victim.site.outbox().await.is_empty());
    assert_eq!(log_in(&mut browser, "alice", PASSWORD).await.status(), 302);
}
