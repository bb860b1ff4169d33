//! Where the log goes: standard error, as RUST_LOG says.

use std::io::IsTerminal;

use tracing_subscriber::EnvFilter;

/// Starts the log; a program that has started its own keeps it.
pub(crate) fn start() {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info"));
    let _ = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal())
        .try_init();
}
