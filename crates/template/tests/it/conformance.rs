//! Replays the recorded behaviour of Django, if the corpus is there.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::Mutex;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use nuages_template::{
    Context, Engine, EngineBuilder, Error, Library, MemoryLoader, Services, UrlRequest, Value,
};
use serde_json::Value as Json;

use crate::python::{request, to_json, value, without_safe, zone};
use crate::told::{Told, folder, tell};

/// The areas of the language, and how many records of each must pass at least.
const AREAS: [(&str, usize); 20] = [
    ("autoescape", 11),
    ("engine", 48),
    ("filter_functions", 228),
    ("filters", 124),
    ("inheritance", 75),
    ("partials", 42),
    ("syntax", 77),
    ("tags_cycle", 21),
    ("tags_for", 24),
    ("tags_if", 86),
    ("tags_ifchanged", 11),
    ("tags_misc", 69),
    ("tags_querystring", 18),
    ("tags_static", 8),
    ("tags_url", 33),
    ("utils_dateformat", 75),
    ("utils_html", 113),
    ("utils_template", 31),
    ("utils_text", 26),
    ("utils_timesince", 93),
];

/// What later steps bring.
const SKIPPED: [&str; 4] = [
    "translations",
    "locale_formats",
    "language_info",
    "custom_lib",
];

#[test]
fn recorded_behaviour_of_django_is_kept() {
    let Some(corpus) = folder("templates") else {
        return;
    };
    if !corpus.is_dir() {
        println!("skipped: no corpus at {}", corpus.display());
        return;
    }
    let mut counts: BTreeMap<String, (usize, usize)> = BTreeMap::new();
    let mut short = String::new();
    for (area, least) in AREAS {
        let text = std::fs::read_to_string(corpus.join(format!("{area}.jsonl")));
        let (mut passed, mut total) = (0, 0);
        for line in text.unwrap_or_default().lines() {
            let record: Json = serde_json::from_str(line).unwrap();
            let id = record["id"].as_str().unwrap();
            let Some(outcome) = replay(&record) else {
                tell(id, Told::Skipped, "needs what later steps bring");
                continue;
            };
            total += 1;
            let key = record["filter"]
                .as_str()
                .map_or(area.to_owned(), |filter| format!("{area}/{filter}"));
            let count = counts.entry(key).or_default();
            count.1 += 1;
            match outcome {
                Ok(()) => {
                    passed += 1;
                    count.0 += 1;
                    tell(id, Told::Passed, "");
                }
                Err(difference) => {
                    tell(id, Told::Failed, &difference);
                    println!(
                        "{area} {} {}\n    {difference}",
                        record["id"], record["source"]
                    );
                }
            }
        }
        println!("{area}: {passed} of {total}");
        if passed < least {
            writeln!(
                short,
                "{area}: {passed} of {total} pass, {least} did before"
            )
            .unwrap();
        }
    }
    for (key, (passed, total)) in &counts {
        println!("{key}: {passed}/{total}");
    }
    assert!(short.is_empty(), "{short}");
}

/// Replays one record; `None` when it needs what is not there yet.
fn replay(record: &Json) -> Option<Result<(), String>> {
    let features = record["features"].as_array()?;
    if features
        .iter()
        .filter_map(Json::as_str)
        .any(|feature| SKIPPED.contains(&feature))
    {
        return None;
    }
    // Humanize is a library of its own, and no setting makes `urlize` assume HTTPS yet.
    if record["library"] == "humanize" || record["settings"]["URLIZE_ASSUME_HTTPS"] == true {
        return None;
    }
    match record["kind"].as_str()? {
        "render" => render(record),
        "filter" if record["library"].is_null() => filter(record, record["filter"].as_str()?, true),
        "util" => utility(record),
        _ => None,
    }
}

