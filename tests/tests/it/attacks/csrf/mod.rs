//! C: forged requests, with the secret in the cookie and in the session.

mod caches;
mod cookies;
mod login;
mod methods;
mod origins;
mod rotation;
mod tokens;

use nuages::Onion;
use nuages::testing::{Client, TestResponse};

use super::victim::{PASSWORD, Victim, log_in, token};

/// `csrf_use_sessions`: every attack is tried with both.
const PLACES: [bool; 2] = [false, true];

/// The settings of these tests: a proxy in front says what came over HTTPS.
async fn site(use_sessions: bool, without: &[Onion]) -> Victim {
    Victim::with(
        |settings| {
            settings.set("csrf_use_sessions", use_sessions).unwrap();
            let header = vec!["HTTP_X_FORWARDED_PROTO", "https"];
            settings.set("secure_proxy_ssl_header", header).unwrap();
            let trusted = vec!["https://*.x.com"];
            settings.set("csrf_trusted_origins", trusted).unwrap();
        },
        without,
    )
    .await
}

/// A site that checks tokens.
async fn protected(use_sessions: bool) -> Victim {
    site(use_sessions, &[]).await
}

/// The same without the layer.
async fn open() -> Victim {
    site(false, &[Onion::Csrf]).await
}

/// The cookies that a response sets under this name.
fn set_cookies(answer: &TestResponse, name: &str) -> Vec<String> {
    let lines = answer.headers().get_all("set-cookie").iter();
    lines
        .filter_map(|line| line.to_str().ok())
        .filter(|line| line.starts_with(&format!("{name}=")))
        .map(str::to_owned)
        .collect()
}

/// The token in the hidden field of a page.
fn field(page: &str) -> &str {
    let (_, rest) = page.split_once("value=\"").expect("a hidden field");
    rest.split('"').next().unwrap_or_default()
}

/// A user who has logged in, in a browser of their own.
async fn alice(victim: &Victim) -> Client {
    victim.site.create_user("alice", PASSWORD).await;
    let mut browser = victim.browser();
    log_in(&mut browser, "alice", PASSWORD).await;
    browser
}
