//! Python values out of the corpus: tagged JSON to template values.

mod json;
mod objects;

use jiff::civil::{Date, DateTime, Time};
use jiff::tz::{Offset, TimeZone};
use nuages_template::{Engine, List, Value};
use serde_json::Value as Json;

use super::Skip;
use objects::{Bytes, Call, Callable, Dict, Obj, Range, Set};

pub(super) use json::{to_json, without_safe};

type Made<T> = Result<T, Skip>;

/// A value of the corpus.
pub(super) fn value(json: &Json, engine: &Engine) -> Made<Value<'static>> {
    Ok(match json {
        Json::Null => Value::None,
        Json::Bool(yes) => Value::Bool(*yes),
        Json::Number(number) => Value::Int(number.as_i64().ok_or("a number beyond 64 bits")?),
        Json::String(text) => Value::from(text.clone()),
        Json::Array(items) => Value::list(values(items, engine)?),
        Json::Object(map) => {
            let (tag, body) = map
                .iter()
                .find(|(name, _)| name.starts_with('$'))
                .ok_or("an object without a tag")?;
            tagged(tag, body, json, engine)?
        }
    })
}

fn values(items: &[Json], engine: &Engine) -> Made<Vec<Value<'static>>> {
    items.iter().map(|item| value(item, engine)).collect()
}

fn all(body: &Json, engine: &Engine) -> Made<Vec<Value<'static>>> {
    values(body.as_array().map_or(&[], Vec::as_slice), engine)
}

fn text(body: &Json) -> Made<String> {
    Ok(body.as_str().ok_or("a text is missing")?.to_owned())
}

fn pairs(body: &Json, engine: &Engine) -> Made<Vec<(Value<'static>, Value<'static>)>> {
    let pairs = body.as_array().ok_or("pairs are missing")?.iter();
    pairs
        .map(|pair| Ok((value(&pair[0], engine)?, value(&pair[1], engine)?)))
        .collect()
}

fn tagged(tag: &str, body: &Json, whole: &Json, engine: &Engine) -> Made<Value<'static>> {
    Ok(match tag {
        "$int" | "$decimal" => Value::Decimal(text(body)?.into()),
        "$float" => Value::Float(text(body)?.parse().map_err(|_| "no float")?),
        "$safe" => Value::Safe(text(body)?.into()),
        "$bytes" => Value::object(Bytes(hex(&text(body)?)?)),
        "$tuple" => Value::List(List::tuple(all(body, engine)?)),
        "$set" => Value::object(Set(all(body, engine)?)),
        "$range" => {
            let bound = |at: usize| body[at].as_i64().unwrap_or_default();
            Value::object(Range {
                start: bound(0),
                stop: bound(1),
                step: bound(2),
            })
        }
        "$dict" => Value::object(Dict::new(pairs(body, engine)?)),
        "$defaultdict" => {
            let mut dict = Dict::new(pairs(body, engine)?);
            if let Some(default) = whole["default"].get("value") {
                dict.default = Some(value(default, engine)?);
            }
            Value::object(dict)
        }
        "$querydict" | "$multivaluedict" => Value::object(multi(body, whole, engine)?),
        "$datetime" => datetime(&text(body)?, &whole["tz"])?,
        "$date" => Value::Date(text(body)?.parse::<Date>().map_err(|_| "no date")?),
        "$time" => Value::Time(text(body)?.parse::<Time>().map_err(|_| "no time")?),
        "$timedelta" => {
            let part = |at: usize| i128::from(body[at].as_i64().unwrap_or_default());
            let micros = (part(0) * 86_400 + part(1)) * 1_000_000 + part(2);
            let nanos = micros * 1000;
            Value::Duration(jiff::SignedDuration::from_nanos_i128(nanos))
        }
        "$namedtuple" => {
            let fields = body["fields"].as_array().ok_or("fields are missing")?;
            let fields: Vec<&'static str> = fields
                .iter()
                .filter_map(|field| Some(&*field.as_str()?.to_owned().leak()))
                .collect();
            let class = text(&body["class"])?.leak();
            Value::List(List::named(
                class,
                fields.leak(),
                all(&body["values"], engine)?,
            ))
        }
        "$template" => {
            let page = engine.from_str(&text(body)?);
            Value::object(page.map_err(|_| "the template does not compile")?)
        }
        "$tz" => Value::from(zone(body).ok_or("a zone that is not known")?),
        "$request" => request(body, engine)?,
        "$callable" => Value::object(Callable(Call::read(body, engine)?)),
        "$obj" => Value::object(Obj::read(body, engine)?),
        tag => return Err(Skip(format!("a value {tag} has no counterpart"))),
    })
}

