//! `json_script`: nothing ends the element, and a script reads the data that was given.
#![no_main]

use libfuzzer_sys::fuzz_target;
use nuages_template::{Value, html::json_script};
use serde_json::Value as Json;

/// Equal, but for the last digit of a float.
fn same(a: &Json, b: &Json) -> bool {
    match (a, b) {
        (Json::Array(a), Json::Array(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b))
        }
        (Json::Object(a), Json::Object(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|((k, a), (l, b))| k == l && same(a, b))
        }
        (Json::Number(a), Json::Number(b)) if a.is_f64() => {
            let (a, b) = (a.as_f64().unwrap(), b.as_f64().unwrap());
            (a - b).abs() <= a.abs() * 1e-15
        }
        (a, b) => a == b,
    }
}

fuzz_target!(|input: (&str, &str)| {
    let (id, text) = input;
    // What is no JSON is a text.
    let data = serde_json::from_str(text).unwrap_or_else(|_| Json::from(text));
    let Ok(value) = Value::from_serialize(&data) else {
        return;
    };
    let Ok(html) = json_script(&value, Some(&id.into())) else {
        return;
    };
    let (start, rest) = html.split_once('>').unwrap();
    let json = rest.strip_suffix("</script>").unwrap();
    assert!(!json.contains(['<', '>', '&']), "{json:?}");
    let quotes = if id.is_empty() { 2 } else { 4 };
    assert_eq!(start.matches('"').count(), quotes, "{start:?}");
    assert!(
        same(&data, &serde_json::from_str(json).unwrap()),
        "{json:?}"
    );
});
