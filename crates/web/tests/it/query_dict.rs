//! Query strings.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use nuages_web::QueryDict;
use serde_json::{Value, json};

use crate::asserted;

fn lists(data: &QueryDict) -> Value {
    let lists: Vec<Value> = data
        .lists()
        .map(|(name, values)| json!([name, values]))
        .collect();
    Value::Array(lists)
}

/// `None` for text that is no text in Rust.
fn built(recorded: &Value) -> Option<QueryDict> {
    let mut data = QueryDict::new();
    for pair in recorded.as_array()? {
        let values: Option<Vec<String>> = pair[1]
            .as_array()?
            .iter()
            .map(|value| value.as_str().map(str::to_owned))
            .collect();
        data.set_list(pair[0].as_str()?, values?);
    }
    Some(data)
}

/// The limit of the settings.
fn limit(record: &Value) -> Option<usize> {
    match record["settings"].get("DATA_UPLOAD_MAX_NUMBER_FIELDS") {
        None => Some(1000),
        Some(Value::Null) => Some(usize::MAX),
        Some(number) => usize::try_from(number.as_u64()?).ok(),
    }
}

#[test]
fn query_strings_are_read_as_django_reads_them() {
    asserted::replay("web", "querydict.jsonl", "querydict", |record| {
        let (inputs, expected) = (&record["inputs"], &record["expected"]);
        let utf8 = |name: &str| matches!(name.to_lowercase().as_str(), "utf-8" | "utf8");
        if !inputs["encoding"].as_str().is_none_or(utf8) {
            return false;
        }
        let Some(limit) = limit(record) else {
            return false;
        };
        let data = match (
            &inputs["query_string"],
            &inputs["query_string"]["bytes_b64"],
        ) {
            (Value::String(text), _) => QueryDict::parse(text, limit),
            (_, Value::String(bytes)) => {
                QueryDict::parse_bytes(&STANDARD.decode(bytes).unwrap(), limit)
            }
            _ => return false,
        };
        if expected["error"].is_object() {
            assert!(data.is_err(), "{data:?}");
            return true;
        }
        let data = data.unwrap();
        assert_eq!(lists(&data), expected["lists"]);
        if let Some(text) = expected["urlencode"].as_str() {
            assert_eq!(data.urlencode(), text);
        }
        true
    });
}

#[test]
fn values_are_written_as_django_writes_them() {
    asserted::replay("web", "querydict.jsonl", "querydict_urlencode", |record| {
        let inputs = &record["inputs"];
        let utf8 = |name: &str| matches!(name.to_lowercase().as_str(), "utf-8" | "utf8");
        if !inputs["encoding"].as_str().is_none_or(utf8) {
            return false;
        }
        let Some(data) = built(&inputs["lists"]) else {
            return false;
        };
        let safe = inputs["safe"].as_str().unwrap_or_default();
        assert_eq!(data.urlencode_safe(safe), record["expected"]["urlencode"]);
        true
    });
}