fn hex(text: &str) -> Made<Vec<u8>> {
    let digits: Option<Vec<u8>> = (0..text.len())
        .step_by(2)
        .map(|at| u8::from_str_radix(text.get(at..at + 2)?, 16).ok())
        .collect();
    Ok(digits.ok_or("no bytes")?)
}

fn datetime(text: &str, tz: &Json) -> Made<Value<'static>> {
    let naive = text.parse::<DateTime>().map_err(|_| "no moment")?;
    if tz.is_null() {
        return Ok(Value::DateTime(naive));
    }
    let zone = zone(tz).ok_or("a zone that is not known")?;
    let at = naive.to_zoned_datetime(zone);
    Ok(Value::from(at.map_err(|_| "a moment out of range")?))
}

/// A time zone of the corpus.
pub(super) fn zone(tz: &Json) -> Option<TimeZone> {
    match (tz["zone"].as_str(), tz["offset"].as_i64()) {
        (Some(name), _) => TimeZone::get(name).ok(),
        (_, Some(seconds)) => {
            let offset = Offset::from_seconds(i32::try_from(seconds).ok()?).ok()?;
            Some(TimeZone::fixed(offset))
        }
        _ => None,
    }
}

/// A dictionary with several values of a key.
fn multi(body: &Json, whole: &Json, engine: &Engine) -> Made<Dict> {
    let mut lists = Vec::new();
    for (key, list) in pairs(body, engine)? {
        let items: Vec<Value<'static>> = match &list {
            Value::List(items) => items.iter().cloned().collect(),
            _ => Vec::new(),
        };
        lists.push((key, items));
    }
    Ok(Dict::multi(lists, whole.to_string()))
}

/// A request out of the corpus.
pub(super) fn request(json: &Json, engine: &Engine) -> Made<Value<'static>> {
    let query = json["query"].as_str().unwrap_or("");
    let mut lists: Vec<(Value<'static>, Vec<Value<'static>>)> = Vec::new();
    for pair in query.split('&').filter(|pair| !pair.is_empty()) {
        let (key, text) = pair.split_once('=').unwrap_or((pair, ""));
        let (key, text) = (plain(key), Value::from(plain(text)));
        match lists
            .iter_mut()
            .find(|(known, _)| known.as_str() == Some(&key))
        {
            Some((_, all)) => all.push(text),
            None => lists.push((Value::from(key), vec![text])),
        }
    }
    let mut attrs = vec![
        (
            "GET".to_owned(),
            Value::object(Dict::multi(lists, String::new())),
        ),
        ("path".to_owned(), value(&json["path"], engine)?),
    ];
    if let Some(app) = json.get("current_app") {
        attrs.push(("current_app".to_owned(), value(app, engine)?));
    }
    if let Some(space) = json.get("namespace") {
        let found = Obj::with(vec![("namespace".to_owned(), value(space, engine)?)]);
        attrs.push(("resolver_match".to_owned(), Value::object(found)));
    }
    Ok(Value::object(Obj::with(attrs)))
}

/// Undoes the encoding of a query string.
fn plain(text: &str) -> String {
    let mut out = Vec::new();
    let bytes = text.replace('+', " ").into_bytes();
    let mut at = 0;
    while at < bytes.len() {
        let hex = bytes.get(at + 1..at + 3).filter(|_| bytes[at] == b'%');
        if let Some(byte) =
            hex.and_then(|hex| u8::from_str_radix(std::str::from_utf8(hex).ok()?, 16).ok())
        {
            out.push(byte);
            at += 3;
        } else {
            out.push(bytes[at]);
            at += 1;
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}
