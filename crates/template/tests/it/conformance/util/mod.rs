//! Records of the kind `util`: the functions behind filters and tags, one file for each room of them.

mod expressions;
mod html;
mod language;
mod text;

use nuages_template::Error;
use serde_json::Value as Json;

use super::Skip;
use super::filter::apply;

/// The modules of Django whose functions live in other rooms.
const ELSEWHERE: [&str; 6] = [
    "dateparse",
    "duration",
    "encoding",
    "http",
    "ipv6",
    "regex_helper",
];

/// What a function gives: nothing, where there is no such function here.
type Answer = Option<Result<Result<Json, Error>, Skip>>;

/// The arguments of a function.
struct Call<'c> {
    record: &'c Json,
    /// The function's name, without that of its module.
    name: &'c str,
    args: Vec<&'c Json>,
    kwargs: &'c Json,
}

impl<'c> Call<'c> {
    /// The argument at a position, or by its name.
    fn get(&self, at: usize, name: &str) -> Option<&'c Json> {
        let found = self.args.get(at).copied();
        found.or_else(|| self.kwargs.get(name))
    }

    /// Is the argument true?
    fn flag(&self, at: usize, name: &str) -> bool {
        self.get(at, name) == Some(&Json::Bool(true))
    }

    /// The result of a filter with the first argument, and this one.
    fn filter(&self, name: &str, argument: Option<&Json>, autoescape: bool) -> Answer {
        let first = self.args.first().copied()?;
        Some(apply(self.record, name, first, argument, autoescape))
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
    };
    let answer = match module {
        "html" => html::run(&call),
        "text" => text::run(&call),
        "template" | "smartif" => expressions::run(&call),
        "dateformat" | "timesince" | "formats" | "numberformat" | "translation" => {
            language::run(&call)
        }
        _ => None,
    };
    answer.unwrap_or_else(|| Err(Skip(format!("no function for {} yet", record["func"]))))
}
