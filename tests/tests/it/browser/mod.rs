//! A real Chromium, driven through WebDriver.
//!
//! [`journey`] opens the browser, hands it to the test, and afterwards looks at the console:
//! a page of ours that breaks its own content security policy fails the test.
//! When the test fails, a screenshot, the page and the console are left in `target/screenshots/`.

mod console;
mod driver;
mod failure;
mod wrapper;

pub(crate) use driver::Browser;

use console::policy_violations;
use futures_util::FutureExt;
use std::panic::AssertUnwindSafe;

/// Runs a test in a fresh browser; skipped where `NUAGES_TEST_WEBDRIVER` names no driver.
///
/// # Panics
///
/// When the test does, or when the console tells of a broken content security policy.
pub(crate) async fn journey(name: &str, test: impl AsyncFnOnce(&Browser)) {
    let Some(browser) = Browser::open(name).await else {
        return nuages_tests::skip(
            name,
            "no WebDriver server (NUAGES_TEST_WEBDRIVER is not set)",
        );
    };
    let outcome = AssertUnwindSafe(async {
        test(&browser).await;
        let violations = policy_violations(&browser.console().await);
        assert!(violations.is_empty(), "the console tells: {violations:#?}");
    })
    .catch_unwind()
    .await;
    if outcome.is_err() {
        failure::keep(name, &browser).await;
    }
    browser.close().await;
    if let Err(panic) = outcome {
        std::panic::resume_unwind(panic);
    }
}
