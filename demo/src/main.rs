//! The demo site. `cargo run` serves it, `cargo run -- --help` lists its other commands.

use std::process::ExitCode;

use nuages::prelude::*;

#[tokio::main]
async fn main() -> ExitCode {
    nuages_demo::site().manage().await
}
