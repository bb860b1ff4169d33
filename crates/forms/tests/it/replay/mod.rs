//! Replays what real Django did, if the corpus is there, and counts what is not covered.

mod build;
mod decode;
mod excepted;
mod fields;
mod forms;
mod formsets;
mod functions;
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

/// Replays all records of a kind and says how many were the same.
#[expect(
    clippy::print_stdout,
    reason = "what is skipped must not be skipped in silence"
)]
fn replay(file: &str, kind: &str, run: impl Fn(&Json, &Json, &Json) -> Result<Outcome, Skip>) {
    let Some(path) = folder("forms").map(|folder| folder.join(file)) else {
        return;
    };
    let Ok(lines) = std::fs::read_to_string(&path) else {
        println!("{kind}: skipped, {} is not there", path.display());
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
        let inputs = &record["inputs"];
        let outcome = settings_covered(&record["settings"])
            .and_then(|()| run(inputs, &record["expected"], &record["settings"]));
        let (told, why) = match outcome {
            Ok(Outcome::Same) => (Told::Passed, String::new()),
            Ok(Outcome::Other(how)) => match excepted::reason(kind, inputs) {
                Some(reason) => (Told::Excepted, reason.to_owned()),
                None => (Told::Failed, how),
            },
            Err(reason) => (Told::Skipped, reason),
        };
        tell(id, told, &why);
        match told {
            Told::Passed => same += 1,
            Told::Failed => differ.push(format!("{id}: {why}\n  {inputs}")),
            Told::Skipped | Told::Excepted => {
                skipped += 1;
                *reasons.entry(format!("{told:?}, {why}")).or_default() += 1;
            }
        }
    }
    println!("{kind}: {same} same, {skipped} skipped");
    for (reason, count) in reasons {
        println!("  {count} {reason}");
    }
    let some: Vec<_> = differ.iter().take(25).map(String::as_str).collect();
    assert!(
        differ.is_empty(),
        "{kind}: {} records differ\n{}",
        differ.len(),
        some.join("\n")
    );
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
