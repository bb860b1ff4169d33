//! `nuages.toml` to entries, each with its line.

use std::path::Path;

use serde_json::{Map, Number, Value};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::entry::{Entry, Origin};
use super::error::SettingsError;

/// Reads the text of a settings file.
pub(super) fn entries(path: &Path, text: &str) -> Result<Vec<Entry>, SettingsError> {
    let table = DeTable::parse(text).map_err(|error| SettingsError::Syntax {
        path: path.to_owned(),
        line: error.span().map_or(1, |span| line_of(text, span.start)),
        message: error.message().to_owned(),
    })?;
    let mut entries = table
        .get_ref()
        .iter()
        .map(|(key, value)| {
            let line = line_of(text, key.span().start);
            let value = json(value).ok_or_else(|| SettingsError::Syntax {
                path: path.to_owned(),
                line,
                message: "a number out of range".to_owned(),
            })?;
            Ok(Entry {
                key: key.get_ref().to_string(),
                readings: vec![value],
                origin: Origin::File {
                    path: path.to_owned(),
                    line,
                },
            })
        })
        .collect::<Result<Vec<_>, SettingsError>>()?;
    // The parser sorts by name; people read from top to bottom.
    entries.sort_by_key(|entry| match entry.origin {
        Origin::File { line, .. } => line,
        _ => 0,
    });
    Ok(entries)
}

/// One value of the environment: `true`, `12`, `["a", "b"]` as TOML reads them, else a text, else a list of
/// texts at its commas.
pub(super) fn readings(text: &str) -> Vec<Value> {
    let mut readings = Vec::with_capacity(3);
    if let Ok(value) = DeValue::parse(text) {
        readings.extend(json(&value));
    }
    readings.push(Value::String(text.to_owned()));
    let parts = text
        .split(',')
        .map(str::trim)
        .filter(|part| !part.is_empty());
    readings.push(parts.map(|part| Value::String(part.to_owned())).collect());
    readings
}

fn json(value: &Spanned<DeValue<'_>>) -> Option<Value> {
    Some(match value.get_ref() {
        DeValue::String(text) => Value::String(text.to_string()),
        DeValue::Integer(number) => {
            let digits = number.as_str().replace('_', "");
            Value::Number(i64::from_str_radix(&digits, number.radix()).ok()?.into())
        }
        DeValue::Float(number) => Value::Number(Number::from_f64(
            number.as_str().replace('_', "").parse().ok()?,
        )?),
        DeValue::Boolean(flag) => Value::Bool(*flag),
        DeValue::Datetime(moment) => Value::String(moment.to_string()),
        DeValue::Array(items) => items.iter().map(json).collect::<Option<Vec<_>>>()?.into(),
        DeValue::Table(table) => {
            let mut map = Map::new();
            for (key, value) in table {
                map.insert(key.get_ref().to_string(), json(value)?);
            }
            Value::Object(map)
        }
    })
}

fn line_of(text: &str, offset: usize) -> usize {
    text.get(..offset).unwrap_or(text).matches('\n').count() + 1
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn entries_carry_their_lines_and_values() {
        let text =
            "# ours\ndebug = true\n\nallowed_hosts = [\"a\", \"b\"]\nsession_cookie_age = 1_000\n";
        let entries = entries(Path::new("nuages.toml"), text).unwrap();
        let found: Vec<_> = entries
            .iter()
            .map(|e| (e.key.as_str(), e.readings[0].clone(), e.origin.to_string()))
            .collect();
        assert_eq!(
            found,
            [
                ("debug", json!(true), "nuages.toml:2".to_owned()),
                (
                    "allowed_hosts",
                    json!(["a", "b"]),
                    "nuages.toml:4".to_owned()
                ),
                (
                    "session_cookie_age",
                    json!(1000),
                    "nuages.toml:5".to_owned()
                ),
            ]
        );
    }

    #[test]
    fn a_file_that_is_not_toml_names_the_line() {
        let error = entries(Path::new("nuages.toml"), "debug = true\nhosts = [\n").unwrap_err();
        assert!(error.to_string().starts_with("nuages.toml:"), "{error}");
        let error = entries(Path::new("nuages.toml"), "debug = true\n= 3\n").unwrap_err();
        assert!(
            error
                .to_string()
                .starts_with("nuages.toml:2: not valid TOML"),
            "{error}"
        );
    }

    #[test]
    fn an_environment_value_is_read_as_toml_then_text_then_list() {
        assert_eq!(readings("12"), [json!(12), json!("12"), json!(["12"])]);
        assert_eq!(readings("a, b"), [json!("a, b"), json!(["a", "b"])]);
    }

    proptest::proptest! {
        #[test]
        fn no_text_makes_the_reader_panic(text in ".{0,200}") {
            let _ = entries(Path::new("x"), &text);
            let _ = readings(&text);
        }
    }
}
