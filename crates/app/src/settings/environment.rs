//! `NUAGES_…` variables to entries. The only place of the house that reads the environment.

use std::env;
use std::path::PathBuf;

use super::entry::{Entry, Origin};
use super::file::readings;

const PREFIX: &str = "NUAGES_";
/// Names that are not settings of a site: where the settings file is, and what our own tools use.
const RESERVED: &[&str] = &["SETTINGS", "BASE_DIR"];
const RESERVED_PREFIXES: &[&str] = &["TEST_", "BENCH_", "SUPERUSER_"];

/// The settings among the environment's variables, by name.
pub(super) fn entries() -> Vec<Entry> {
    let mut entries: Vec<Entry> = env::vars_os()
        .filter_map(|(name, value)| entry(name.to_str()?, value.to_str()?))
        .collect();
    entries.sort_by(|a, b| a.key.cmp(&b.key));
    entries
}

fn entry(name: &str, value: &str) -> Option<Entry> {
    let key = name.strip_prefix(PREFIX)?;
    if RESERVED.contains(&key)
        || RESERVED_PREFIXES
            .iter()
            .any(|prefix| key.starts_with(prefix))
    {
        return None;
    }
    Some(Entry {
        key: key.to_ascii_lowercase(),
        readings: readings(value),
        origin: Origin::Environment(name.to_owned()),
    })
}

/// The settings file that `NUAGES_SETTINGS` names.
pub(super) fn settings_file() -> Option<PathBuf> {
    env::var_os("NUAGES_SETTINGS").map(PathBuf::from)
}

/// Where relative paths start: `NUAGES_BASE_DIR`, else the package that `cargo run` runs, else here.
pub(super) fn base_dir() -> PathBuf {
    env::var_os("NUAGES_BASE_DIR")
        .or_else(|| env::var_os("CARGO_MANIFEST_DIR"))
        .map_or_else(|| PathBuf::from("."), PathBuf::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_our_names_are_settings() {
        assert_eq!(entry("NUAGES_DEBUG", "true").unwrap().key, "debug");
        assert!(entry("HOME", "/").is_none());
        assert!(entry("NUAGES_SETTINGS", "x").is_none());
        assert!(entry("NUAGES_TEST_PG", "x").is_none());
    }
}
