//! A3: the answer, its time and the log tell nobody who has an account.

use std::sync::Mutex;
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use nuages::auth::User;
use nuages::mail::{Backend, EmailMessage, Error as MailError, Outgoing};
use nuages::prelude::*;
use nuages::testing::{TestResponse, TestSite};

use super::{ask, user};
use crate::attacks::http::log::Log;

/// A mail server that is up, down, or hangs.
#[derive(Debug)]
enum Server {
    Up,
    Down,
    Hangs(Mutex<Receiver<()>>),
    Slow(Duration),
}

impl Backend for Server {
    fn send(&self, _: &Outgoing) -> Result<(), MailError> {
        match self {
            Self::Up => Ok(()),
            Self::Down => Err(MailError::Transport("the mail server is down".to_owned())),
            Self::Hangs(never) => {
                let _ = never.lock().unwrap().recv();
                Ok(())
            }
            Self::Slow(pause) => {
                std::thread::sleep(*pause);
                Ok(())
            }
        }
    }
}

/// What Django did before CVE-2024-45231: it looks, and sends while the visitor waits.
async fn naive(db: Db, mail: Mail, data: FormData) -> Result<Response> {
    let email = data.get("email").unwrap_or_default().to_owned();
    let found = User::objects()
        .get_or_none(|user| user.email().eq(email), &db)
        .await?;
    if let Some(user) = found {
        let message = EmailMessage::new("Reset", "link").to(user.email);
        mail.send(message)
            .await
            .map_err(|error| nuages::web::Error::server(error.to_string()))?;
    }
    redirect("/accounts/password_reset/done/")
}

async fn site(server: Server) -> TestSite {
    let urls =
        Urls::new()
            .include("accounts/", nuages::auth::urls())
            .path("naive/", post(naive), "naive");
    let site = Site::new()
        .install(nuages::auth::app())
        .with_mail_backend(server)
        .urls(urls);
    let site = TestSite::new(site).await;
    user(&site, "alice", "alice@example.com").await;
    site
}

/// Status, headers and body of an answer.
fn told(answer: &TestResponse) -> (u16, Vec<(String, String)>, String) {
    let mut headers: Vec<_> = answer
        .headers()
        .iter()
        // The nonce is another one each time.
        .filter(|(name, _)| name.as_str() != "content-security-policy")
        .map(|(name, value)| (name.to_string(), format!("{value:?}")))
        .collect();
    headers.sort();
    (answer.status().as_u16(), headers, answer.text())
}

#[tokio::test]
async fn a3_cve_2024_45231_the_answer_is_the_same_for_every_address_whatever_the_mail_server_does()
{
    let (_never, waits) = channel();
    for server in [Server::Up, Server::Down, Server::Hangs(Mutex::new(waits))] {
        let hangs = matches!(server, Server::Hangs(_));
        let site = site(server).await;
        let start = Instant::now();
        let known = ask(&mut site.client(), "alice@example.com").await;
        let unknown = ask(&mut site.client(), "nobody@example.com").await;
        assert!(start.elapsed() < Duration::from_secs(5));
        assert_eq!(known.status(), 302);
        assert_eq!(told(&known), told(&unknown));
        if !hangs {
            site.site().mail().flush().await;
        }
        // The queue that is full says nothing either.
        let _places: Vec<_> = std::iter::from_fn(|| site.site().mail().place().ok()).collect();
        assert_eq!(
            told(&ask(&mut site.client(), "alice@example.com").await),
            told(&unknown)
        );
    }
}

#[tokio::test]
async fn a3_pair_cve_2024_45231_a_view_that_sends_itself_fails_only_for_accounts() {
    let site = site(Server::Down).await;
    let mut statuses = Vec::new();
    for email in ["alice@example.com", "nobody@example.com"] {
        let answer = site
            .client()
            .post("/naive/")
            .form(&[("email", email)])
            .await;
        statuses.push(answer.status().as_u16());
    }
    assert_eq!(statuses, [500, 302]);
}

/// The median time of an answer for a known and an unknown address.
async fn medians(site: &TestSite, path: &str) -> [Duration; 2] {
    let mut times = [Vec::new(), Vec::new()];
    let mut browser = site.client();
    for round in 0..160 {
        let known = round % 2;
        let email = ["nobody@example.com", "alice@example.com"][known];
        let start = Instant::now();
        let answer = browser.post(path).form(&[("email", email)]).await;
        times[known].push(start.elapsed());
        assert_eq!(answer.status(), 302);
        site.site().mail().flush().await;
    }
    times.map(|mut times| {
        times.sort();
        times[times.len() / 2]
    })
}

#[tokio::test]
async fn a3_the_time_of_the_answer_is_the_same_for_every_address() {
    let site = site(Server::Slow(Duration::from_millis(10))).await;
    let [unknown, known] = medians(&site, "/accounts/password_reset/").await;
    assert!(
        known.abs_diff(unknown) < Duration::from_millis(1),
        "{unknown:?} {known:?}"
    );
}

#[tokio::test]
async fn a3_pair_the_time_of_a_view_that_sends_itself_tells_who_has_an_account() {
    let site = site(Server::Slow(Duration::from_millis(10))).await;
    let [unknown, known] = medians(&site, "/naive/").await;
    assert!(
        known > unknown + Duration::from_millis(5),
        "{unknown:?} {known:?}"
    );
}

#[tokio::test]
async fn a3_the_log_of_a_failed_mail_names_the_user_by_the_key_and_never_the_address() {
    let site = site(Server::Down).await;
    let (log, _guard) = Log::listen();
    ask(&mut site.client(), "alice@example.com").await;
    site.site().mail().flush().await;
    let events = log.events();
    let line = events
        .iter()
        .find(|line| line.contains("nuages.mail"))
        .unwrap();
    assert!(
        line.contains("password reset of user 1") && line.contains("is down"),
        "{line}"
    );
    assert!(
        !events.iter().any(|line| line.contains("alice")),
        "{events:?}"
    );
}
