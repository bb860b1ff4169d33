//! The site that is measured: sessions, CSRF and the current user, with every layer that Nuages has by default,
//! and a long response that is written while it is sent.
//!
//! Port, database and key come from the environment, as the benchmark's contract wants them; it runs until SIGTERM.
#![expect(
    clippy::disallowed_methods,
    reason = "a server for measuring takes its settings from the environment, as its contract says"
)]

use std::convert::Infallible;
use std::error::Error;
use std::io::Write as _;

use nuages::Settings;
use nuages::auth::{AuthRequest, AuthenticationForm};
use nuages::migrations::Target;
use nuages::prelude::*;
use nuages::web::GetData;
use nuages_app::ServerSettings;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};

/// How long requests that are being answered may take after SIGTERM, in seconds.
const GRACE: f64 = 2.0;

async fn hello(user: CurrentUser) -> Json<Value> {
    Json(json!({"message": "Hello, World!", "user": user.username}))
}

async fn raw() -> Json<Value> {
    Json(json!({"message": "Hello, World!"}))
}

async fn login_page(page: Page) -> Result {
    page.render("login.html", context! { title: "Log in", next: "" })
        .await
}

async fn log_in(req: AuthRequest, page: Page, data: PostData) -> Result {
    let fields: FormData = data
        .pairs()
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect();
    match AuthenticationForm::bound(&fields)
        .authenticate(&req)
        .await?
    {
        Ok(user) => {
            req.login(&user).await?;
            redirect("/hello-auth")
        }
        Err(_) => login_page(page).await,
    }
}

/// How many rows `/csv` has.
const ROWS: u32 = 1_000_000;

/// The rows from `first` on, as many as a chunk holds.
fn rows(first: u32, count: u32) -> Vec<u8> {
    let end = first.saturating_add(count).min(ROWS);
    let mut text = Vec::with_capacity(32 * (end - first) as usize);
    for k in first..end {
        // Writing into memory does not fail.
        let _ = write!(
            text,
            "{k},name-{k},{}.{:02},2026-01-01\r\n",
            k / 100,
            k % 100
        );
    }
    text
}

async fn csv(query: GetData) -> StreamResponse {
    let count = query
        .get("n")
        .and_then(|n| n.parse().ok())
        .unwrap_or(1)
        .max(1);
    let firsts = (0..ROWS).step_by(count as usize);
    let chunks = firsts.map(move |first| Ok::<_, Infallible>(rows(first, count)));
    StreamResponse::new(futures_util::stream::iter(chunks)).content_type("text/csv")
}

fn settings() -> Result<Settings, Box<dyn Error>> {
    let mut settings = Settings::from_toml("defaults", "")?;
    settings.set("secret_key", std::env::var("SECRET_KEY")?)?;
    settings.set("database_url", std::env::var("DATABASE_URL")?)?;
    settings.set("allowed_hosts", vec!["127.0.0.1", "localhost"])?;
    // Passwords are MD5 in the benchmark, so that the key derivation is not what is measured.
    settings.set("password_hashers", vec!["md5"])?;
    if let Ok(templates) = std::env::var("BENCH_TEMPLATES") {
        settings.set("template_dirs", vec![format!("{templates}/dtl")])?;
    }
    Ok(settings)
}

#[tokio::main(worker_threads = 2)]
async fn main() -> Result<(), Box<dyn Error>> {
    let urls = Urls::new()
        .path("hello-auth", get(hello), "hello")
        .path("raw", get(raw), "raw")
        .path("csv", get(csv), "csv")
        .path("login/", get(login_page).post(log_in), "login");
    let site = Site::new()
        .install(nuages::auth::app())
        .urls(urls)
        .with_settings(settings()?)
        .build()?;
    let db = site.connect().await?;
    // The database is Django's; the table of failed logins is ours.
    let ours = Target::App("nuages_auth".to_owned());
    site.migrate(&db, &ours).await?;
    let service = site.service(&db)?;
    let port: u16 = std::env::var("PORT")?.parse()?;
    let listener = TcpListener::bind(("127.0.0.1", port)).await?;
    let mut terminate = signal(SignalKind::terminate())?;
    let stop = async move {
        terminate.recv().await;
    };
    let limits = ServerSettings {
        shutdown_timeout: GRACE,
        ..ServerSettings::default()
    };
    nuages_app::serve(listener, service, &limits, stop).await?;
    Ok(())
}
