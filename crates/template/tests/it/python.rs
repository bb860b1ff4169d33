//! Python values out of the corpus: tagged JSON to template values and back.

use std::borrow::Cow;
use std::fmt;

use jiff::civil::{Date, DateTime, Time};
use jiff::tz::{Offset, TimeZone};
use nuages_template::{Engine, Entries, Error, ErrorKind, Items, Kind, List, Object, Value};
use serde_json::Value as Json;

/// A value of the corpus. `None`: it has no counterpart here.
pub(crate) fn value(json: &Json, engine: &Engine) -> Option<Value<'static>> {
    Some(match json {
        Json::Null => Value::None,
        Json::Bool(yes) => Value::Bool(*yes),
        Json::Number(number) => Value::Int(number.as_i64()?),
        Json::String(text) => Value::from(text.clone()),
        Json::Array(items) => Value::list(values(items, engine)?),
        Json::Object(map) => {
            let (tag, body) = map.iter().next()?;
            tagged(tag, body, map, engine)?
        }
    })
}

fn values(items: &[Json], engine: &Engine) -> Option<Vec<Value<'static>>> {
    items.iter().map(|item| value(item, engine)).collect()
}

fn pairs(body: &Json, engine: &Engine) -> Option<Vec<(Value<'static>, Value<'static>)>> {
    body.as_array()?
        .iter()
        .map(|pair| Some((value(&pair[0], engine)?, value(&pair[1], engine)?)))
        .collect()
}

fn tagged(
    tag: &str,
    body: &Json,
    map: &serde_json::Map<String, Json>,
    engine: &Engine,
) -> Option<Value<'static>> {
    Some(match tag {
        "$int" | "$decimal" => Value::Decimal(body.as_str()?.to_owned().into()),
        "$float" => Value::Float(body.as_str()?.parse().ok()?),
        "$safe" => Value::Safe(body.as_str()?.to_owned().into()),
        "$tuple" => Value::List(List::tuple(values(body.as_array()?, engine)?)),
        "$set" => Value::object(Set(values(body.as_array()?, engine)?)),
        "$range" => {
            let bound = |at: usize| body[at].as_i64();
            let (start, stop, step) = (bound(0)?, bound(1)?, bound(2)?);
            let items = std::iter::successors(Some(start), |at| Some(at + step))
                .take_while(|at| *at < stop);
            Value::list(items.map(Value::from).collect())
        }
        "$dict" => Value::object(Dict {
            entries: pairs(body, engine)?,
            default: None,
            query: None,
        }),
        "$defaultdict" => {
            let default = map.get("default").and_then(|default| default.get("value"));
            let default = match default {
                Some(default) => Some(value(default, engine)?),
                None => None,
            };
            Value::object(Dict {
                entries: pairs(body, engine)?,
                default,
                query: None,
            })
        }
        "$querydict" | "$multivaluedict" => multi(body, engine)?,
        "$datetime" => datetime(body.as_str()?, map.get("tz")?)?,
        "$date" => Value::Date(body.as_str()?.parse::<Date>().ok()?),
        "$time" => Value::Time(body.as_str()?.parse::<Time>().ok()?),
        "$timedelta" => {
            let part = |at: usize| body[at].as_i64();
            let seconds = part(0)? * 86_400 + part(1)?;
            let micros = i128::from(seconds) * 1_000_000 + i128::from(part(2)?);
            Value::Duration(jiff::SignedDuration::from_micros(
                i64::try_from(micros).ok()?,
            ))
        }
        "$namedtuple" => {
            let fields: Vec<&'static str> = body["fields"]
                .as_array()?
                .iter()
                .filter_map(|f| Some(&*f.as_str()?.to_owned().leak()))
                .collect();
            let class = body["class"].as_str()?.to_owned().leak();
            Value::List(List::named(
                class,
                fields.leak(),
                values(body["values"].as_array()?, engine)?,
            ))
        }
        "$template" => Value::object(engine.from_str(body.as_str()?).ok()?),
        "$callable" => Value::object(Callable(call(body, engine)?)),
        "$obj" => Value::object(obj(body, engine)?),
        _ => return None,
    })
}

