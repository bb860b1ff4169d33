//! A forgotten password: the mail is asked for, read and used, and whoever was logged in is out.

use nuages::testing::Client;

use super::{demo, live_demo};
use crate::browser::{Browser, journey};

const OLD: &str = "correct horse battery";
const NEW: &str = "quite another staple";

/// The path of the link in the only mail, and the mail's subject.
async fn mail(site: &nuages::testing::TestSite) -> (String, String) {
    let mails = site.outbox().await;
    assert_eq!(mails.len(), 1);
    let (_, rest) = mails[0].text.split_once("://").unwrap();
    let link = rest.split_whitespace().next().unwrap();
    (
        link[link.find('/').unwrap()..].to_owned(),
        mails[0].subject.clone(),
    )
}

async fn log_in(browser: &mut Client, password: &str) -> u16 {
    let fields = [("username", "ann"), ("password", password)];
    let answer = browser.post("/accounts/login/").form(&fields).await;
    answer.status().as_u16()
}

#[tokio::test]
async fn a_forgotten_password_is_replaced_by_mail_and_the_old_session_ends() {
    let site = demo().await;
    let auth = site.site().auth(site.db()).unwrap();
    auth.users()
        .create_user("ann", "ann@example.com", OLD)
        .await
        .unwrap();
    let mut elsewhere = site.client();
    assert_eq!(log_in(&mut elsewhere, OLD).await, 302);

    let mut browser = site.client();
    let login = browser.get("/accounts/login/").await.text();
    assert!(
        login.contains("href=\"/accounts/password_reset/\""),
        "{login}"
    );
    let page = browser.get("/accounts/password_reset/").await.text();
    assert!(page.contains("type=\"email\"") && page.contains("autocomplete=\"email\""));
    let form = [("email", "ann@example.com")];
    let sent = browser
        .post("/accounts/password_reset/")
        .form(&form)
        .follow()
        .await;
    assert_eq!(sent.redirects(), ["/accounts/password_reset/done/"]);
    let (link, subject) = mail(&site).await;
    assert_eq!(subject, "Password reset on testserver");

    let opened = browser.get(&link).follow().await;
    let path = opened.redirects()[0].clone();
    assert!(path.ends_with("/set-password/"));
    // A password that the rules refuse leaves the link as it is.
    let weak = [("new_password1", "12345678"), ("new_password2", "12345678")];
    let again = browser.post(&path).form(&weak).await;
    assert!(again.text().contains("This password is too common."));
    let good = [("new_password1", NEW), ("new_password2", NEW)];
    let done = browser.post(&path).form(&good).follow().await;
    assert_eq!(done.redirects(), ["/accounts/reset/done/"]);
    assert!(done.text().contains("/accounts/login/"));

    assert_eq!(log_in(&mut browser, OLD).await, 200);
    assert_eq!(log_in(&mut browser, NEW).await, 302);
    assert_eq!(browser.get("/dashboard/").await.status(), 200);
    assert_eq!(elsewhere.get("/dashboard/").await.status(), 302);
    assert_eq!(site.client().get(&link).await.status(), 200);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_forgotten_password_in_a_browser() {
    let (site, server) = live_demo().await;
    let url = server.url("");
    let auth = site.site().auth(site.db()).unwrap();
    auth.users()
        .create_user("ann", "ann@example.com", OLD)
        .await
        .unwrap();
    journey("forgotten_password", async |browser: &Browser| {
        browser
            .goto(&format!("{url}/accounts/password_reset/"))
            .await;
        browser.fill("#id_email", "ann@example.com").await;
        browser.click("form.stack button").await;
        browser
            .wait_for_path("/accounts/password_reset/done/")
            .await;
        let (link, _) = mail(&site).await;
        browser.goto(&format!("{url}{link}")).await;
        browser
            .wait_for_path("/accounts/reset/MQ/set-password/")
            .await;
        browser.fill("#id_new_password1", NEW).await;
        browser.fill("#id_new_password2", NEW).await;
        browser.click("form.stack button").await;
        browser.wait_for_path("/accounts/reset/done/").await;
        browser.goto(&format!("{url}/accounts/login/")).await;
        browser.fill("#id_username", "ann").await;
        browser.fill("#id_password", NEW).await;
        browser.click("form.stack button").await;
        browser.wait_for_path("/dashboard/").await;
    })
    .await;
    assert!(server.stop().await.unwrap());
}
