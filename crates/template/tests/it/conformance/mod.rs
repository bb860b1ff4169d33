//! Replays the recorded behaviour of Django, if the corpus is there: every record of every file of the folder.
//!
//! A record passes, fails or is skipped with a reason, and the tool is told of each.
//! Records of functions that another room has are left to that room's tests.

mod errors;
mod filter;
mod functions;
mod libraries;
mod locale;
mod render;
mod services;
mod values;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use nuages_template::{Engine, EngineBuilder, Error};
use serde_json::Value as Json;

use crate::told::{Told, folder, tell};

/// How many records of an area must pass at least, in the corpus that stands beside the repository.
const LEAST: [(&str, usize); 27] = [
    ("autoescape", 11),
    ("custom_tags", 105),
    ("engine", 48),
    ("filter_functions", 286),
    ("filters", 128),
    ("i18n", 148),
    ("inheritance", 75),
    ("locale_data", 634),
    ("partials", 42),
    ("syntax", 79),
    ("tags_cycle", 21),
    ("tags_for", 24),
    ("tags_if", 86),
    ("tags_ifchanged", 11),
    ("tags_misc", 69),
    ("tags_querystring", 20),
    ("tags_static", 8),
    ("tags_url", 33),
    ("timezones", 35),
    ("utils_dateformat", 77),
    ("utils_formats", 48),
    ("utils_html", 141),
    ("utils_misc", 31),
    ("utils_numberformat", 40),
    ("utils_template", 63),
    ("utils_text", 66),
    ("utils_timesince", 119),
];

/// What came of one record.
pub(super) enum Outcome {
    Passed,
    /// With what was expected and what came.
    Failed(String),
    /// It cannot be put to us, and why.
    Skipped(String),
    /// Another room has the function, and replays the record.
    Elsewhere,
}

/// Why a record cannot be put to us.
struct Skip(String);

impl From<&str> for Skip {
    fn from(why: &str) -> Self {
        Self(why.to_owned())
    }
}

#[test]
fn recorded_behaviour_of_django_is_kept() {
    let Some(corpus) = folder("templates") else {
        return;
    };
    if !corpus.is_dir() {
        println!("skipped: no corpus at {}", corpus.display());
        return;
    }
    let mut counts: BTreeMap<String, Counts> = BTreeMap::new();
    for path in files(&corpus) {
        let text = std::fs::read_to_string(&path).unwrap();
        for line in text.lines().filter(|line| !line.trim().is_empty()) {
            let record: Json = serde_json::from_str(line).unwrap();
            let area = record["area"].as_str().unwrap_or("").to_owned();
            counts.entry(area).or_default().add(&record);
        }
    }
    for (area, count) in &counts {
        for difference in &count.differences {
            println!("{difference}");
        }
        let Counts {
            passed,
            failed,
            skipped,
            ..
        } = count;
        println!("{area}: {passed} passed, {failed} failed, {skipped} skipped");
    }
    if std::env::var_os("NUAGES_CONFORMANCE_DIR").is_some() {
        return;
    }
    let short: Vec<String> = LEAST
        .iter()
        .map(|(area, least)| {
            (
                area,
                least,
                counts.get(*area).map_or(0, |count| count.passed),
            )
        })
        .filter(|(_, least, passed)| passed < least)
        .map(|(area, least, passed)| format!("{area}: {passed} pass, {least} did before"))
        .collect();
    assert!(short.is_empty(), "{}", short.join("\n"));
}

/// The files of records, in the order of their names.
fn files(corpus: &Path) -> Vec<PathBuf> {
    let mut found: Vec<PathBuf> = std::fs::read_dir(corpus)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|ending| ending == "jsonl"))
        .collect();
    found.sort();
    found
}

#[derive(Default)]
struct Counts {
    passed: usize,
    failed: usize,
    skipped: usize,
    differences: Vec<String>,
}

impl Counts {
    /// Replays a record, tells and counts.
    fn add(&mut self, record: &Json) {
        let id = record["id"].as_str().unwrap_or("");
        match replay(record) {
            Outcome::Passed => {
                self.passed += 1;
                tell(id, Told::Passed, "");
            }
            Outcome::Failed(difference) => {
                self.failed += 1;
                tell(id, Told::Failed, &difference);
                let (area, source) = (&record["area"], &record["source"]);
                self.differences
                    .push(format!("failed: {area} {id} {source}\n    {difference}"));
            }
            Outcome::Skipped(why) => {
                self.skipped += 1;
                tell(id, Told::Skipped, &why);
            }
            Outcome::Elsewhere => {}
        }
    }
}

pub(super) fn replay(record: &Json) -> Outcome {
    if functions::is_elsewhere(record) {
        return Outcome::Elsewhere;
    }
    let result = match record["kind"].as_str() {
        Some("render") => render::run(record),
        Some("filter") => filter::run(record),
        Some("util") => functions::run(record),
        _ => Err(Skip::from("a kind that is not known")),
    };
    match result {
        Ok(got) => compare(record, got),
        Err(Skip(why)) => Outcome::Skipped(why),
    }
}

/// Whether the result, or the class of the error, is the one that was recorded.
fn compare(record: &Json, got: Result<Json, Error>) -> Outcome {
    let expected = &record["expected"];
    let same = match &got {
        Ok(got) => {
            let value = expected.get("output").or_else(|| expected.get("value"));
            value.is_some_and(|value| value == got || plain_for_safe(record, value, got))
        }
        Err(error) => expected["error"]["class"].as_str() == Some(&errors::class(error)),
    };
    if same {
        return Outcome::Passed;
    }
    let input = match record["kind"].as_str() {
        Some("render") => format!("{} {}", record["templates"], record["context"]),
        _ => format!("{} {} {}", record["func"], record["args"], record["kwargs"]),
    };
    let got = match got {
        Ok(got) => got.to_string(),
        Err(error) => format!("{} {error:?}", errors::class(&error)),
    };
    Outcome::Failed(format!(
        "{input}\n    expected {expected}\n    got      {got}"
    ))
}

/// A direct call of a filter gives plain text where the engine, which marks it, gives safe text for safe input.
fn plain_for_safe(record: &Json, expected: &Json, got: &Json) -> bool {
    record["kind"] == "filter"
        && record["args"][0].get("$safe").is_some()
        && got.get("$safe") == Some(expected)
}

/// An engine with the settings of the record.
fn describe(record: &Json) -> EngineBuilder {
    let builder = Engine::builder();
    // The default of Django 6, not ours.
    if record["settings"]["URLIZE_ASSUME_HTTPS"] == true {
        builder
    } else {
        builder.insecure_urlize_http()
    }
}