fn datetime(text: &str, tz: &Json) -> Option<Value<'static>> {
    let naive = text.parse::<DateTime>().ok()?;
    if tz.is_null() {
        return Some(Value::DateTime(naive));
    }
    Some(Value::from(naive.to_zoned_datetime(zone(tz)?).ok()?))
}

/// A time zone of the corpus.
pub(crate) fn zone(tz: &Json) -> Option<TimeZone> {
    match (
        tz.get("zone").and_then(Json::as_str),
        tz.get("offset").and_then(Json::as_i64),
    ) {
        (Some(name), _) => TimeZone::get(name).ok(),
        (_, Some(seconds)) => Some(TimeZone::fixed(
            Offset::from_seconds(i32::try_from(seconds).ok()?).ok()?,
        )),
        _ => None,
    }
}

fn multi(body: &Json, engine: &Engine) -> Option<Value<'static>> {
    let (mut entries, mut query) = (Vec::new(), Vec::new());
    for pair in body.as_array()? {
        let key = pair[0].as_str()?;
        let all = values(pair[1].as_array()?, engine)?;
        query.extend(
            all.iter()
                .map(|value| (key.to_owned(), value.to_text().into_owned())),
        );
        entries.push((
            Value::from(key.to_owned()),
            all.last().cloned().unwrap_or_else(|| Value::list(vec![])),
        ));
    }
    Some(Value::object(Dict {
        entries,
        default: None,
        query: Some(query),
    }))
}

/// A request out of the corpus.
pub(crate) fn request(json: &Json, engine: &Engine) -> Option<Value<'static>> {
    let mut query: Vec<(String, Vec<Json>)> = Vec::new();
    for pair in json["query"]
        .as_str()
        .unwrap_or("")
        .split('&')
        .filter(|pair| !pair.is_empty())
    {
        let (key, text) = pair.split_once('=').unwrap_or((pair, ""));
        let (key, text) = (plain(key), Json::from(plain(text)));
        match query.iter_mut().find(|(known, _)| *known == key) {
            Some((_, all)) => all.push(text),
            None => query.push((key, vec![text])),
        }
    }
    let query: Vec<Json> = query
        .into_iter()
        .map(|(key, all)| Json::from(vec![Json::from(key), Json::from(all)]))
        .collect();
    let mut entries = vec![
        (Value::from("GET"), multi(&Json::from(query), engine)?),
        (Value::from("path"), value(&json["path"], engine)?),
    ];
    if let Some(app) = json.get("current_app") {
        entries.push((Value::from("current_app"), value(app, engine)?));
    }
    if let Some(space) = json.get("namespace") {
        let space = vec![(Value::from("namespace"), value(space, engine)?)];
        entries.push((
            Value::from("resolver_match"),
            Value::object(Dict {
                entries: space,
                default: None,
                query: None,
            }),
        ));
    }
    Some(Value::object(Dict {
        entries,
        default: None,
        query: None,
    }))
}

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

/// A dictionary with keys of any type.
struct Dict {
    entries: Vec<(Value<'static>, Value<'static>)>,
    default: Option<Value<'static>>,
    query: Option<Vec<(String, String)>>,
}

impl Object for Dict {
    fn kind(&self) -> Kind {
        Kind::Map
    }

    fn attr(&self, name: &str) -> Option<Value<'_>> {
        let found = self
            .entries
            .iter()
            .find(|(key, _)| key.as_str() == Some(name));
        found
            .map(|(_, value)| value.reborrow())
            .or_else(|| self.default.as_ref().map(Value::reborrow))
    }

    fn index(&self, index: usize) -> Option<Value<'_>> {
        let wanted = i64::try_from(index).ok();
        self.entries
            .iter()
            .find(|(key, _)| key.as_int() == wanted)
            .map(|(_, value)| value.reborrow())
    }

    fn iterate(&self) -> Option<Items<'_>> {
        Some(Box::new(self.entries.iter().map(|(key, _)| key.reborrow())))
    }

    fn entries(&self) -> Option<Entries<'_>> {
        Some(Box::new(
            self.entries
                .iter()
                .map(|(key, value)| (key.reborrow(), value.reborrow())),
        ))
    }

    fn len(&self) -> Option<usize> {
        Some(self.entries.len())
    }

    fn query_pairs(&self) -> Option<Vec<(Cow<'_, str>, Cow<'_, str>)>> {
        let query = self.query.as_ref()?;
        Some(
            query
                .iter()
                .map(|(key, value)| (Cow::from(key), Cow::from(value)))
                .collect(),
        )
    }
}

