//! The corpus' typed values.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use nuages_forms::{FormData, StoredFile, UploadedFile, Value};
use serde_json::Value as Json;

use super::Skip;

/// The one key of a typed object, and what is behind it.
pub(super) fn tagged(json: &Json) -> Option<(&str, &Json)> {
    let object = json.as_object()?;
    let (key, value) = object.iter().next()?;
    Some((key.as_str(), value))
}

pub(super) fn text(json: &Json) -> String {
    json.as_str().unwrap_or_default().to_owned()
}

fn list(json: &Json) -> Result<Value, Skip> {
    let items = json.as_array().map(Vec::as_slice).unwrap_or_default();
    Ok(Value::List(
        items.iter().map(value).collect::<Result<_, _>>()?,
    ))
}

pub(super) fn value(json: &Json) -> Result<Value, Skip> {
    Ok(match json {
        Json::Null => Value::None,
        Json::Bool(yes) => Value::Bool(*yes),
        Json::Number(number) => Value::Int(number.as_i64().ok_or("a large number")?),
        Json::String(text) => Value::Str(text.clone()),
        Json::Array(_) => list(json)?,
        Json::Object(_) => {
            let (tag, inner) = tagged(json).ok_or("an empty object")?;
            let words = text(inner);
            match tag {
                "float" => Value::Float(words.parse().map_err(|_| "a float")?),
                "decimal" => Value::Decimal(words.parse().map_err(|_| "a special decimal")?),
                "date" => Value::Date(words.parse().map_err(|_| "a date")?),
                "time" => Value::Time(words.parse().map_err(|_| "a time")?),
                "datetime" => match words.parse::<jiff::Timestamp>() {
                    Ok(at) => Value::Timestamp(at),
                    Err(_) => Value::DateTime(words.parse().map_err(|_| "a datetime")?),
                },
                "uuid" => Value::Str(words),
                "tuple" => list(inner)?,
                "file" => Value::File(file(inner)?),
                "uploaded" => {
                    let size = inner["size"].as_u64().unwrap_or_default();
                    let size = usize::try_from(size).map_err(|_| "a large file")?;
                    Value::File(UploadedFile::new(&text(&inner["name"]), vec![b'x'; size]))
                }
                "stored_file" => {
                    Value::StoredFile(StoredFile::new(text(&inner["str"]), text(&inner["url"])))
                }
                "callable" => called(inner)?,
                other => return Err(format!("value {other}")),
            }
        }
    })
}

/// What a callable initial value gives.
fn called(name: &Json) -> Result<Value, Skip> {
    Ok(match name.as_str() {
        Some("const_5") => Value::Int(5),
        Some("const_a") => Value::from("a"),
        _ => return Err("a callable".to_owned()),
    })
}

pub(super) fn file(json: &Json) -> Result<UploadedFile, Skip> {
    let name = match json.get("raw_name") {
        Some(Json::String(raw)) => raw.clone(),
        Some(_) => return Err("a file without a name".to_owned()),
        None => text(&json["name"]),
    };
    let bytes = STANDARD
        .decode(text(&json["content_b64"]))
        .map_err(|error| error.to_string())?;
    let file = UploadedFile::new(&name, bytes);
    Ok(match json["content_type"].as_str() {
        Some(content_type) => file.content_type(content_type),
        None => file,
    })
}

/// Request data; nothing for `null`.
pub(super) fn data(data: &Json, files: &Json) -> Result<Option<FormData>, Skip> {
    let mut out = FormData::new();
    if data.is_null() && files.is_null() {
        return Ok(None);
    }
    for (name, value) in pairs(data)? {
        match value {
            Json::String(text) => out.push(name, text),
            Json::Null => {}
            Json::Bool(true) => out.push(name, "True"),
            Json::Bool(false) => out.push(name, "False"),
            other => return Err(format!("data {}", short(&other))),
        }
    }
    for (name, value) in pairs(files)? {
        match tagged(&value) {
            Some(("file", inner)) => out.push_file(name, file(inner)?),
            None if value.is_null() => {}
            _ => return Err("a file that is none".to_owned()),
        }
    }
    Ok(Some(out))
}

fn short(json: &Json) -> &'static str {
    match json {
        Json::Number(_) => "number",
        Json::Array(_) => "list",
        _ => "object",
    }
}

fn pairs(json: &Json) -> Result<Vec<(String, Json)>, Skip> {
    let Some((tag, inner)) = tagged(json) else {
        return Ok(Vec::new());
    };
    let mut out = Vec::new();
    for pair in inner.as_array().map(Vec::as_slice).unwrap_or_default() {
        let name = pair[0].as_str().ok_or("a name that is no text")?.to_owned();
        match (tag, &pair[1]) {
            (_, Json::Array(items)) => {
                out.extend(items.iter().map(|item| (name.clone(), item.clone())));
            }
            ("dict", other) => out.push((name, other.clone())),
            _ => return Err("odd data".to_owned()),
        }
    }
    Ok(out)
}

/// A value for comparing: its type and its text.
pub(super) fn shown(value: &Value) -> String {
    match value {
        Value::List(items) => format!("{:?}", items.iter().map(shown).collect::<Vec<_>>()),
        Value::File(file) => format!("File({:?}, {})", file.name(), file.size()),
        Value::Float(number) => format!("Float({number:?})"),
        Value::Decimal(number) => format!("Decimal({number})"),
        other => format!("{other:?}"),
    }
}
