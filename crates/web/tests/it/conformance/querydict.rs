//! Query strings, read and written.

use nuages_web::QueryDict;
use serde_json::{Value, json};

use super::{Outcome, bytes_of, compare, replay};

fn lists(data: &QueryDict) -> Value {
    let lists: Vec<Value> = data
        .lists()
        .map(|(name, values)| json!([name, values]))
        .collect();
    Value::Array(lists)
}

fn from_lists(value: &Value) -> Option<QueryDict> {
    let mut data = QueryDict::new();
    for entry in value.as_array()? {
        let values: Option<Vec<String>> = entry[1]
            .as_array()?
            .iter()
            .map(|value| value.as_str().map(str::to_owned))
            .collect();
        data.set_list(entry[0].as_str()?, values?);
    }
    Some(data)
}

#[test]
fn query_strings_are_read_as_by_django() {
    replay("querydict.jsonl", &["querydict"], |record| {
        let inputs = &record["inputs"];
        if !matches!(inputs["encoding"].as_str(), None | Some("utf-8")) {
            return Outcome::Skipped("another encoding than UTF-8");
        }
        let max = match record["settings"].get("DATA_UPLOAD_MAX_NUMBER_FIELDS") {
            None => 1000,
            Some(Value::Null) => usize::MAX,
            Some(max) => usize::try_from(max.as_u64().unwrap()).unwrap(),
        };
        let query = &inputs["query_string"];
        let read = match query.as_str() {
            Some(text) => QueryDict::parse(text, max),
            None if query.get("bytes_b64").is_some() => {
                QueryDict::parse_bytes(&bytes_of(&query["bytes_b64"]), max)
            }
            None => return Outcome::Skipped("lone surrogates"),
        };
        let expected = &record["expected"];
        match read {
            Err(error) => compare(&json!(error.to_string()), &expected["error"]["message"]),
            Ok(_) if !expected["error"].is_null() => Outcome::Differs("no error".into()),
            Ok(_) if expected.get("urlencode").is_none() => Outcome::Skipped("lone surrogates"),
            Ok(data) => compare(
                &json!([lists(&data), data.urlencode()]),
                &json!([expected["lists"], expected["urlencode"]]),
            ),
        }
    });
}

#[test]
fn query_strings_are_written_as_by_django() {
    replay("querydict.jsonl", &["querydict_urlencode"], |record| {
        let inputs = &record["inputs"];
        if !matches!(inputs["encoding"].as_str(), None | Some("utf-8")) {
            return Outcome::Skipped("another encoding than UTF-8");
        }
        let Some(data) = from_lists(&inputs["lists"]) else {
            return Outcome::Skipped("values that are not text");
        };
        if record["expected"]["urlencode"].is_null() {
            return Outcome::Skipped("errors of Python");
        }
        let safe = inputs["safe"].as_str().unwrap_or("");
        compare(
            &json!(data.urlencode_safe(safe)),
            &record["expected"]["urlencode"],
        )
    });
}

#[test]
fn operations_change_what_they_change_in_django() {
    replay("querydict.jsonl", &["querydict_ops"], |record| {
        let inputs = &record["inputs"];
        if inputs["mutable"] != json!(true) || inputs.get("class").is_some() {
            return Outcome::Skipped("immutability is Rust's own");
        }
        let Some(query) = inputs["query_string"].as_str() else {
            return Outcome::Skipped("lone surrogates");
        };
        let mut data = QueryDict::parse(query, 1000).unwrap();
        let steps = record["expected"]["steps"].as_array().unwrap();
        for (op, step) in inputs["ops"].as_array().unwrap().iter().zip(steps) {
            let text = |at: usize| op[at].as_str();
            let value = match (op[0].as_str().unwrap(), text(1), text(2)) {
                ("setitem", Some(name), Some(value)) => {
                    data.set(name, value);
                    Value::Null
                }
                ("appendlist", Some(name), Some(value)) => {
                    data.append(name, value);
                    Value::Null
                }
                ("delitem", Some(name), _) if data.contains(name) => {
                    data.remove(name);
                    Value::Null
                }
                ("clear", ..) => {
                    data.clear();
                    Value::Null
                }
                ("get", Some(name), None)
                    if op.as_array().unwrap().len() == 2 && !data.get_list(name).is_empty() =>
                {
                    json!(data.get(name))
                }
                ("getlist", Some(name), None) if op.as_array().unwrap().len() == 2 => {
                    json!(data.get_list(name))
                }
                ("in", Some(name), _) => json!(data.contains(name)),
                ("len", ..) => json!(data.len()),
                ("urlencode", None, _) => json!(data.urlencode()),
                ("update_querydict", Some(other), _) => {
                    data.extend(&QueryDict::parse(other, 1000).unwrap());
                    Value::Null
                }
                _ => return Outcome::Skipped("operations of Python's own"),
            };
            let found = json!([value, lists(&data)]);
            let expected = json!([step["value"], step["lists"]]);
            if step.get("error").is_some_and(|error| !error.is_null()) {
                return Outcome::Skipped("errors of Python");
            }
            if found != expected {
                return Outcome::Differs(format!("{op}: found {found}, expected {expected}"));
            }
        }
        Outcome::Same
    });
}
