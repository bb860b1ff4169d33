//! `cargo xtask bench layers`: what each layer of the onion costs a request that asks nothing of it.
//!
//! The site is called in this process, without a socket: first without any layer, then with one layer more at a time,
//! all in turns. A layer's cost is the difference.
#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    clippy::disallowed_methods,
    reason = "a command talks to its terminal, and times the world as it is"
)]

use std::error::Error;
use std::process::ExitCode;

use axum::body::Body;
use axum::http::{HeaderValue, Request, Response, header};
use nuages::Settings;
use nuages::prelude::*;
use nuages_bench::database::{self, SECRET_KEY};
use nuages_bench::table::median;
use nuages_web::SharedService;
use rustix::time::{ClockId, clock_gettime};
use serde_json::{Value, json};

/// Requests in a turn: long enough for the clock, short enough to be over before somebody else wants the core.
const TURN: u32 = 2_000;

/// One way to answer, and what a request cost in each of its turns, in nanoseconds.
struct Target {
    name: &'static str,
    service: SharedService,
    turns: Vec<f64>,
}

impl Target {
    fn new(name: &'static str, service: SharedService) -> Self {
        let turns = Vec::new();
        Self {
            name,
            service,
            turns,
        }
    }

    async fn turn(&mut self) -> Result<(), Box<dyn Error>> {
        let begin = cpu();
        for _ in 0..TURN {
            let Ok(response) = self.service.respond(request()).await;
            if !response.status().is_success() {
                return Err(format!("{} answers {}", self.name, response.status()).into());
            }
            std::hint::black_box::<Response<Body>>(response);
        }
        self.turns.push((cpu() - begin) / f64::from(TURN));
        Ok(())
    }
}

/// Nanoseconds of CPU that this thread has used.
fn cpu() -> f64 {
    let used = clock_gettime(ClockId::ThreadCPUTime);
    #[expect(
        clippy::cast_precision_loss,
        reason = "a program does not run that long"
    )]
    let nanoseconds = (used.tv_sec * 1_000_000_000 + used.tv_nsec) as f64;
    nanoseconds
}

async fn raw() -> Json<Value> {
    Json(json!({"message": "Hello, World!"}))
}

/// What `wrk` sends.
fn request() -> Request<Body> {
    let mut request = Request::new(Body::empty());
    *request.uri_mut() = axum::http::Uri::from_static("/raw");
    let host = HeaderValue::from_static("127.0.0.1:8000");
    request.headers_mut().insert(header::HOST, host);
    request
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    match bench().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::from(2)
        }
    }
}

async fn bench() -> Result<(), Box<dyn Error>> {
    let rounds = match std::env::args().skip(1).collect::<Vec<_>>().as_slice() {
        [] => 101,
        [name, number] if name == "--rounds" => number.parse()?,
        _ => return Err("the only option is --rounds N".into()),
    };
    let mut targets = targets().await?;
    // One round to warm up.
    for _ in 0..=rounds {
        for target in &mut targets {
            target.turn().await?;
        }
    }
    let mut before = None;
    println!("CPU of a request, in nanoseconds: median of {rounds} turns of {TURN} requests");
    for target in &targets {
        let cost = median(target.turns.get(1..).unwrap_or_default());
        match before {
            None => println!("  {:<26}{cost:>8.0}", target.name),
            Some(before) => println!("  + {:<24}{cost:>8.0}{:>+8.0}", target.name, cost - before),
        }
        before = Some(cost).filter(|_| target.name != BARE);
    }
    Ok(())
}

const BARE: &str = "bare axum";

/// Bare axum; the site without layers; the site with one layer more at a time.
async fn targets() -> Result<Vec<Target>, Box<dyn Error>> {
    let path = std::env::temp_dir().join(format!("nuages-layers-{}.sqlite3", std::process::id()));
    database::create(&path, jiff::Timestamp::now())?;
    let mut settings = Settings::from_toml("defaults", "")?;
    settings.set("secret_key", SECRET_KEY)?;
    settings.set("database_url", format!("sqlite:///{}", path.display()))?;
    settings.set("allowed_hosts", vec!["127.0.0.1", "localhost"])?;
    let site = Site::new()
        .install(nuages::auth::app())
        .urls(Urls::new().path("raw", get(raw), "raw"))
        .with_settings(settings)
        .build()?;
    let db = site.connect().await?;
    let bare = axum::Router::new().route(
        "/raw",
        axum::routing::get(async || axum::Json(json!({"message": "Hello, World!"}))),
    );
    let mut targets = vec![
        Target::new(BARE, SharedService::new(bare)),
        Target::new("no layers", site.insecure_service_in_order(&db, &[])?),
    ];
    let stack = site.stack();
    for (number, layer) in stack.iter().enumerate() {
        let service = site.insecure_service_in_order(&db, &stack[..=number])?;
        targets.push(Target::new(layer.name(), service));
    }
    drop(std::fs::remove_file(path));
    Ok(targets)
}
