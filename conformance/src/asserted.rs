//! A replay that judges by assertions: a record whose run panics has failed.
//!
//! A room takes this file into its integration tests with `#[path]`, beside `replay.rs` as `told`.

use std::panic::AssertUnwindSafe;

use serde_json::Value;

use crate::told::{Told, folder, tell};

/// What a run that did not panic says of its record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// It was replayed, and we do as Django does.
    Same,
    /// It cannot be put to us, and why.
    Skipped(&'static str),
    /// We do something else on purpose, or the compiler refuses the input, and why.
    Excepted(&'static str),
}

impl From<bool> for Outcome {
    fn from(replayed: bool) -> Self {
        if replayed {
            Self::Same
        } else {
            Self::Skipped("cannot be put to us")
        }
    }
}

/// Replays the records of a kind; a run may say true for a record that was replayed, and false for one that cannot be put to us.
///
/// # Panics
///
/// At the end, when a record failed; each is named.
pub(crate) fn replay<O: Into<Outcome>>(
    corpus: &str,
    file: &str,
    kind: &str,
    run: impl Fn(&Value) -> O,
) {
    let Some(folder) = folder(corpus) else {
        return;
    };
    let path = folder.join(file);
    let Ok(text) = std::fs::read_to_string(&path) else {
        println!("skipped {kind}: there is no corpus at {}", path.display());
        return;
    };
    let (mut same, mut skipped, mut excepted, mut failed) = (0, 0, 0, Vec::new());
    for line in text.lines() {
        let record: Value = serde_json::from_str(line).unwrap_or_default();
        if record["kind"] != kind {
            continue;
        }
        let id = record["id"].as_str().unwrap_or_default();
        match std::panic::catch_unwind(AssertUnwindSafe(|| run(&record).into())) {
            Ok(Outcome::Same) => {
                same += 1;
                tell(id, Told::Passed, "");
            }
            Ok(Outcome::Skipped(why)) => {
                skipped += 1;
                tell(id, Told::Skipped, why);
            }
            Ok(Outcome::Excepted(why)) => {
                excepted += 1;
                tell(id, Told::Excepted, why);
            }
            Err(panic) => {
                let why = panic.downcast_ref::<String>().cloned();
                let why = why.unwrap_or_else(|| "an assertion failed".to_owned());
                tell(id, Told::Failed, &why);
                failed.push(format!("{id}: {why}"));
            }
        }
    }
    println!("{kind}: {same} same, {excepted} excepted, {skipped} skipped");
    assert!(failed.is_empty(), "{kind}:\n{}", failed.join("\n"));
}
