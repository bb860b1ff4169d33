//! Records of validators.

use nuages_forms::ErrorList;
use serde_json::Value as Json;

use super::decode::{text, value};
use super::{Outcome, Skip, build, replay};

/// Codes and messages as one text.
pub(super) fn errors_shown(errors: &ErrorList) -> String {
    let all = errors
        .iter()
        .map(|error| format!("[{}] {error}", error.get_code()));
    all.collect::<Vec<_>>().join("\n")
}

/// The recorded errors as one text.
pub(super) fn errors_expected(errors: &Json) -> String {
    let all = errors.as_array().map(Vec::as_slice).unwrap_or_default();
    let all = all
        .iter()
        .map(|error| format!("[{}] {}", text(&error["code"]), text(&error["message"])));
    all.collect::<Vec<_>>().join("\n")
}

/// Patterns of Python know other alphabets than ours, and `$` matches before a last line break.
pub(super) fn differs_by_language(definition: &Json, value: &Json) -> Result<(), Skip> {
    let (pattern, value) = (definition.to_string(), text(value));
    let classes = ["\\\\d", "\\\\w", "\\\\s"]
        .iter()
        .any(|class| pattern.contains(class));
    if pattern.contains("egex") && (classes && !value.is_ascii() || value.ends_with('\n')) {
        return Err("a pattern in Python's language".to_owned());
    }
    Ok(())
}

#[test]
fn validators_say_what_django_says() {
    replay("validators.jsonl", "validator", |inputs, expected, _| {
        if expected.get("exception").is_some() {
            return Err("a crash in Django".to_owned());
        }
        differs_by_language(&inputs["validator"], &inputs["value"])?;
        let validator = build::validator(&inputs["validator"])?;
        let found = match validator.validate(&value(&inputs["value"])?) {
            Ok(()) => String::new(),
            Err(error) => errors_shown(&error.into()),
        };
        Ok(Outcome::of(
            &found,
            &errors_expected(&expected["errors"]),
            "errors",
        ))
    });
}
