//! Replays what Django was recorded to do.

mod functions;
mod http;
mod multipart;
mod page_cache;
mod querydict;
mod security;
mod url_tables;
mod urls;

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;

use crate::told::{Told, folder, tell};

/// How a record went.
pub(crate) enum Outcome {
    Same,
    /// Only layers of another room are at play, which replays it.
    Elsewhere,
    /// Not a thing of ours: why.
    Skipped(&'static str),
    /// Ours is stricter on purpose: why. COMPATIBILITY.md says so, too.
    Excepted(&'static str),
    /// What differs.
    Differs(String),
}

/// The text of a file of the corpus; `None` where the corpus is not at hand.
fn corpus(kind: &str, name: &str) -> Option<String> {
    std::fs::read_to_string(folder(kind)?.join(name)).ok()
}

/// Replays the records of some kinds; fails with the first few differences.
pub(crate) fn replay(file: &str, kinds: &[&str], check: impl Fn(&Value) -> Outcome) {
    replay_of("web", file, kinds, check);
}

/// The same, of a corpus that is not this room's alone.
fn replay_of(corpus_kind: &str, file: &str, kinds: &[&str], check: impl Fn(&Value) -> Outcome) {
    let Some(text) = corpus(corpus_kind, file) else {
        println!("skipped: no corpus {file}");
        return;
    };
    let mut same = 0;
    let mut skipped: BTreeMap<&'static str, usize> = BTreeMap::new();
    let mut differs = Vec::new();
    for line in text.lines() {
        let is_asked = kinds
            .iter()
            .any(|kind| line.contains(&format!("\"kind\":\"{kind}\"")));
        if !is_asked {
            continue;
        }
        // Python writes NaN, which is no JSON.
        let line = line.replace(":NaN", ":null");
        let record: Value = serde_json::from_str(&line).unwrap();
        let id = record["id"].as_str().unwrap();
        match check(&record) {
            Outcome::Elsewhere => {}
            Outcome::Same => {
                same += 1;
                tell(id, Told::Passed, "");
            }
            Outcome::Skipped(why) => {
                *skipped.entry(why).or_default() += 1;
                tell(id, Told::Skipped, why);
            }
            Outcome::Excepted(why) => {
                *skipped.entry(why).or_default() += 1;
                tell(id, Told::Excepted, why);
            }
            Outcome::Differs(what) => {
                tell(id, Told::Failed, &what);
                differs.push(format!("{id}: {what}\n    {}", record["inputs"]));
            }
        }
    }
    println!(
        "{file} {kinds:?}: {same} the same, skipped {skipped:?}, {} differ",
        differs.len()
    );
    let shown: Vec<&String> = differs.iter().take(12).collect();
    assert!(differs.is_empty(), "{} differ:\n{shown:#?}", differs.len());
}

fn bytes_of(value: &Value) -> Vec<u8> {
    STANDARD.decode(value.as_str().unwrap_or("")).unwrap()
}

fn compare(found: &Value, expected: &Value) -> Outcome {
    if found == expected {
        Outcome::Same
    } else {
        Outcome::Differs(format!("found {found}, expected {expected}"))
    }
}