fn render(record: &Json) -> Option<Result<(), String>> {
    let options = &record["options"];
    if options["libraries"]
        .as_object()?
        .keys()
        .any(|name| name != "static")
        || options["builtins"] != Json::from(Vec::<Json>::new())
    {
        return None;
    }
    let layers = std::iter::once(&record["templates"])
        .chain(record["extra_layers"].as_array().into_iter().flatten());
    let mut builder = describe(record)
        .string_if_invalid(options["string_if_invalid"].as_str()?)
        .debug(options["debug"] == true);
    for layer in layers {
        let templates = layer.as_object()?.iter();
        builder = builder
            .loader(MemoryLoader::new(templates.filter_map(|(name, source)| {
                Some((name.clone(), source.as_str()?.to_owned()))
            })));
    }
    if options["autoescape"] == false {
        builder = builder.insecure_without_autoescape();
    }
    let engine = builder.build();
    let mut context = Context::new();
    for (name, json) in record["context"].as_object()? {
        context.set(name.clone(), value(json, &engine)?);
    }
    if let Some(json) = record
        .get("request")
        .filter(|_| !context.contains("request"))
    {
        context.set("request", request(json, &engine)?);
    }
    let services = Recorded::new(record);
    let template = match record["entry"].as_str() {
        Some(name) => engine.get_template(name),
        None => engine.from_str(record["template"].as_str()?),
    };
    let got = template.and_then(|template| template.render(&context, &services));
    let expected = &record["expected"];
    Some(match (expected["output"].as_str(), got) {
        (Some(expected), Ok(got)) if expected == got => Ok(()),
        (None, Err(_)) => Ok(()),
        (_, got) => Err(format!(
            "{} {}\n    expected {expected}\n    got      {got:?}",
            record["templates"], record["context"]
        )),
    })
}

/// An engine with the settings of the record.
fn describe(record: &Json) -> EngineBuilder {
    let builder = Engine::builder();
    // The default of Django 6, not ours.
    if record["settings"]["URLIZE_ASSUME_HTTPS"] == true {
        builder
    } else {
        builder.insecure_urlize_http()
    }
}

static RESULT: Mutex<Option<Json>> = Mutex::new(None);

/// The functions that are behind filters, and expressions.
fn utility(record: &Json) -> Option<Result<(), String>> {
    let html = record["kwargs"]["html"] == true;
    let plain = record["kwargs"]
        .as_object()
        .is_none_or(|kwargs| kwargs.keys().all(|name| name == "html"));
    let name = match record["func"].as_str()? {
        "html.escape" => "force_escape",
        "html.escapejs" => "escapejs",
        "html.linebreaks" => "linebreaks",
        "html.strip_tags" => "striptags",
        "text.slugify" if record["kwargs"]["allow_unicode"] != true => "slugify",
        "text.wrap" => "wordwrap",
        "text.Truncator.chars" if plain && html => "truncatechars_html",
        "text.Truncator.chars" if plain => "truncatechars",
        "dateformat.format" => "date",
        "dateformat.time_format" => "time",
        "timesince.timesince"
            if record["kwargs"]["depth"].as_i64().unwrap_or(2) == 2
                && record["kwargs"]["time_strings"].is_null() =>
        {
            "timesince"
        }
        "timesince.timeuntil" => "timeuntil",
        "template.FilterExpression.resolve" => return expression(record),
        _ => return None,
    };
    if record["args"].as_array()?.len() > 2 {
        return None;
    }
    filter(record, name, name != "linebreaks")
}

/// An expression on its own.
fn expression(record: &Json) -> Option<Result<(), String>> {
    let source = record["args"][0].as_str()?;
    if record["args"][2] == true {
        return None;
    }
    let engine = describe(record).library(probe()).build();
    let mut context = Context::new();
    for pair in record["args"][1]["$dict"].as_array()? {
        context.set(pair[0].as_str()?.to_owned(), value(&pair[1], &engine)?);
    }
    let got = engine
        .from_str(&format!("{{% probe {source} %}}"))
        .and_then(|page| page.render(&context, &Recorded::new(record)));
    Some(compare(record, got))
}

/// A tag that remembers the value of its argument.
fn probe() -> Library {
    Library::new().simple_tag("probe", |arguments, _| {
        *RESULT.lock().unwrap() = arguments.positional().first().map(to_json);
        Ok(Value::None)
    })
}