/// A set: items without numbers.
struct Set(Vec<Value<'static>>);

impl Object for Set {
    fn index(&self, _: usize) -> Option<Value<'_>> {
        None
    }

    fn iterate(&self) -> Option<Items<'_>> {
        Some(Box::new(self.0.iter().map(Value::reborrow)))
    }

    fn len(&self) -> Option<usize> {
        Some(self.0.len())
    }

    fn display(&self, out: &mut dyn fmt::Write) -> fmt::Result {
        out.write_char('{')?;
        for (index, item) in self.0.iter().enumerate() {
            write!(out, "{}{item:?}", if index > 0 { ", " } else { "" })?;
        }
        out.write_char('}')
    }
}

/// What calling something does.
#[derive(Clone)]
enum Call {
    Returns(Value<'static>),
    Raises { silent: bool, class: String },
    NeedsArguments,
    AltersData,
    NotCalled,
}

fn call(spec: &Json, engine: &Engine) -> Option<Call> {
    if spec["do_not_call_in_templates"] == true {
        return Some(Call::NotCalled);
    }
    if spec["alters_data"] == true {
        return Some(Call::AltersData);
    }
    if spec["requires_args"] == true {
        return Some(Call::NeedsArguments);
    }
    if let Some(exception) = spec.get("raises") {
        return Some(raises(exception));
    }
    Some(Call::Returns(value(spec.get("returns")?, engine)?))
}

fn raises(exception: &Json) -> Call {
    Call::Raises {
        silent: exception["silent_variable_failure"] == true,
        class: exception["class"].as_str().unwrap_or("").to_owned(),
    }
}

impl Call {
    fn run(&self) -> Option<Result<Value<'_>, Error>> {
        match self {
            Self::Returns(value) => Some(Ok(value.reborrow())),
            Self::Raises { silent: true, .. } => {
                Some(Err(Error::new(ErrorKind::Variable, "silent")))
            }
            Self::Raises { class, .. } => Some(Err(Error::new(ErrorKind::Value, class.clone()))),
            Self::NeedsArguments => Some(Err(Error::new(
                ErrorKind::Variable,
                "arguments are missing",
            ))),
            Self::AltersData | Self::NotCalled => None,
        }
    }
}

struct Callable(Call);

impl Object for Callable {
    fn call(&self) -> Option<Result<Value<'_>, Error>> {
        self.0.run()
    }

    fn alters_data(&self) -> bool {
        matches!(self.0, Call::AltersData)
    }
}

/// An object of some class.
struct Obj {
    attrs: Vec<(String, Value<'static>)>,
    items: Vec<Value<'static>>,
    sequence: Option<Vec<Value<'static>>>,
    text: Option<Value<'static>>,
    html: Option<Value<'static>>,
    debug: Option<Value<'static>>,
    len: Option<usize>,
    truth: Option<bool>,
    call: Option<Call>,
}

fn obj(body: &Json, engine: &Engine) -> Option<Obj> {
    let mut attrs = Vec::new();
    for place in ["items", "attrs"] {
        for (name, attr) in body
            .get(place)
            .and_then(Json::as_object)
            .into_iter()
            .flatten()
        {
            attrs.push((name.clone(), attribute(attr, engine)?));
        }
    }
    let optional = |name: &str| match body.get(name) {
        Some(json) => attribute(json, engine).map(Some),
        None => Some(None),
    };
    Some(Obj {
        attrs,
        items: values(
            body.get("index")
                .and_then(Json::as_array)
                .map_or(&[], Vec::as_slice),
            engine,
        )?,
        sequence: match body.get("iter").and_then(Json::as_array) {
            Some(items) => Some(values(items, engine)?),
            None => None,
        },
        text: optional("str")?,
        html: optional("html")?,
        debug: optional("repr")?,
        len: body
            .get("len")
            .and_then(Json::as_u64)
            .and_then(|len| usize::try_from(len).ok()),
        truth: body.get("bool").and_then(Json::as_bool),
        call: match body.get("call") {
            Some(spec) => Some(call(spec, engine)?),
            None => None,
        },
    })
}

fn attribute(json: &Json, engine: &Engine) -> Option<Value<'static>> {
    match json.get("$raises") {
        Some(exception) => Some(Value::object(Callable(raises(exception)))),
        None => value(json, engine),
    }
}

