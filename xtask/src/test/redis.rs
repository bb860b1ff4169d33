//! A Redis server, on a free port.

use std::fs::File;
use std::net::{TcpListener, TcpStream};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::{Duration, Instant};

use crate::process::{command, which};

/// The server, if there is one: Redis, or Valkey, which answers the same.
pub(super) fn server() -> Option<PathBuf> {
    which("redis-server").or_else(|| which("valkey-server"))
}

/// Redis writes its title over its own environment, and the mark of the run with it:
/// a shell that keeps the mark ends the server when the guard ends the shell.
const SUPERVISOR: &str = r#""$0" "$@" & server=$!; trap 'kill $server' TERM INT; wait $server"#;

/// Starts the server and returns its address once it accepts connections. It keeps nothing on the disk.
pub(super) fn start(folder: &Path, mark: &str) -> Result<String, String> {
    let server = server().ok_or("there is no redis-server on this machine")?;
    let port = free_port()?;
    let log = folder.join("redis.log");
    let file =
        File::create(&log).map_err(|error| format!("cannot write {}: {error}", log.display()))?;
    let port_text = port.to_string();
    let mut child = command(
        "sh",
        &[
            "-c",
            SUPERVISOR,
            &server.display().to_string(),
            "--bind",
            "127.0.0.1",
            "--port",
            &port_text,
            "--save",
            "",
            "--appendonly",
            "no",
        ],
    )
    .current_dir(folder)
    .env("NUAGES_TEST_RUN", mark)
    .process_group(0)
    .stdin(Stdio::null())
    .stdout(file)
    .stderr(Stdio::null())
    .spawn()
    .map_err(|error| format!("cannot run {}: {error}", server.display()))?;

    let deadline = Instant::now() + Duration::from_secs(30);
    while TcpStream::connect(("127.0.0.1", port)).is_err() {
        if let Ok(Some(status)) = child.try_wait() {
            let said = super::read(&log);
            return Err(format!(
                "{} ended at once ({status}): {}",
                server.display(),
                said.trim()
            ));
        }
        if Instant::now() > deadline {
            return Err("the Redis server accepted nothing within 30 seconds".into());
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    Ok(format!("redis://127.0.0.1:{port}/0"))
}

/// A port that nobody listened on a moment ago.
fn free_port() -> Result<u16, String> {
    TcpListener::bind("127.0.0.1:0")
        .and_then(|listener| listener.local_addr())
        .map(|address| address.port())
        .map_err(|error| format!("no port is free: {error}"))
}

#[cfg(test)]
mod tests {
    use std::net::TcpStream;
    use std::time::{Duration, Instant};

    use super::super::guard::Guard;

    #[test]
    fn the_server_is_gone_with_its_guard() {
        if super::server().is_none() {
            println!("skipped: there is no redis-server on this machine");
            return;
        }
        let folder = std::env::temp_dir();
        let guard = Guard::start().unwrap();
        let address = super::start(&folder, guard.mark()).unwrap();
        let place = address
            .trim_start_matches("redis://")
            .trim_end_matches("/0");
        assert!(TcpStream::connect(place).is_ok());
        guard.stop();
        let deadline = Instant::now() + Duration::from_secs(5);
        while TcpStream::connect(place).is_ok() {
            assert!(Instant::now() < deadline, "the server lives on");
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}
