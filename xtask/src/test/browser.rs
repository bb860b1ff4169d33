//! chromedriver, on a free port.

use std::fs::File;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::{Duration, Instant};

use crate::process::{command, which};

/// Where the driver may lie besides `PATH`: Debian's package, Ubuntu's old one, the snap.
const DRIVERS: &[&str] = &[
    "/usr/bin/chromedriver",
    "/usr/lib/chromium-browser/chromedriver",
    "/snap/bin/chromium.chromedriver",
];

/// The driver, if there is one.
pub(super) fn driver() -> Option<PathBuf> {
    which("chromedriver").or_else(|| DRIVERS.iter().map(PathBuf::from).find(|path| path.exists()))
}

/// Starts the driver and returns its address once it answers for a port.
pub(super) fn start(folder: &Path, mark: &str) -> Result<String, String> {
    let driver = driver().ok_or("there is no chromedriver on this machine")?;
    let log = folder.join("chromedriver.log");
    let file =
        File::create(&log).map_err(|error| format!("cannot write {}: {error}", log.display()))?;
    let errors = file
        .try_clone()
        .map_err(|error| format!("cannot write {}: {error}", log.display()))?;
    let mut child = command(&driver, &["--port=0"])
        .env("NUAGES_TEST_RUN", mark)
        .process_group(0)
        .stdin(Stdio::null())
        .stdout(file)
        .stderr(errors)
        .spawn()
        .map_err(|error| format!("cannot run {}: {error}", driver.display()))?;

    let deadline = Instant::now() + Duration::from_secs(30);
    loop {
        let said = super::read(&log);
        if let Some(port) = port(&said) {
            return Ok(format!("http://127.0.0.1:{port}"));
        }
        if let Ok(Some(status)) = child.try_wait() {
            return Err(format!(
                "chromedriver ended at once ({status}): {}",
                said.trim()
            ));
        }
        if Instant::now() > deadline {
            return Err("chromedriver named no port within 30 seconds".into());
        }
        std::thread::sleep(Duration::from_millis(50));
    }
}

/// The port in "ChromeDriver was started successfully on port 12345."
fn port(log: &str) -> Option<u16> {
    let (_, rest) = log.split_once("successfully on port ")?;
    rest.split(|sign: char| !sign.is_ascii_digit())
        .next()?
        .parse()
        .ok()
}

#[cfg(test)]
mod tests {
    use super::port;

    #[test]
    fn the_port_is_read_out_of_the_log() {
        let log = "Starting ChromeDriver 156.0\nPlease see ...\nChromeDriver was started successfully on port 40123.\n";
        assert_eq!(port(log), Some(40123));
        assert_eq!(port("Starting ChromeDriver 156.0 on port 0\n"), None);
    }
}
