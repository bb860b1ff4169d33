//! Records of the kind `render`: a template, its surroundings, and what it writes.

use nuages_template::{Context, Engine, Error, MemoryLoader, Template};
use serde_json::Value as Json;

use super::services::Recorded;
use super::values::{request, value};
use super::{Skip, describe, libraries};

/// The libraries of Django that every engine knows.
const OWN: [&str; 6] = [
    "django.contrib.humanize.templatetags.humanize",
    "django.templatetags.cache",
    "django.templatetags.i18n",
    "django.templatetags.l10n",
    "django.templatetags.static",
    "django.templatetags.tz",
];

pub(super) fn run(record: &Json) -> Result<Result<Json, Error>, Skip> {
    let engine = engine(record)?;
    let services = Recorded::new(record);
    for before in record["prelude"].as_array().into_iter().flatten() {
        let context = context(before, record, &engine)?;
        // It only fills the cache of fragments.
        let _ = template(before, &engine).and_then(|page| page.render(&context, &services));
    }
    let context = context(record, record, &engine)?;
    let rendered = template(record, &engine).and_then(|page| page.render(&context, &services));
    Ok(rendered.map(Json::from))
}

fn engine(record: &Json) -> Result<Engine, Skip> {
    let options = &record["options"];
    if let Some(tag) = libraries::mistake(record) {
        return Err(Skip(format!(
            "the tag '{tag}' is about Python's own: parameters that a decorator misses, the stack of a context"
        )));
    }
    let mut builder = describe(record)
        .string_if_invalid(options["string_if_invalid"].as_str().unwrap_or(""))
        .debug(options["debug"] == true);
    let missing = |path: &Json| Skip(format!("the library {path} is not there yet"));
    for (name, path) in options["libraries"].as_object().into_iter().flatten() {
        if !OWN.iter().any(|own| path == own) {
            let found = libraries::find(path.as_str().unwrap_or(""), record);
            builder = builder.loadable(name.clone(), found.ok_or_else(|| missing(path))?);
        }
    }
    for path in options["builtins"].as_array().into_iter().flatten() {
        let found = libraries::find(path.as_str().unwrap_or(""), record);
        builder = builder.library(found.ok_or_else(|| missing(path))?);
    }
    let layers = std::iter::once(&record["templates"])
        .chain(record["extra_layers"].as_array().into_iter().flatten());
    for layer in layers {
        let templates = layer.as_object().into_iter().flatten();
        let templates = templates
            .filter_map(|(name, source)| Some((name.clone(), source.as_str()?.to_owned())));
        builder = builder.loader(MemoryLoader::new(templates));
    }
    // What Python's library found in a folder when it was imported.
    builder = builder.loader(MemoryLoader::new([("inclusion.html", "{{ result }}\n")]));
    if options["autoescape"] == false {
        builder = builder.insecure_without_autoescape();
    }
    Ok(builder.build())
}

fn context(part: &Json, record: &Json, engine: &Engine) -> Result<Context<'static>, Skip> {
    let mut context = Context::new();
    if let Some(on) = record["options"]["use_l10n"].as_bool() {
        context = context.use_l10n(on);
    }
    if let Some(on) = record["options"]["use_tz"].as_bool() {
        context = context.use_tz(on);
    }
    for (name, json) in part["context"].as_object().into_iter().flatten() {
        context.set(name.clone(), value(json, engine)?);
    }
    if let Some(json) = record
        .get("request")
        .filter(|_| !context.contains("request"))
    {
        context.set("request", request(json, engine)?);
    }
    Ok(context)
}

fn template(part: &Json, engine: &Engine) -> Result<Template, Error> {
    match part["entry"].as_str() {
        Some(name) => engine.get_template(name),
        None => engine.from_str(part["template"].as_str().unwrap_or("")),
    }
}
