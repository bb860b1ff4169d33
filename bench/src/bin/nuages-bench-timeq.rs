//! `cargo xtask bench timeq`: does the time of an answer tell whether there is such an account?
//!
//! The catalogue's A1 and TIMEQ: wrong passwords for an active, an inactive, an unusable, an outdated and an unknown account,
//! in turns on one connection that stays open. Beside the deterministic count of hashes, which the tests make.
#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a command talks to its terminal"
)]

use std::error::Error;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Instant;

use nuages::auth::backends::{Backend, Verdict};
use nuages::auth::passwords::{Hashers, PasswordHasher as _, PasswordPool, Pbkdf2};
use nuages::auth::{Auth, AuthSettings, Credentials, CurrentUserLayer};
use nuages::base::{Clock, Signals};
use nuages::db::{Db, DbSettings};
use nuages::migrations::{Executor, Target};
use nuages::prelude::*;
use nuages::sessions::{MemoryStore, MessagesContext, SessionLayer, SessionSettings};
use nuages::template::{Engine, MemoryLoader};
use nuages::testing::LiveServer;
use nuages_bench::load::Connection;
use nuages_bench::table::median;
use nuages_bench::timing::Comparison;
use nuages_crypto::KeyRing;
use nuages_web::{Dispatch, LayerStack, ResolveLayer, SharedService, SiteContext};

const NAMES: [&str; 5] = ["alice", "bob", "carol", "dave", "nobody"];
const KINDS: [&str; 5] = ["active", "inactive", "unusable", "outdated", "unknown"];
const PASSWORD: &str = "correct horse battery";
/// Milliseconds that count as no difference.
const LEAST: f64 = 1.0;

type Outcome<T> = Result<T, Box<dyn Error + Send + Sync>>;

/// A backend as it must not be: it hashes only where there is something to compare with.
#[derive(Debug)]
struct Hasty;

impl Backend for Hasty {
    fn path(&self) -> &'static str {
        "hasty"
    }

    fn authenticate<'a>(
        &'a self,
        auth: &'a Auth,
        credentials: &'a Credentials,
    ) -> futures_util::future::BoxFuture<'a, Result<Verdict, nuages::auth::Error>> {
        Box::pin(async move {
            let text = |name| credentials.get(name).unwrap_or_default();
            let users = auth.users();
            let Some(mut user) = users.by_username(text("username")).await? else {
                return Ok(Verdict::Pass);
            };
            let correct = users.check_password(&mut user, text("password")).await?;
            Ok(if correct && user.is_active {
                Verdict::Accept(user)
            } else {
                Verdict::Pass
            })
        })
    }
}

/// The iterations that take about so many milliseconds here.
fn iterations_of(milliseconds: f64) -> Outcome<u32> {
    let hasher = Pbkdf2::sha256().iterations(20_000);
    let mut times = Vec::new();
    for _ in 0..7 {
        let begin = Instant::now();
        hasher.encode(PASSWORD.as_bytes(), "abcdefghijklmnopqrstuv")?;
        times.push(begin.elapsed().as_secs_f64() * 1000.0);
    }
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a number of iterations"
    )]
    let iterations = (20_000.0 * milliseconds / median(&times)) as u32;
    Ok(iterations.max(1000))
}

/// The login page, with its five users.
async fn site(iterations: u32) -> Outcome<Auth> {
    let db = Db::connect(&DbSettings::new("sqlite::memory:")).await?;
    let executor = Executor::new(&nuages::auth::app_migrations())?;
    executor.run(&db, &Target::All).await?;
    let full = Pbkdf2::sha256().iterations(iterations);
    let settings = AuthSettings {
        login_failure_limit: 0,
        login_failure_limit_per_account: 0,
        ..AuthSettings::default()
    };
    let keys = KeyRing::new("a key for measuring and nothing else");
    let auth = Auth::new(db, keys, settings, Signals::new(), Clock::system())?
        .with_password_pool(PasswordPool::new(Hashers::new(full), 1, 64));
    let users = auth.users();
    users.create_user("alice", "", PASSWORD).await?;
    let mut bob = users.create_user("bob", "", PASSWORD).await?;
    bob.is_active = false;
    bob.save(auth.db()).await?;
    users.create_user("carol", "", None).await?;
    let mut dave = users.create_user("dave", "", None).await?;
    let old = Pbkdf2::sha256().iterations(iterations / 10);
    dave.password = old.encode(PASSWORD.as_bytes(), "abcdefghijklmnopqrstuv")?;
    dave.save(auth.db()).await?;
    Ok(auth)
}

