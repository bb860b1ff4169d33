//! A server as a process of its own, and the CPU that it has used.

use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::database::SECRET_KEY;

/// A running server; ended when it is dropped.
#[derive(Debug)]
pub struct Server {
    /// What the table calls it.
    pub name: &'static str,
    /// Where it listens, on 127.0.0.1.
    pub port: u16,
    child: Child,
}

impl Server {
    /// Starts the executable and waits until it takes connections.
    ///
    /// # Errors
    ///
    /// When it cannot be started, ends, or does not listen within ten seconds.
    pub fn start(
        name: &'static str,
        executable: &Path,
        port: u16,
        database: &Path,
    ) -> Result<Self, String> {
        let mut child = Command::new(executable)
            .env("PORT", port.to_string())
            .env("DATABASE_URL", format!("sqlite:///{}", database.display()))
            .env("SECRET_KEY", SECRET_KEY)
            .env("TZ", "UTC")
            .stdin(Stdio::null())
            .spawn()
            .map_err(|error| format!("cannot run {}: {error}", executable.display()))?;
        let deadline = Instant::now() + Duration::from_secs(10);
        while std::net::TcpStream::connect(("127.0.0.1", port)).is_err() {
            if let Ok(Some(status)) = child.try_wait() {
                return Err(format!("{name} ended at once: {status}"));
            }
            if Instant::now() > deadline {
                let _ = child.kill();
                return Err(format!("{name} does not listen on {port}"));
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        Ok(Self { name, port, child })
    }

    /// User and system time that the process has used, in seconds.
    ///
    /// # Errors
    ///
    /// Where `/proc` does not tell.
    pub fn cpu(&self) -> Result<f64, String> {
        let path = format!("/proc/{}/stat", self.child.id());
        let stat = std::fs::read_to_string(&path)
            .map_err(|error| format!("cannot read {path}: {error}"))?;
        let ticks = used_ticks(&stat).ok_or_else(|| format!("cannot make sense of {path}"))?;
        // Linux counts in hundredths of a second everywhere that we run.
        Ok(f64::from(ticks) / 100.0)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended by itself; then there is nothing to end.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Fields 14 and 15 of the line, counted behind the name, which may hold spaces.
fn used_ticks(stat: &str) -> Option<u32> {
    let (_, fields) = stat.rsplit_once(") ")?;
    let mut fields = fields.split(' ').skip(11);
    let user: u32 = fields.next()?.parse().ok()?;
    let system: u32 = fields.next()?.parse().ok()?;
    Some(user + system)
}

/// A port that nobody listens on right now.
///
/// # Errors
///
/// When the machine has none left.
pub fn free_port() -> Result<u16, String> {
    let listener = std::net::TcpListener::bind(("127.0.0.1", 0));
    let address = listener.and_then(|listener| listener.local_addr());
    let address = address.map_err(|error| format!("no free port: {error}"))?;
    Ok(address.port())
}

#[cfg(test)]
mod tests {
    use super::used_ticks;

    #[test]
    fn the_time_is_read_behind_any_name() {
        let stat = "7 (a ) b) S 1 2 3 4 5 6 7 8 9 10 30 4 99 99 20 0 1 0 99";
        assert_eq!(used_ticks(stat), Some(34));
    }
}