fn filter(record: &Json, name: &str, autoescape: bool) -> Option<Result<(), String>> {
    let mut builder = describe(record).library(probe());
    if record["kwargs"]["autoescape"] == false || !autoescape {
        builder = builder.insecure_without_autoescape();
    }
    let engine = builder.build();
    let arguments = record["args"].as_array()?;
    let mut context = Context::new();
    for (index, json) in arguments.iter().enumerate() {
        context.set(format!("v{index}"), value(json, &engine)?);
    }
    let argument = if arguments.len() > 1 || record["kwargs"].get("arg").is_some() {
        ":v1"
    } else {
        ""
    };
    if let Some(json) = record["kwargs"].get("arg") {
        context.set("v1", value(json, &engine)?);
    }
    let got = engine
        .from_str(&format!("{{% probe v0|{name}{argument} %}}"))
        .and_then(|page| page.render(&context, &Recorded::new(record)));
    Some(compare(record, got))
}

fn compare(record: &Json, got: Result<String, Error>) -> Result<(), String> {
    let expected = &record["expected"];
    let difference = |got: String| Err(format!("{} {expected}\n    got {got}", record["args"]));
    match (expected.get("value"), got) {
        (Some(expected), Ok(_)) => {
            let got = RESULT.lock().unwrap().take().unwrap_or(Json::Null);
            if without_safe(expected) == got {
                Ok(())
            } else {
                difference(got.to_string())
            }
        }
        (None, Err(_)) => Ok(()),
        (_, got) => difference(format!("{got:?}")),
    }
}

/// The services of a record.
struct Recorded {
    now: Timestamp,
    zone: TimeZone,
    urls: Vec<Json>,
    static_url: String,
    media_url: String,
}

impl Recorded {
    fn new(record: &Json) -> Self {
        let settings = &record["settings"];
        let now = record["now"].as_str().and_then(|now| {
            format!("{}Z", now.trim_end_matches('Z').trim_end_matches("+00:00"))
                .parse()
                .ok()
        });
        let zone = zone(&settings["timezone"])
            .or_else(|| TimeZone::get(settings["TIME_ZONE"].as_str()?).ok());
        let setting = |name: &str| settings[name].as_str().unwrap_or("").to_owned();
        Self {
            now: now.unwrap_or(Timestamp::UNIX_EPOCH),
            zone: zone.unwrap_or(TimeZone::UTC),
            urls: record["services"]["urls"]
                .as_array()
                .cloned()
                .unwrap_or_default(),
            static_url: setting("STATIC_URL"),
            media_url: setting("MEDIA_URL"),
        }
    }
}

impl Services for Recorded {
    fn url(&self, request: &UrlRequest<'_>) -> Result<String, String> {
        let args: Vec<Json> = request.args.iter().map(to_json).collect();
        let mut kwargs: Vec<Json> = request
            .kwargs
            .iter()
            .map(|(name, value)| Json::from(vec![Json::from(*name), to_json(value)]))
            .collect();
        kwargs.sort_by_key(Json::to_string);
        let found = self.urls.iter().find(|known| {
            let mut known_kwargs = without_safe(&known["kwargs"])
                .as_array()
                .cloned()
                .unwrap_or_default();
            known_kwargs.sort_by_key(Json::to_string);
            without_safe(&known["view"]) == request.name
                && without_safe(&known["args"]) == Json::from(args.clone())
                && known_kwargs == kwargs
                && known["current_app"].as_str() == request.current_app
        });
        let result = found
            .and_then(|known| known["result"].as_str())
            .map(str::to_owned);
        result.ok_or_else(|| format!("no route for {request:?}"))
    }

    fn static_url(&self, path: &str) -> Result<String, String> {
        Ok(format!(
            "{}{}",
            self.static_url,
            path.replace(' ', "%20")
                .replace('?', "%3F")
                .replace('&', "%26")
                .replace('?', "%3F")
                .replace('\'', "%27")
        ))
    }

    fn static_prefix(&self) -> String {
        self.static_url.clone()
    }

    fn media_prefix(&self) -> String {
        self.media_url.clone()
    }

    fn now(&self) -> Timestamp {
        self.now
    }

    fn time_zone(&self) -> TimeZone {
        self.zone.clone()
    }
}
