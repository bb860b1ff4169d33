//! `django.template`: the lexer, variables, expressions, conditions.

use nuages_template::{Context, Engine};
use serde_json::Value as Json;

use super::{Answer, Call};
use crate::conformance::filter::Probe;
use crate::conformance::values::value;
use crate::conformance::{Skip, describe};

pub(super) fn run(call: &Call<'_>) -> Answer {
    match call.name {
        "FilterExpression.resolve" if !call.flag(2, "ignore_failures") => expression(call),
        _ => None,
    }
}

fn expression(call: &Call<'_>) -> Answer {
    let source = call.args.first()?.as_str()?;
    let probe = Probe::default();
    let engine = describe(call.record).library(probe.library()).build();
    Some(
        context(call.args.get(1).copied()?, &engine)
            .map(|context| probe.value(call.record, &engine, source, &context)),
    )
}

/// A dictionary as a context.
fn context(json: &Json, engine: &Engine) -> Result<Context<'static>, Skip> {
    let mut context = Context::new();
    for pair in json["$dict"].as_array().into_iter().flatten() {
        let name = pair[0].as_str().ok_or("a name that is no text")?;
        context.set(name.to_owned(), value(&pair[1], engine)?);
    }
    Ok(context)
}
