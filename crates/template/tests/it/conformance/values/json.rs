//! Template values as the corpus writes them.

use nuages_template::{Kind, Object, Value};
use serde_json::{Value as Json, json};

use super::objects::IDENTITY;

/// The value as the corpus writes it.
pub(in super::super) fn to_json(value: &Value<'_>) -> Json {
    match value {
        Value::None => Json::Null,
        Value::Bool(yes) => Json::from(*yes),
        Value::Int(number) => Json::from(*number),
        Value::Float(_) => json!({ "$float": value.to_text() }),
        Value::Decimal(text) => {
            let digits = text.strip_prefix('-').unwrap_or(text);
            let whole = digits.bytes().all(|byte| byte.is_ascii_digit());
            if whole && text.parse::<i64>().is_err() {
                json!({ "$int": text })
            } else {
                json!({ "$decimal": text })
            }
        }
        Value::Str(text) => Json::from(&**text),
        Value::Safe(text) => json!({ "$safe": text }),
        Value::Date(date) => json!({ "$date": date.to_string() }),
        Value::Time(time) => {
            json!({ "$time": time.strftime("%H:%M:%S.%6f").to_string(), "tz": null })
        }
        Value::DateTime(at) => {
            json!({ "$datetime": at.strftime("%Y-%m-%dT%H:%M:%S.%6f").to_string(), "tz": null })
        }
        Value::Duration(length) => {
            let micros = length.as_micros();
            let (days, rest) = (micros.div_euclid(DAY), micros.rem_euclid(DAY));
            let part = |number: i128| i64::try_from(number).unwrap_or(i64::MAX);
            json!({ "$timedelta": [part(days), part(rest / 1_000_000), part(rest % 1_000_000)] })
        }
        Value::List(items) => list(items.iter().map(to_json).collect(), items.is_tuple()),
        _ => match value.as_object() {
            Some(object) => of_object(object),
            None => Json::from(value.to_text()),
        },
    }
}

const DAY: i128 = 86_400_000_000;

fn list(items: Vec<Json>, tuple: bool) -> Json {
    if tuple {
        json!({ "$tuple": items })
    } else {
        Json::from(items)
    }
}

fn of_object(object: &dyn Object) -> Json {
    let items = || -> Vec<Json> {
        let items = object.iterate();
        items
            .into_iter()
            .flatten()
            .map(|item| to_json(&item))
            .collect()
    };
    if let Some((IDENTITY, source)) = object.identity() {
        return serde_json::from_str(&source.to_text()).unwrap_or(Json::Null);
    }
    match object.kind() {
        Kind::Map => {
            let entries = object.entries().into_iter().flatten();
            let pairs: Vec<Json> = entries
                .map(|(key, value)| json!([to_json(&key), to_json(&value)]))
                .collect();
            json!({ "$dict": pairs })
        }
        Kind::Set => {
            let mut items = items();
            items.sort_by_key(Json::to_string);
            json!({ "$set": items })
        }
        Kind::List => list(items(), false),
        Kind::Tuple => list(items(), true),
        _ => json!({ "$obj": Value::Object(object).to_text() }),
    }
}

/// Without the tags of safe strings.
pub(in super::super) fn without_safe(json: &Json) -> Json {
    match json {
        Json::Object(map) if map.contains_key("$safe") => map["$safe"].clone(),
        Json::Object(map) => Json::Object(
            map.iter()
                .map(|(key, value)| (key.clone(), without_safe(value)))
                .collect(),
        ),
        Json::Array(items) => Json::from(items.iter().map(without_safe).collect::<Vec<_>>()),
        other => other.clone(),
    }
}
