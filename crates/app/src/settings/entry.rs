//! One setting as it was found: its name, its value, and where it stood.

use std::fmt;
use std::path::PathBuf;

use serde_json::Value;

/// Where a setting was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// In a settings file, at this line (counted from 1).
    File {
        /// The file.
        path: PathBuf,
        /// The line of the key.
        line: usize,
    },
    /// In this environment variable.
    Environment(String),
    /// In the program itself (`Site::set`).
    Code,
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File { path, line } => write!(f, "{}:{line}", path.display()),
            Self::Environment(name) => write!(f, "environment variable {name}"),
            Self::Code => f.write_str("the program"),
        }
    }
}

/// One setting as it was found.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Entry {
    pub(crate) key: String,
    /// The readings of the value, best first: `12` in the environment is a number, else a text.
    pub(crate) readings: Vec<Value>,
    pub(crate) origin: Origin,
}
