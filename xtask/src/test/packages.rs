//! The packages of the system that tests need, through apt-get.

use std::path::Path;
use std::process::Command;

use super::{Run, browser, is_set, makes_environments, system_python};
use crate::process::{command, quiet, which};

/// Something tests need, what misses it, and the packages that bring it.
struct Need {
    what: &'static str,
    packages: &'static [&'static str],
}

const BROWSER: Need = Need {
    what: "Chromium and its driver",
    packages: &["chromium", "chromium-driver"],
};
/// Ubuntu's packages bring the snap, which needs a running snapd.
const BROWSER_SNAP: Need = Need {
    what: "Chromium and its driver",
    packages: &["chromium-browser", "chromium-chromedriver"],
};
const FONT: Need = Need {
    what: "a font",
    packages: &["fonts-dejavu-core"],
};
const PYTHON: Need = Need {
    what: "Python with venv",
    packages: &["python3", "python3-venv"],
};
const REDIS: Need = Need {
    what: "a Redis server",
    packages: &["redis-server"],
};

/// Installs what is missing; what cannot be had becomes a reason to skip.
pub(super) fn install_missing(run: &mut Run) {
    for need in missing() {
        let result = if run.install {
            install(need.packages)
        } else {
            Err("not installed, as --no-install asks".into())
        };
        let hint = need.packages.join(" ");
        let result =
            result.map_err(|reason| format!("{reason} (to have it: apt-get install {hint})"));
        run.attempt(need.what, result);
    }
}

fn missing() -> Vec<Need> {
    let mut needs = Vec::new();
    if browser::driver().is_none() && !is_set("NUAGES_TEST_WEBDRIVER") {
        needs.push(if is_ubuntu() { BROWSER_SNAP } else { BROWSER });
        if !has_font() {
            needs.push(FONT);
        }
    }
    if !is_set("NUAGES_TEST_PYTHON") {
        let python = system_python();
        if !python.is_some_and(|python| makes_environments(&python)) {
            needs.push(PYTHON);
        }
    }
    if super::redis::server().is_none() && !is_set("NUAGES_TEST_REDIS") {
        needs.push(REDIS);
    }
    needs
}

/// Asks apt-get, as root or through a sudo that needs no password.
fn install(packages: &[&str]) -> Result<(), String> {
    if which("apt-get").is_none() {
        return Err("there is no apt-get on this machine".into());
    }
    if packages == BROWSER_SNAP.packages && !snapd_runs() {
        return Err("Ubuntu has Chromium only as a snap, and no snapd runs here; set NUAGES_TEST_WEBDRIVER to a WebDriver server of your own".into());
    }
    let sudo = !is_root();
    if sudo && (which("sudo").is_none() || quiet(&mut command("sudo", &["-n", "true"])).is_err()) {
        return Err("installing needs root, or a sudo that asks for no password".into());
    }
    println!("installing {}", packages.join(" "));
    // Lists may be missing (a fresh image) or old; an update that fails is told by the install.
    let _ = quiet(apt(sudo).arg("update"));
    quiet(
        apt(sudo)
            .args(["install", "-y", "--no-install-recommends"])
            .args(packages),
    )
    .map(drop)
}

fn apt(sudo: bool) -> Command {
    let mut line = vec!["env", "DEBIAN_FRONTEND=noninteractive", "apt-get"];
    line.extend(["-qq", "-o", "DPkg::Lock::Timeout=120"]);
    if sudo {
        line.splice(0..0, ["sudo", "-n"]);
    }
    command(line[0], &line[1..])
}

fn is_root() -> bool {
    quiet(&mut command("id", &["-u"])).is_ok_and(|user| user.trim() == "0")
}

fn is_ubuntu() -> bool {
    super::read(Path::new("/etc/os-release"))
        .lines()
        .any(|line| line == "ID=ubuntu")
}

fn snapd_runs() -> bool {
    which("snap").is_some() && Path::new("/run/snapd.socket").exists()
}

/// Whether any font lies where fontconfig looks.
fn has_font() -> bool {
    fn holds_font(folder: &Path, depth: u8) -> bool {
        let Ok(entries) = std::fs::read_dir(folder) else {
            return false;
        };
        entries.flatten().any(|entry| {
            let path = entry.path();
            if path.is_dir() {
                return depth > 0 && holds_font(&path, depth - 1);
            }
            path.extension()
                .is_some_and(|ending| ending == "ttf" || ending == "otf")
        })
    }
    holds_font(Path::new("/usr/share/fonts"), 3)
}
