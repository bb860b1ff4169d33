//! Beside Django itself: every filter with every kind of value and argument, every tag with every form of arguments.
//!
//! `matrix.py` lets Django render them and writes what came of it as records of the corpus, which are replayed here.
//! Where we differ on purpose, [`EXCEPTED`] says why.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

use serde_json::Value as Json;

use crate::conformance::{Outcome, replay};

/// A record, and what we made of it.
struct Case<'a> {
    record: &'a Json,
    /// The lines that tell of the difference; the last one is ours.
    told: &'a str,
}

impl Case<'_> {
    fn source(&self) -> &str {
        self.record["template"].as_str().unwrap_or("")
    }

    /// The class of the error that Django raised.
    fn error(&self) -> &str {
        self.record["expected"]["error"]["class"]
            .as_str()
            .unwrap_or("")
    }

    fn uses(&self, words: &[&str]) -> bool {
        words.iter().any(|word| self.source().contains(word))
    }

    /// What is given to the filter, as the corpus writes it.
    fn value(&self) -> String {
        self.record["context"]["v"].to_string()
    }
}

/// Whether we differ for a reason.
type Is = fn(&Case<'_>) -> bool;

/// Why we differ, and where. Nothing of it is about text, numbers, lists and dates that a filter or tag is meant for.
const EXCEPTED: &[(&str, Is)] = &[
    (
        "a value or argument of a wrong type is an error of Python's own, which has no counterpart, or is let pass",
        |case| {
            [
                "AttributeError",
                "IndexError",
                "InvalidOperation",
                "KeyError",
                "OverflowError",
                "StopIteration",
                "TypeError",
                "ZoneInfoNotFoundError",
            ]
            .contains(&case.error())
        },
    ),
    ("Django 6 does otherwise than 5, and we do as 6", |case| {
        case.record["source"] == "Django 5"
            && case.uses(&["|center:", "|intcomma", "get_available_languages"])
    }),
    (
        "an argument too many is found when the template is compiled",
        |case| {
            case.error() == "VariableDoesNotExist"
                && case.told.contains("requires 1 arguments, 2 provided")
        },
    ),
    (
        "text is no Decimal or float with a sign of its own",
        |case| case.value() == "{\"$float\":\"nan\"}" || case.uses(&["dec.is_nan"]),
    ),
    (
        "digits of other scripts do not count in numbers that humanize shows",
        |case| case.uses(&["humanize"]) && case.value() == "\"١٢\"",
    ),
    ("what stays as it is in a URL is a text", |case| {
        case.uses(&["|urlencode:list", "|urlencode:tup"])
    }),
    (
        "the error of no zone and of no filter is one of the template",
        |case| case.error() == "ValueError" && case.uses(&["|timezone:", "{% filter %}"]),
    ),
    ("a double percent sign is a format with a value", |case| {
        case.uses(&["|stringformat:'%'"])
    }),
    ("widths are capped", |case| {
        case.uses(&[":'99999'", ":huge"])
    }),
    ("no arithmetic with more than 38 digits", |case| {
        case.value().contains("1e+300")
    }),
    (
        "Decimal's Infinity and NaN are texts of no number",
        |case| {
            ["NaN", "Infinity", "nan", "inf"]
                .iter()
                .any(|word| case.value() == format!("{{\"$decimal\":\"{word}\"}}"))
        },
    ),
    (
        "bytes and ranges are objects of the caller, no types of the language",
        |case| {
            case.value().contains("$bytes")
                || case.value().contains("$range")
                || case.uses(&["byte"])
        },
    ),
    ("urlize keeps the full stop behind a bracket", |case| {
        case.uses(&["urlize"]) && case.value().contains("(and a@b.co).")
    }),
    (
        "what a date's format says of a value that is no date",
        |case| case.uses(&["|date:'x", "|time:'x", "|date:0", "|time:0"]),
    ),
    ("a dictionary's items, keys and values are lists", |case| {
        case.uses(&["dict.items", "dict.keys", "dict.values"])
    }),
    (
        "no method is called that needs an argument or changes data",
        |case| {
            case.uses(&[
                ".append", ".count", ".format", ".get", ".join", ".pop", ".sort", ".encode", ".hex",
            ])
        },
    ),
];

#[test]
fn every_filter_and_tag_does_what_django_does_with_every_kind_of_argument() {
    let Some(python) = std::env::var_os("NUAGES_TEST_PYTHON") else {
        println!("skipped: no Python with Django (NUAGES_TEST_PYTHON is not set)");
        return;
    };
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/django/matrix.py");
    let output = Command::new(python).arg("-B").arg(script).output().unwrap();
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{told}");
    let (mut same, mut different) = (0, Vec::new());
    let mut excepted: BTreeMap<&str, usize> = BTreeMap::new();
    let records = String::from_utf8(output.stdout).unwrap();
    for line in records.lines() {
        let record: Json = serde_json::from_str(line).unwrap();
        let told = match replay(&record) {
            Outcome::Passed => {
                same += 1;
                continue;
            }
            Outcome::Failed(told) => told,
            Outcome::Skipped(why) => panic!("{}: {why}", record["template"]),
            Outcome::Elsewhere => continue,
        };
        let case = Case {
            record: &record,
            told: &told,
        };
        if let Some((why, _)) = EXCEPTED.iter().find(|(_, is)| is(&case)) {
            *excepted.entry(why).or_default() += 1;
        } else {
            let ours = told.rsplit("got ").next().unwrap_or("");
            let (source, value) = (case.source(), case.value());
            different.push(format!(
                "{source} of {value}\n  Django: {}\n  we:     {ours}",
                record["expected"]
            ));
        }
    }
    for (why, count) in &excepted {
        println!("{count} differ: {why}");
    }
    println!("{same} are the same");
    assert!(
        different.is_empty(),
        "{} differ, {same} do not:\n{}",
        different.len(),
        different.join("\n")
    );
    assert!(same > 20_000, "only {same} were rendered by both");
}
