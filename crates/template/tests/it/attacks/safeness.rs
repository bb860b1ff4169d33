//! T3: every filter with safe and unsafe input, autoescaping on and off, against what Django 6.0 makes of it.
//!
//! `safeness.json` is written by `safeness.py`; `force_escape` behind the filter shows its flag, too.

use nuages_template::{Context, Engine, NoServices, Value};
use serde_json::Value as Json;

fn value(json: &Json) -> Value<'static> {
    let (kind, data) = json.as_object().unwrap().iter().next().unwrap();
    let text = |json: &Json| json.as_str().unwrap().to_owned();
    let list = |make: fn(String) -> Value<'static>| {
        Value::list(
            data.as_array()
                .unwrap()
                .iter()
                .map(|item| make(text(item)))
                .collect(),
        )
    };
    match kind.as_str() {
        "text" => Value::from(text(data)),
        "safe" => Value::assert_safe(text(data)),
        "int" => Value::from(data.as_i64().unwrap()),
        "float" => Value::from(data.as_f64().unwrap()),
        "list" => list(Value::from),
        "safe_list" => list(Value::assert_safe),
        _ => Value::None,
    }
}

#[test]
fn t3_safe_and_unsafe_input_is_escaped_as_django_does() {
    let rows: Vec<Json> = serde_json::from_str(include_str!("safeness.json")).unwrap();
    assert!(rows.len() > 1000);
    let engine = Engine::builder().insecure_urlize_http().build();
    let mut wrong = Vec::new();
    for row in &rows {
        let using = row[0].as_str().unwrap();
        let sources = [
            format!("{{{{ v|{using} }}}}"),
            format!("{{% autoescape off %}}{{{{ v|{using} }}}}{{% endautoescape %}}"),
            format!("{{{{ v|{using}|force_escape }}}}"),
        ];
        for (source, expect) in sources.iter().zip(&row.as_array().unwrap()[2..]) {
            let context = Context::new().with("v", value(&row[1])).with("t", "<");
            let result = engine
                .from_str(source)
                .and_then(|page| page.render(&context, &NoServices))
                .ok();
            if result.as_deref() != expect.as_str() {
                wrong.push(format!(
                    "{source} with {}\n  Django: {expect}\n  we:     {result:?}",
                    row[1]
                ));
            }
        }
    }
    assert!(
        wrong.is_empty(),
        "{} of {}:\n{}",
        wrong.len(),
        rows.len() * 3,
        wrong.join("\n")
    );
}
