//! `cargo xtask bench hello`: our server and the bare one in turns, and the ratio of their CPU.
#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    clippy::disallowed_methods,
    reason = "a command talks to its terminal, and times the world as it is"
)]

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use nuages_bench::database::{self, SESSION_KEY};
use nuages_bench::load::{ask, get, run};
use nuages_bench::server::{Server, free_port};
use nuages_bench::table::{Rounds, line, median};

/// What the command line asks for.
struct Options {
    rounds: usize,
    seconds: u64,
    connections: usize,
    most: Option<f64>,
}

#[tokio::main]
async fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let result = match parse(&arguments) {
        Ok(options) => bench(&options).await,
        Err(message) => Err(message),
    };
    match result {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(message) => {
            eprintln!("error: {message}");
            ExitCode::from(2)
        }
    }
}

fn parse(arguments: &[String]) -> Result<Options, String> {
    let mut options = Options {
        rounds: 5,
        seconds: 3,
        connections: 32,
        most: None,
    };
    let mut rest = arguments.iter();
    while let Some(name) = rest.next() {
        let value = rest.next().ok_or(format!("{name} needs a number"))?;
        let bad = |_| format!("{name} needs a number, not '{value}'");
        match name.as_str() {
            "--rounds" => options.rounds = value.parse().map_err(bad)?,
            "--secs" => options.seconds = value.parse().map_err(bad)?,
            "--conns" => options.connections = value.parse().map_err(bad)?,
            "--max" => options.most = Some(value.parse().map_err(|_| bad_float(name, value))?),
            _ => return Err(format!("no option {name}; see `cargo xtask help bench`")),
        }
    }
    Ok(options)
}

fn bad_float(name: &str, value: &str) -> String {
    format!("{name} needs a number, not '{value}'")
}

async fn bench(options: &Options) -> Result<bool, String> {
    let here = std::env::current_exe().map_err(|error| error.to_string())?;
    let folder = here.parent().unwrap_or(Path::new("."));
    let database = database_file(folder)?;
    let mut servers = Vec::new();
    for (name, binary) in [("bare", "nuages-bench-bare"), ("nuages", "nuages-bench-w1")] {
        let port = free_port()?;
        let server = Server::start(name, &folder.join(binary), port, &database)?;
        check(&server).await?;
        servers.push(server);
    }

    let mut ours_within = true;
    for path in ["/hello-auth", "/raw"] {
        let session = (path == "/hello-auth").then_some(SESSION_KEY);
        let request = get(path, session);
        let mut rounds = vec![Rounds::default(); servers.len()];
        for server in &servers {
            turn(server, &request, options, Duration::from_millis(500)).await?;
        }
        for round in 0..options.rounds {
            for step in 0..servers.len() {
                let at = (round + step) % servers.len();
                let time = Duration::from_secs(options.seconds);
                let (cpu, rate) = turn(&servers[at], &request, options, time).await?;
                rounds[at].cpu.push(cpu);
                rounds[at].rate.push(rate);
            }
        }
        println!("\n{path}");
        let limit = median(&rounds[0].cpu);
        for (server, rounds) in servers.iter().zip(&rounds) {
            println!("{}", line(server.name, rounds, limit));
        }
        let ratio = median(&rounds[1].cpu) / limit;
        if path == "/hello-auth" {
            println!("ratio {ratio:.2}: our server CPU a request, by that of bare axum");
            ours_within = options.most.is_none_or(|most| ratio <= most);
        }
    }
    Ok(ours_within)
}

fn database_file(folder: &Path) -> Result<PathBuf, String> {
    let path = folder.join("nuages-bench-hello.sqlite3");
    database::create(&path, jiff::Timestamp::now())
        .map_err(|error| format!("cannot make {}: {error}", path.display()))?;
    Ok(path)
}

/// Both servers must do the same work before anything is measured.
async fn check(server: &Server) -> Result<(), String> {
    let lost = |error| format!("{}: {error}", server.name);
    let answer = ask(server.port, &get("/hello-auth", Some(SESSION_KEY)))
        .await
        .map_err(lost)?;
    let body: serde_json::Value = serde_json::from_slice(&answer.body).unwrap_or_default();
    let expected = serde_json::json!({"message": "Hello, World!", "user": "bench"});
    if answer.status != 200 || body != expected {
        return Err(format!("{} answers {answer:?}", server.name));
    }
    for header in [
        "x-frame-options: deny",
        "x-content-type-options: nosniff",
        "referrer-policy: same-origin",
        "cross-origin-opener-policy: same-origin",
    ] {
        if !answer.head.contains(header) {
            return Err(format!("{} does not send {header}", server.name));
        }
    }
    let forged = SESSION_KEY.replace('b', "c");
    for session in [None, Some(forged.as_str())] {
        let answer = ask(server.port, &get("/hello-auth", session)).await;
        let status = answer.map_err(lost)?.status;
        if !matches!(status, 302 | 401 | 403) {
            return Err(format!("{} answers {status} to a stranger", server.name));
        }
    }
    Ok(())
}

/// One turn: microseconds of server CPU a request, and requests a second.
async fn turn(
    server: &Server,
    request: &str,
    options: &Options,
    time: Duration,
) -> Result<(f64, f64), String> {
    let before = server.cpu()?;
    let answers = run(server.port, request, options.connections, time)
        .await
        .map_err(|error| format!("{}: {error}", server.name))?;
    let cpu = server.cpu()? - before;
    #[expect(
        clippy::cast_precision_loss,
        reason = "a count of answers fits a float"
    )]
    let answers = answers as f64;
    Ok((cpu / answers * 1e6, answers / time.as_secs_f64()))
}
