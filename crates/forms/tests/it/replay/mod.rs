//! Replays what real Django did, if the corpus is there, and counts what is not covered.

mod build;
mod decode;
mod fields;
mod forms;
mod html;
mod rules;
mod validators;
mod widgets;

use std::collections::BTreeMap;

use serde_json::Value as Json;

use crate::told::{Told, folder, tell};

/// Why a record is passed over.
type Skip = String;

/// What a record's replay says.
enum Outcome {
    Same,
    Other(String),
}

impl Outcome {
    fn of(found: &str, expected: &str, what: &str) -> Self {
        if found == expected {
            Self::Same
        } else {
            Self::Other(format!("{what}\n  found    {found}\n  expected {expected}"))
        }
    }
}

/// Replays all records of a kind and says how many were the same; `known` are the ids where we differ on purpose.
#[expect(
    clippy::print_stdout,
    reason = "what is skipped must not be skipped in silence"
)]
fn replay(
    file: &str,
    kind: &str,
    known: &[(&str, &str)],
    run: impl Fn(&Json, &Json, &Json) -> Result<Outcome, Skip>,
) {
    let Some(folder) = folder("forms") else {
        return;
    };
    let Ok(lines) = std::fs::read_to_string(folder.join(file)) else {
        println!("{kind}: skipped, no {file} in {}", folder.display());
        return;
    };
    let (mut same, mut skipped, mut differ) = (0, 0, Vec::new());
    let mut reasons: BTreeMap<String, usize> = BTreeMap::new();
    for line in lines.lines() {
        let record: Json = serde_json::from_str(line).unwrap_or_default();
        assert!(record.is_object(), "the corpus is JSON: {line}");
        if record["kind"] != kind {
            continue;
        }
        let id = record["id"].as_str().unwrap_or_default();
        let outcome = settings_covered(&record["settings"])
            .and_then(|()| run(&record["inputs"], &record["expected"], &record["settings"]));
        match outcome {
            Ok(Outcome::Same) => {
                same += 1;
                tell(id, Told::Passed, "");
            }
            Ok(Outcome::Other(_)) if known.iter().any(|(known, _)| *known == id) => {
                skipped += 1;
                let why = known.iter().find(|(known, _)| *known == id);
                let why = why.map_or("", |(_, why)| why);
                tell(id, Told::Excepted, why);
                *reasons.entry(format!("on purpose: {why}")).or_default() += 1;
            }
            Ok(Outcome::Other(text)) => {
                tell(id, Told::Failed, &text);
                differ.push(format!("{id}: {text}\n  {}", record["inputs"]));
            }
            Err(reason) => {
                skipped += 1;
                tell(id, Told::Skipped, &reason);
                *reasons.entry(reason).or_default() += 1;
            }
        }
    }
    println!(
        "{kind}: {same} same, {skipped} skipped, {} differ",
        differ.len()
    );
    for (reason, count) in reasons {
        println!("  skipped {count}: {reason}");
    }
    for text in differ.iter().take(25) {
        println!("  {text}");
    }
    assert!(differ.is_empty(), "{kind}: {} records differ", differ.len());
}

/// Only English without own formats is covered.
fn settings_covered(settings: &Json) -> Result<(), Skip> {
    let Some(settings) = settings.as_object() else {
        return Ok(());
    };
    for (name, value) in settings {
        let covered = match name.as_str() {
            "LANGUAGE_CODE" => {
                value.is_null() || value.as_str().is_some_and(|code| code.starts_with("en"))
            }
            "USE_TZ" | "TIME_ZONE" | "STATIC_URL" | "MEDIA_URL" => true,
            _ => false,
        };
        if !covered {
            return Err(format!("setting {name}"));
        }
    }
    Ok(())
}