impl Object for Obj {
    fn attr(&self, name: &str) -> Option<Value<'_>> {
        self.attrs
            .iter()
            .find(|(known, _)| known == name)
            .map(|(_, value)| value.reborrow())
    }

    fn index(&self, index: usize) -> Option<Value<'_>> {
        self.items.get(index).map(Value::reborrow)
    }

    fn iterate(&self) -> Option<Items<'_>> {
        Some(Box::new(
            self.sequence.as_ref()?.iter().map(Value::reborrow),
        ))
    }

    fn len(&self) -> Option<usize> {
        self.len
    }

    fn is_true(&self) -> bool {
        self.truth.unwrap_or(self.len != Some(0))
    }

    fn is_safe(&self) -> bool {
        self.html.is_some() || self.text.as_ref().is_some_and(Value::is_safe)
    }

    fn display(&self, out: &mut dyn fmt::Write) -> fmt::Result {
        match self
            .html
            .as_ref()
            .or(self.text.as_ref())
            .or(self.debug.as_ref())
        {
            Some(text) if text.as_str().is_some() => out.write_str(&text.to_text()),
            Some(_) => Err(fmt::Error),
            None => out.write_str("<object>"),
        }
    }

    fn debug(&self, out: &mut dyn fmt::Write) -> fmt::Result {
        match &self.debug {
            Some(text) => out.write_str(&text.to_text()),
            None => out.write_str("<object>"),
        }
    }

    fn call(&self) -> Option<Result<Value<'_>, Error>> {
        self.call.as_ref()?.run()
    }

    fn alters_data(&self) -> bool {
        matches!(self.call, Some(Call::AltersData))
    }
}

/// The value as the corpus writes it; safe strings as plain ones.
pub(crate) fn to_json(value: &Value<'_>) -> Json {
    match value {
        Value::None => Json::Null,
        Value::Bool(yes) => Json::from(*yes),
        Value::Int(number) => Json::from(*number),
        Value::Float(_) => serde_json::json!({ "$float": value.to_text() }),
        Value::Decimal(text) => serde_json::json!({ "$int": text }),
        Value::Str(text) | Value::Safe(text) => Json::from(&**text),
        Value::List(items) => {
            let all: Vec<Json> = items.iter().map(to_json).collect();
            if items.is_tuple() {
                serde_json::json!({ "$tuple": all })
            } else {
                Json::from(all)
            }
        }
        _ => match value
            .as_object()
            .map(|object| (object, object.entries(), object.iterate()))
        {
            Some((_, Some(entries), _)) => {
                let pairs: Vec<Json> = entries
                    .map(|(key, value)| Json::from(vec![to_json(&key), to_json(&value)]))
                    .collect();
                serde_json::json!({ "$dict": pairs })
            }
            Some((_, _, Some(items))) => {
                Json::from(items.map(|item| to_json(&item)).collect::<Vec<_>>())
            }
            Some((object, ..)) => Json::from(Value::Object(object).to_text()),
            None => Json::from(value.to_text()),
        },
    }
}

/// Without the tags of safe strings.
pub(crate) fn without_safe(json: &Json) -> Json {
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
