//! Records of the kind `util`: the functions behind filters and tags, one file for each room of them.

mod expressions;
mod html;
mod language;
mod text;

use nuages_template::{Engine, Error, Value, make_template_fragment_key};
use serde_json::Value as Json;

use super::filter::apply;
use super::values::value;
use super::{Skip, describe};

/// The modules of Django whose functions live in other rooms.
const ELSEWHERE: [&str; 6] = [
    "dateparse",
    "duration",
    "encoding",
    "http",
    "ipv6",
    "regex_helper",
];

/// What a function gives: nothing, where there is no such function here, or no such argument.
type Answer = Option<Result<Json, Error>>;

/// The arguments of a function.
struct Call<'c> {
    record: &'c Json,
    /// The function's name, without that of its module.
    name: &'c str,
    args: Vec<&'c Json>,
    kwargs: &'c Json,
    engine: Engine,
}

impl<'c> Call<'c> {
    /// The argument at a position, or by its name.
    fn get(&self, at: usize, name: &str) -> Option<&'c Json> {
        let found = self.args.get(at).copied();
        found.or_else(|| self.kwargs.get(name))
    }

    /// The argument as a value; nothing for one that is missing or `None`.
    fn value(&self, at: usize, name: &str) -> Option<Value<'static>> {
        self.read(self.get(at, name).filter(|json| !json.is_null())?)
    }

    /// The argument as text.
    fn text(&self, at: usize, name: &str) -> Option<String> {
        Some(self.read(self.get(at, name)?)?.to_text().into_owned())
    }

    fn read(&self, json: &Json) -> Option<Value<'static>> {
        value(json, &self.engine).ok()
    }

    /// Is the argument true?
    fn flag(&self, at: usize, name: &str) -> bool {
        self.get(at, name) == Some(&Json::Bool(true))
    }

    /// The result of a filter with the first argument, and this one.
    fn filter(&self, name: &str, argument: Option<&Json>) -> Answer {
        let first = self.args.first().copied()?;
        apply(self.record, name, first, argument, true).ok()
    }
}

/// Does another room replay the record?
pub(super) fn is_elsewhere(record: &Json) -> bool {
    record["kind"] == "util" && ELSEWHERE.contains(&split(record).0)
}

/// The module and the function.
fn split(record: &Json) -> (&str, &str) {
    let func = record["func"].as_str().unwrap_or("");
    func.split_once('.').unwrap_or((func, ""))
}

pub(super) fn run(record: &Json) -> Result<Result<Json, Error>, Skip> {
    let (module, name) = split(record);
    let call = Call {
        record,
        name,
        args: record["args"].as_array().into_iter().flatten().collect(),
        kwargs: &record["kwargs"],
        engine: describe(record).build(),
    };
    let answer = match module {
        "html" => html::run(&call),
        "text" => text::run(&call),
        "template" | "smartif" => expressions::run(&call),
        "dateformat" | "timesince" | "formats" | "numberformat" | "translation" => {
            language::run(&call)
        }
        "cache" if name == "make_template_fragment_key" => fragment_key(&call),
        _ => None,
    };
    answer.ok_or_else(|| {
        Skip(format!(
            "no function for {} and its arguments",
            record["func"]
        ))
    })
}

fn fragment_key(call: &Call<'_>) -> Answer {
    let vary_on = call.value(1, "vary_on");
    let vary_on: Vec<Value<'_>> = match &vary_on {
        Some(values) => values.iterate()?.collect(),
        None => Vec::new(),
    };
    let name = call.text(0, "fragment_name")?;
    Some(Ok(Json::from(make_template_fragment_key(&name, &vary_on))))
}
