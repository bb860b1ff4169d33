//! Whole journeys through the demo site: in a real browser, and without one.

mod account;
mod commands;
mod guide;
mod pages;
mod prompts;
mod reset;

use nuages::testing::{LiveServer, TestSite};

/// The demo site on its own database, with its own templates and settings.
pub(crate) async fn demo() -> TestSite {
    TestSite::with(nuages_demo::site(), |settings| {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../demo");
        let text = std::fs::read_to_string(format!("{folder}/nuages.toml")).unwrap();
        let own = nuages::Settings::from_toml("nuages.toml", &text).unwrap();
        settings.base_dir = folder.into();
        settings.web = own.web;
        settings.auth.login_redirect_url = own.auth.login_redirect_url;
        settings.auth.logout_redirect_url = own.auth.logout_redirect_url;
    })
    .await
}

/// The demo site at a real address.
pub(crate) async fn live_demo() -> (TestSite, LiveServer) {
    let site = demo().await;
    let server = site.live().await;
    (site, server)
}
