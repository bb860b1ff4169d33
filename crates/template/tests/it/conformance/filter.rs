//! Records of the kind `filter`: a filter called with a value and an argument.

use std::sync::{Arc, Mutex};

use nuages_template::{Context, Engine, Error, Library, Value};
use serde_json::Value as Json;

use super::services::Recorded;
use super::values::{to_json, value};
use super::{Skip, describe};

pub(super) fn run(record: &Json) -> Result<Result<Json, Error>, Skip> {
    let name = record["filter"].as_str().unwrap_or("");
    let arguments: Vec<&Json> = record["args"].as_array().into_iter().flatten().collect();
    let argument = record["kwargs"].get("arg").or(arguments.get(1).copied());
    let autoescape = record["kwargs"]["autoescape"] != false;
    let first = arguments.first().copied().unwrap_or(&Json::Null);
    apply(record, name, first, argument, autoescape)
}

/// Applies a filter by name.
pub(super) fn apply(
    record: &Json,
    name: &str,
    first: &Json,
    argument: Option<&Json>,
    autoescape: bool,
) -> Result<Result<Json, Error>, Skip> {
    let probe = Probe::default();
    let mut builder = describe(record).library(probe.library());
    if !autoescape {
        builder = builder.insecure_without_autoescape();
    }
    let engine = builder.build();
    let mut context = Context::new().with("v", value(first, &engine)?);
    let mut expression = format!("v|{name}");
    if let Some(argument) = argument {
        context.set("argument", value(argument, &engine)?);
        expression.push_str(":argument");
    }
    Ok(probe.value(record, &engine, &expression, &context))
}

/// A tag that remembers the value of its argument.
#[derive(Clone, Default)]
pub(super) struct Probe(Arc<Mutex<Json>>);

impl Probe {
    /// The library with the tag.
    pub(super) fn library(&self) -> Library {
        let seen = self.0.clone();
        Library::new().simple_tag("probe", move |arguments, _| {
            *seen.lock().unwrap() = arguments.positional().first().map(to_json).into();
            Ok(Value::None)
        })
    }

    /// The value of an expression.
    pub(super) fn value(
        &self,
        record: &Json,
        engine: &Engine,
        expression: &str,
        context: &Context<'_>,
    ) -> Result<Json, Error> {
        let load = record["library"].as_str();
        let load = load.map_or(String::new(), |library| format!("{{% load {library} %}}"));
        engine
            .from_str(&format!("{load}{{% probe {expression} %}}"))?
            .render(context, &Recorded::new(record))?;
        Ok(self.0.lock().unwrap().take())
    }
}
