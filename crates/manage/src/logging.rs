//! Where the log goes: standard error, as RUST_LOG says.

use std::io::IsTerminal;

use tracing::Level;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::fmt;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

/// Starts the log; a program that has started its own keeps it.
///
/// `RUST_LOG` is a list such as `info,nuages.request=debug`: a level for all, and levels for targets.
/// Rules about spans and their fields are not read, which saves two crates of regular expressions.
pub(crate) fn start() {
    let rules = std::env::var_os("RUST_LOG")
        .and_then(|rules| rules.to_str()?.parse::<Targets>().ok())
        .unwrap_or_else(|| Targets::new().with_default(Level::INFO));
    let printed = fmt::layer()
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal());
    let _ = tracing_subscriber::registry()
        .with(printed)
        .with(rules)
        .try_init();
}
