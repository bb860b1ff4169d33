//! A Python environment with Django 5.2 and a Redis client from PyPI, kept under the target folder.

use std::path::{Path, PathBuf};

use super::{makes_environments, system_python};
use crate::process::{command, quiet};

/// What is asked of pip.
const REQUIREMENT: &str = "Django==5.2.*";
/// What Django talks to a Redis server with.
const CLIENT: &str = "redis";

/// The Python of the environment; made on the first run.
pub(super) fn environment(folder: &Path) -> Result<PathBuf, String> {
    let home = folder.join("venv");
    let python = home.join("bin").join("python");
    if has_django(&python) {
        return Ok(python);
    }
    let system = system_python().ok_or("there is no python3 on this machine")?;
    if !makes_environments(&system) {
        return Err("this python3 has no venv (on Debian: apt-get install python3-venv)".into());
    }
    println!("making a Python environment with {REQUIREMENT}");
    quiet(command(&system, &["-m", "venv", "--clear"]).arg(&home))?;
    quiet(&mut command(
        &python,
        &[
            "-m",
            "pip",
            "install",
            "--quiet",
            "--disable-pip-version-check",
            "--no-input",
            REQUIREMENT,
            CLIENT,
        ],
    ))?;
    if has_django(&python) {
        Ok(python)
    } else {
        Err(format!(
            "pip installed {REQUIREMENT}, but it cannot be imported"
        ))
    }
}

fn has_django(python: &Path) -> bool {
    let check = "import django, redis, sys; sys.exit(django.VERSION[:2] != (5, 2))";
    python.exists() && quiet(&mut command(python, &["-c", check])).is_ok()
}
