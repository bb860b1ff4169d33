//! Django from PyPI, beside us on one database file: what one writes, the other must read.
//!
//! [`Django::beside`] gives a fresh SQLite file; [`Django::run`] hands a list of [`Step`]s to a Python with Django
//! (`site.py` says what there is) and returns what each gave back.

mod beside;
mod itself;
mod sessions;
mod templates;

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::{Value, json};

/// The key that both sides sign with.
pub(crate) const SECRET_KEY: &str = "a key that Django and Nuages share in these tests only";

/// One function of `site.py` with its keyword arguments.
pub(crate) type Step = (&'static str, Value);

/// A Python with Django, and a database file of its own.
#[derive(Debug)]
pub(crate) struct Django {
    python: PathBuf,
    folder: PathBuf,
    settings: Value,
}

impl Django {
    /// A fresh database for the test `name`; skipped where `NUAGES_TEST_PYTHON` names no Python.
    pub(crate) fn beside(name: &str) -> Option<Self> {
        let Some(python) = std::env::var_os("NUAGES_TEST_PYTHON") else {
            nuages_tests::skip(
                name,
                "no Python with Django (NUAGES_TEST_PYTHON is not set)",
            );
            return None;
        };
        let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR"))
            .join("django")
            .join(format!("{name}-{}", std::process::id()));
        std::fs::create_dir_all(&folder).expect("the target folder can be written to");
        Some(Self {
            python: python.into(),
            folder,
            settings: json!({}),
        })
    }

    /// The same with these settings of Django's.
    pub(crate) fn with(mut self, settings: Value) -> Self {
        self.settings = settings;
        self
    }

    /// The folder of its files.
    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    /// The database file; whoever comes first migrates it.
    pub(crate) fn database(&self) -> PathBuf {
        self.folder.join("db.sqlite3")
    }

    /// Runs the steps in one Python process.
    ///
    /// # Panics
    ///
    /// With Python's traceback, when a step fails.
    pub(crate) fn run(&self, steps: &[Step]) -> Vec<Value> {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/django/site.py");
        let mut python = Command::new(&self.python)
            .arg("-B")
            .arg(script)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap_or_else(|error| panic!("cannot run {}: {error}", self.python.display()));
        let task = json!({
            "database": self.database(),
            "secret_key": SECRET_KEY,
            "settings": self.settings,
            "steps": steps,
        });
        let mut stdin = python.stdin.take().expect("stdin was asked for");
        stdin
            .write_all(task.to_string().as_bytes())
            .expect("Python reads its task");
        drop(stdin);
        let output = python.wait_with_output().expect("Python ends");
        assert!(
            output.status.success(),
            "{}",
            String::from_utf8_lossy(&output.stderr)
        );
        serde_json::from_slice(&output.stdout).expect("site.py answers with JSON")
    }

    /// Runs one step.
    pub(crate) fn step(&self, name: &'static str, arguments: Value) -> Value {
        self.run(&[(name, arguments)]).swap_remove(0)
    }
}

impl Drop for Django {
    fn drop(&mut self) {
        // Kept after a failure, for whoever looks into it.
        if !std::thread::panicking() {
            let _ = std::fs::remove_dir_all(&self.folder);
        }
    }
}
