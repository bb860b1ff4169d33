//! An account from its making to its last logout, in a real browser under the site's own policy.

use crate::browser::{Browser, journey};
use crate::journeys::live_demo;

const PASSWORD: &str = "correct horse battery";
const NEW_PASSWORD: &str = "quite another staple";

async fn log_in(browser: &Browser, url: &str, password: &str) {
    browser.goto(&format!("{url}/accounts/login/")).await;
    browser.fill("#id_username", "ann").await;
    browser.fill("#id_password", password).await;
    browser.click("form.stack button").await;
    browser.wait_for_path("/dashboard/").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn register_use_change_password_and_log_out() {
    let (_site, server) = live_demo().await;
    let url = server.url("");
    journey("account", async |browser: &Browser| {
        // A visitor who wants to see the dashboard is sent to log in, and registers instead.
        browser.goto(&format!("{url}/dashboard/")).await;
        browser.wait_for_path("/accounts/login/").await;
        browser.goto(&format!("{url}/accounts/register/")).await;
        browser.fill("#id_username", "ann").await;
        browser.fill("#id_password1", "12345678").await;
        browser.fill("#id_password2", "12345678").await;
        browser.click("form.stack button").await;
        browser
            .wait_for_text(".errorlist", "This password is too common.")
            .await;
        browser.fill("#id_password1", PASSWORD).await;
        browser.fill("#id_password2", PASSWORD).await;
        browser.click("form.stack button").await;
        browser.wait_for_path("/dashboard/").await;
        browser.wait_for_text("h1", "Welcome, ann").await;
        browser.wait_for_text(".messages", "Welcome, ann.").await;

        // A note, with what a script would do if it were not escaped.
        browser
            .fill(
                "#id_text",
                "<script>document.title = 'stolen'</script> tea & cake",
            )
            .await;
        browser.click("form.stack button").await;
        browser.wait_for_text(".notes", "tea & cake").await;
        assert!(browser.text(".notes").await.contains("<script>"));

        // The button posts JSON with the token of the cookie.
        browser.goto(&format!("{url}/likes/")).await;
        browser.click("#like").await;
        browser.wait_for_text("#count", "1").await;
        browser.click("#like").await;
        browser.wait_for_text("#count", "2").await;

        // A second browser logs in; a new password ends its session and keeps this one.
        journey("account_elsewhere", async |elsewhere: &Browser| {
            log_in(elsewhere, &url, PASSWORD).await;
            browser
                .goto(&format!("{url}/accounts/password_change/"))
                .await;
            browser.fill("#id_old_password", PASSWORD).await;
            browser.fill("#id_new_password1", NEW_PASSWORD).await;
            browser.fill("#id_new_password2", NEW_PASSWORD).await;
            browser.click("form.stack button").await;
            browser
                .wait_for_path("/accounts/password_change/done/")
                .await;
            browser.goto(&format!("{url}/dashboard/")).await;
            browser.wait_for_text("h1", "Welcome, ann").await;
            elsewhere.goto(&format!("{url}/dashboard/")).await;
            elsewhere.wait_for_path("/accounts/login/").await;
        })
        .await;

        browser.click("#logout").await;
        browser.wait_for_path("/").await;
        browser.goto(&format!("{url}/dashboard/")).await;
        browser.wait_for_path("/accounts/login/").await;
        log_in(browser, &url, NEW_PASSWORD).await;
    })
    .await;
    assert!(server.stop().await.unwrap());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_message_is_sent_from_a_phone() {
    let (_site, server) = live_demo().await;
    let url = server.url("");
    journey("contact_on_a_phone", async |browser: &Browser| {
        browser.resize(390, 800).await;
        browser.goto(&format!("{url}/contact/")).await;
        let overflow = browser
            .script(
                "return document.documentElement.scrollWidth > innerWidth",
                vec![],
            )
            .await;
        assert_eq!(overflow, false, "the page is wider than the phone");
        browser.fill("#id_name", "Ben").await;
        browser.fill("#id_email", "nonsense").await;
        browser.fill("#id_message", "Hello").await;
        browser.click("form.stack button").await;
        browser
            .wait_for_text(".errorlist", "Enter a valid email address.")
            .await;
        browser.fill("#id_email", "ben@example.com").await;
        browser.click("form.stack button").await;
        browser.wait_for_text(".messages", "Thank you, Ben.").await;
    })
    .await;
    server.stop().await.unwrap();
}
