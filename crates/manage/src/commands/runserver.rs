//! `runserver`: serves the site, and stops gracefully.

use std::fmt::Write as _;
use std::net::SocketAddr;

use nuages_app::{BuiltSite, serve};
use nuages_auth::User;
use nuages_base::Level;
use nuages_db::Db;
use nuages_migrations::{Executor, Target};
use nuages_orm::Model as _;
use tokio::net::TcpListener;

use crate::console::Console;
use crate::error::CommandError;

/// Arguments of `runserver`.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct Args {
    /// Where to listen: an address with its port, or a port alone.
    #[arg(default_value = "127.0.0.1:8000")]
    address: String,
    /// Apply the migrations that are missing before serving. In debug this is done without being asked.
    #[arg(long)]
    migrate: bool,
}

impl Default for Args {
    fn default() -> Self {
        Self {
            address: "127.0.0.1:8000".to_owned(),
            migrate: false,
        }
    }
}

pub(crate) async fn run(
    site: &BuiltSite,
    args: &Args,
    console: &Console,
) -> Result<(), CommandError> {
    stop_at_errors(site, console)?;
    let address = parse(&args.address)?;
    let db = site.connect().await?;
    if args.migrate || site.settings().site.debug {
        for step in site.migrate(&db, &Target::All).await? {
            console.line(format_args!("migrated   {step}"));
        }
    } else {
        let missing = Executor::new(&site.migrations())?
            .plan(&db, &Target::All)
            .await?
            .len();
        if missing > 0 {
            console.line(format_args!(
                "warning    {missing} migrations are not applied: run `migrate`, or `runserver --migrate`"
            ));
        }
    }
    let listener = TcpListener::bind(address)
        .await
        .map_err(|error| CommandError::new(format!("cannot listen on {address}: {error}")))?;
    let address = listener.local_addr()?;
    if let Some(path) = &site.settings().new_key_file {
        console.line(format_args!(
            "warning    a secret key for development was written to {}: set NUAGES_SECRET_KEY in production",
            path.display()
        ));
    }
    how_to_log_in(site, &db, address, console).await?;
    console.line(format_args!(
        "serving    http://{address}/ (stop with Ctrl-C)"
    ));
    let limits = &site.settings().server;
    let finished = serve(listener, site.service(&db)?, limits, stop_signal()).await?;
    let flushed = tokio::time::timeout(limits.grace(), site.mail().flush()).await;
    if flushed.is_err() {
        console.line("warning    mails that could not be sent in time are lost");
    }
    if finished {
        console.line("stopped    every open request was finished");
    } else {
        console.line(format_args!(
            "stopped    after {} seconds with requests still open",
            limits.shutdown_timeout
        ));
    }
    Ok(())
}

fn parse(text: &str) -> Result<SocketAddr, CommandError> {
    let whole = if text.parse::<u16>().is_ok() {
        format!("127.0.0.1:{text}")
    } else {
        text.to_owned()
    };
    whole.parse().map_err(|_| {
        CommandError::new(format!(
            "`{text}` is no address: write 8000, 127.0.0.1:8000 or 0.0.0.0:8000"
        ))
    })
}

fn stop_at_errors(site: &BuiltSite, console: &Console) -> Result<(), CommandError> {
    let found = site.checks(false);
    for check in found.iter().filter(|check| check.level >= Level::Warning) {
        console.line(format_args!("{:?}: {check}", check.level));
    }
    if found.iter().any(|check| check.level >= Level::Error) {
        return Err(CommandError::new(
            "the site has mistakes in its configuration: see above",
        ));
    }
    Ok(())
}

/// One line that tells a newcomer the way in.
async fn how_to_log_in(
    site: &BuiltSite,
    db: &Db,
    address: SocketAddr,
    console: &Console,
) -> Result<(), CommandError> {
    let Ok(login) = site.urls().reverse("login", &[], &[]) else {
        return Ok(());
    };
    let mut words = format!("log in     http://{address}{login}");
    if User::objects().count(db).await? == 0 {
        words.push_str(" · no users yet: ");
        if let Ok(register) = site.urls().reverse("register", &[], &[]) {
            // Writing into a String cannot fail.
            let _ = write!(words, "register at http://{address}{register}, or ");
        }
        words.push_str("run `cargo run -- createsuperuser`");
    }
    console.line(words);
    Ok(())
}

async fn stop_signal() {
    let ctrl_c = async {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    };
    #[cfg(unix)]
    let terminate = async {
        match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
            Ok(mut signal) => {
                signal.recv().await;
            }
            Err(_) => std::future::pending::<()>().await,
        }
    };
    #[cfg(not(unix))]
    let terminate = std::future::pending::<()>();
    tokio::select! {
        () = ctrl_c => {}
        () = terminate => {}
    }
}
