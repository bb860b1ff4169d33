//! Django's recorded behaviour, read from the corpus beside the repository.

use std::fs;

use serde_json::Value;

use crate::told::{Told, folder, tell};

/// What a replay says about one record.
pub(crate) enum Verdict {
    Same,
    /// The record cannot be put to us: another parser stands before, or Python's types are at play.
    Skipped,
    /// Other layers are at play: the room that has them replays it.
    Elsewhere,
    /// Ours differs on purpose: why. COMPATIBILITY.md says so, too.
    Excepted(&'static str),
    Different(String),
}

impl Verdict {
    pub(crate) fn compare<T: PartialEq + std::fmt::Debug>(ours: T, theirs: T) -> Self {
        if ours == theirs {
            Self::Same
        } else {
            Self::Different(format!("ours {ours:?}, Django's {theirs:?}"))
        }
    }

    pub(crate) fn and(self, next: impl FnOnce() -> Self) -> Self {
        match self {
            Self::Same => next(),
            other => other,
        }
    }
}

/// Replays all records of a kind; no difference may be left but those that a replay excepts.
pub(crate) fn replay(file: &str, kind: &str, mut run: impl FnMut(&Value) -> Verdict) {
    let Some(folder) = folder("security") else {
        return;
    };
    let path = folder.join(file);
    let Ok(text) = fs::read_to_string(&path) else {
        println!("skipped: {kind} ({} is not there)", path.display());
        return;
    };
    let (mut same, mut skipped, mut excused, mut failures) = (0, 0, 0, Vec::new());
    for line in text.lines() {
        let record: Value = serde_json::from_str(line).expect("a record is JSON");
        if record["kind"] != kind {
            continue;
        }
        let id = record["id"].as_str().expect("a record has an id");
        match run(&record) {
            Verdict::Same => {
                same += 1;
                tell(id, Told::Passed, "");
            }
            Verdict::Skipped => {
                skipped += 1;
                tell(id, Told::Skipped, "cannot be put to us");
            }
            Verdict::Elsewhere => skipped += 1,
            Verdict::Excepted(why) => {
                excused += 1;
                tell(id, Told::Excepted, why);
            }
            Verdict::Different(how) => {
                tell(id, Told::Failed, &how);
                failures.push(format!(
                    "{id}: {how}\n    {}\n    {}",
                    record["inputs"], record["settings"]
                ));
            }
        }
    }
    println!("{kind}: {same} same, {excused} excepted, {skipped} skipped");
    assert!(
        failures.is_empty(),
        "{kind}: {} of {} differ:\n{}",
        failures.len(),
        failures.len() + same + skipped + excused,
        failures[..failures.len().min(60)].join("\n")
    );
    assert!(same > 0, "{kind}: no record was replayed");
}