fn service(auth: Auth) -> Outcome<SharedService> {
    let engine = Engine::builder()
        .loader(MemoryLoader::new(nuages::auth::templates().iter().copied()))
        .build();
    let urls = Urls::new().include("accounts/", nuages::auth::urls());
    let site = SiteContext::new(engine, urls.freeze()?)
        .with_processor(Arc::new(nuages::auth::UserContext))
        .with_processor(Arc::new(MessagesContext));
    let site = Arc::new(site);
    let store = Arc::new(MemoryStore::new());
    let sessions = SessionLayer::new(store, SessionSettings::default(), Clock::system());
    Ok(LayerStack::new(Dispatch::views(site.clone()))
        .around(CurrentUserLayer::new(auth))
        .around(sessions)
        .around(ResolveLayer::new(site))
        .into_service())
}

/// How many milliseconds a wrong password takes, for each kind of account.
async fn measure(auth: Auth, rounds: usize) -> Outcome<Vec<Vec<f64>>> {
    let server = LiveServer::start(service(auth)?).await?;
    let mut connection = Connection::open(server.address().port()).await?;
    let mut times = vec![Vec::new(); NAMES.len()];
    for round in 0..=rounds {
        for place in 0..NAMES.len() {
            // Each is first as often as last.
            let place = (place + round) % NAMES.len();
            let body = format!("username={}&password=wrong", NAMES[place]);
            let request = format!(
                "POST /accounts/login/ HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{body}",
                body.len()
            );
            let begin = Instant::now();
            let answer = connection.exchange(request.as_bytes()).await?;
            let passed = begin.elapsed().as_secs_f64() * 1000.0;
            if answer.status != 200 {
                return Err(format!("the login page answers {}", answer.status).into());
            }
            // The first round warms up.
            if round > 0 {
                times[place].push(passed);
            }
        }
    }
    server.stop().await?;
    Ok(times)
}

/// Prints medians and pairs; how many pairs can be told apart.
fn report(what: &str, times: &[Vec<f64>]) -> usize {
    println!("{what}");
    for (kind, times) in KINDS.iter().zip(times) {
        println!("  {kind:<9} median {:8.3} ms", median(times));
    }
    let mut told_apart = 0;
    for left in 0..times.len() {
        for right in left + 1..times.len() {
            let pair = Comparison::of(&times[left], &times[right]);
            let is_same = pair.is_same(LEAST);
            told_apart += usize::from(!is_same);
            println!(
                "  {:<9} {:<9} differ by {:7.3} ms, p {:.4}{}",
                KINDS[left],
                KINDS[right],
                pair.difference,
                pair.p,
                if is_same { "" } else { "   <- told apart" }
            );
        }
    }
    told_apart
}

async fn run(rounds: usize) -> Outcome<()> {
    let iterations = iterations_of(20.0)?;
    println!("{iterations} iterations, {rounds} requests of each kind, in turns on one connection");
    let ours = measure(site(iterations).await?, rounds).await?;
    let told = report("ModelBackend", &ours);
    println!("  {told} of 10 pairs told apart (of many runs chance alone gives 1 pair in 100)");
    let hasty = site(iterations).await?.with_backends(vec![Arc::new(Hasty)]);
    let pair = measure(hasty, rounds.min(50)).await?;
    let told = report("the pair: a backend that returns early", &pair);
    println!("  {told} of 10 pairs told apart");
    Ok(())
}

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let rounds = match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        [] => Some(300),
        ["--rounds", rounds] => rounds.parse().ok(),
        _ => None,
    };
    let Some(rounds) = rounds.filter(|rounds| *rounds > 0) else {
        eprintln!("usage: cargo xtask bench timeq [--rounds N]");
        return ExitCode::FAILURE;
    };
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build();
    let done = runtime
        .map_err(Into::into)
        .and_then(|runtime| runtime.block_on(run(rounds)));
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}
