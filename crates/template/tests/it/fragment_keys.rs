//! The records of Django's `make_template_fragment_key`, where they are there.

use nuages_template::{Value, make_template_fragment_key};
use serde_json::Value as Json;

use crate::told::{Told, folder, tell};

/// A value of a record; nothing for those that only Python has.
fn value(json: &Json) -> Option<Value<'static>> {
    Some(match json {
        Json::Null => Value::None,
        Json::Bool(yes) => Value::Bool(*yes),
        Json::Number(number) => Value::Int(number.as_i64()?),
        Json::String(text) => Value::from(text.clone()),
        Json::Array(items) => Value::list(items.iter().map(value).collect::<Option<Vec<_>>>()?),
        Json::Object(tagged) => Value::Float(tagged.get("float")?.as_str()?.parse().ok()?),
    })
}

#[test]
fn keys_of_fragments_are_django_s() {
    let Some(folder) = folder("web") else {
        return;
    };
    let Ok(text) = std::fs::read_to_string(folder.join("page_cache.jsonl")) else {
        return;
    };
    let mut failures = Vec::new();
    for line in text.lines() {
        let record: Json = serde_json::from_str(line).unwrap();
        if record["kind"] != "fragment_key" {
            continue;
        }
        let (id, inputs) = (record["id"].as_str().unwrap(), &record["inputs"]);
        let given = inputs["vary_on"].as_array().cloned().unwrap_or_default();
        let values: Option<Vec<_>> = given.iter().map(value).collect();
        let (Some(values), Some(name)) = (values, inputs["name"].as_str()) else {
            tell(id, Told::Skipped, "a value that only Python has");
            continue;
        };
        let ours = make_template_fragment_key(name, &values);
        if record["expected"]["key"] == ours.as_str() {
            tell(id, Told::Passed, "");
        } else if values.len() > 1 && values.iter().any(|value| value.to_text().contains(':')) {
            let why = "values of which one has a colon have a key of their own kind";
            tell(id, Told::Excepted, why);
        } else {
            let how = format!("expected {}, came {ours}", record["expected"]["key"]);
            tell(id, Told::Failed, &how);
            failures.push(format!("{id}: {inputs}: {how}"));
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}
