//! What a room's replay shares with the tool: the folder to read, and a line about each record.
//!
//! A room takes this file into its integration tests with `#[path]`; it uses nothing but `std`.
//! In a plain `cargo test` it reads `../shared/conformance/<kind>`, where that is, and tells nobody.
//! Under `cargo xtask conformance` the folder comes from `NUAGES_CONFORMANCE_DIR`,
//! and each record adds its line to the file named by `NUAGES_CONFORMANCE_REPORT`.

use std::fs::OpenOptions;
use std::io::Write;
use std::path::{Path, PathBuf};

/// What came of one record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Told {
    /// We do as Django does.
    Passed,
    /// We do something else.
    Failed,
    /// The record cannot be put to us.
    Skipped,
    /// We do something else, on purpose.
    Excepted,
}

/// The words of the report.
const WORDS: [(Told, &str); 4] = [
    (Told::Passed, "passed"),
    (Told::Failed, "failed"),
    (Told::Skipped, "skipped"),
    (Told::Excepted, "excepted"),
];

/// The folder with the records of a kind; `None` where another kind is being replayed.
pub(crate) fn folder(kind: &str) -> Option<PathBuf> {
    if let Some(folder) = std::env::var_os("NUAGES_CONFORMANCE_DIR") {
        let wanted = std::env::var_os("NUAGES_CONFORMANCE_KIND");
        return (wanted.as_deref() == Some(kind.as_ref())).then(|| folder.into());
    }
    let room = Path::new(env!("CARGO_MANIFEST_DIR"));
    Some(room.join("../../../shared/conformance").join(kind))
}

/// Adds the line about one record: id, outcome, and why.
pub(crate) fn tell(id: &str, told: Told, why: &str) {
    let Some(report) = std::env::var_os("NUAGES_CONFORMANCE_REPORT") else {
        return;
    };
    let word = WORDS.iter().find(|(known, _)| *known == told);
    let word = word.map_or("skipped", |(_, word)| word);
    let why = why.replace(['\n', '\t'], " ");
    let line = format!("{id}\t{word}\t{why}\n");
    // One write a line, so that lines of two threads do not mix; the tool misses what cannot be written.
    if let Ok(mut report) = OpenOptions::new().append(true).create(true).open(report) {
        let _ = report.write_all(line.as_bytes());
    }
}
