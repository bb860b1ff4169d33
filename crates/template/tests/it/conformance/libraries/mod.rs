//! The tag libraries of the corpus, written with the public API as a site writes its own.

mod custom;
mod inclusion;
mod small;

use std::fmt::Write;

use nuages_template::{Arguments, Error, Library, Renderer, Signature, Value};
use serde_json::Value as Json;

use super::errors::Raised;

/// What `context["name"]` raises where there is no such variable.
const MISSING: &str = "KeyError";

/// Tags whose Python function has not the parameters that its decorator wants: a Rust function without them does not compile.
const MISTAKES: [&str; 11] = [
    "inclusion_tag_without_context_parameter",
    "inclusion_tag_takes_context_without_params",
    "simple_block_tag_without_context_parameter",
    "simple_tag_without_content_parameter",
    "simple_tag_with_context_without_content_parameter",
    "simple_tag_without_context_parameter",
    "simple_tag_takes_context_without_params_block",
    "simple_tag_takes_context_without_params",
    "simple_block_tag_without_content",
    "simple_block_tag_with_context_without_content",
    "context_stack_length",
];

/// The library of this path, for this record.
pub(super) fn find(path: &str, record: &Json) -> Option<Library> {
    Some(match path.strip_prefix("template_tests.templatetags.")? {
        "custom" => custom::library(record["options"]["use_l10n"].is_null()),
        "inclusion" => inclusion::library(),
        "bad_tag" => small::bad_tag(),
        "tag_27584" => small::tag_27584(),
        "testtags" => small::testtags(),
        "subpackage.echo" => small::echo(),
        _ => return None,
    })
}

/// The tag in the record that has no counterpart in Rust.
pub(super) fn mistake(record: &Json) -> Option<&'static str> {
    let text = format!("{} {}", record["template"], record["templates"]);
    let words: Vec<&str> = text.split_whitespace().collect();
    MISTAKES.into_iter().find(|tag| words.contains(tag))
}

/// A signature, from words as Python writes parameters: `one two=hi *args * kwarg=42 **kwargs`.
fn signature(name: &'static str, parameters: &'static str) -> Signature {
    let (mut signature, mut by_name) = (Signature::new(name), false);
    for word in parameters.split_whitespace() {
        signature = match (word, word.split_once('=')) {
            ("*", _) => {
                by_name = true;
                signature
            }
            ("*args", _) => signature.args(),
            ("**kwargs", _) => signature.kwargs(),
            (_, Some((name, default))) => {
                let default = match default.parse::<i64>() {
                    Ok(number) => Value::from(number),
                    Err(_) => Value::from(default),
                };
                if by_name {
                    signature.keyword_only_optional(name, default)
                } else {
                    signature.optional(name, default)
                }
            }
            _ if by_name => signature.keyword_only(word),
            _ => signature.required(word),
        };
    }
    signature
}

/// A variable of the template; the function fails without it.
fn variable<'r>(renderer: &Renderer<'r>, name: &str) -> Result<Value<'r>, Error> {
    let found = renderer.get(name);
    found.ok_or_else(|| Error::other(Raised(MISSING.to_owned())))
}

/// What most tags of the corpus say: their name, what they learnt of the context and the contents, their arguments.
struct Expected {
    name: &'static str,
    parameters: &'static str,
    context: bool,
}

impl Expected {
    fn signature(&self) -> Signature {
        signature(self.name, self.parameters)
    }

    fn text(&self, arguments: &Arguments<'_>, renderer: &Renderer<'_>) -> Result<String, Error> {
        let mut text = format!("{} - Expected result", self.name);
        if self.context {
            let value = variable(renderer, "value")?;
            write!(text, " (context value: {})", value.to_text()).unwrap();
        }
        if let Some(content) = arguments.content() {
            write!(text, " (content value: {})", content.to_text()).unwrap();
        }
        if !self.parameters.is_empty() {
            text.push_str(": ");
            text.push_str(&self.given(arguments));
        }
        Ok(text)
    }

    /// All arguments, those with names of their own behind a slash.
    fn given(&self, arguments: &Arguments<'_>) -> String {
        let words = self.parameters.split_whitespace();
        let names = words
            .filter(|word| !word.starts_with('*'))
            .map(|word| word.split('=').next().unwrap_or(word));
        let own = names.filter_map(|name| arguments.value(name));
        let rest = arguments.rest().iter().cloned();
        let all: Vec<String> = own
            .chain(rest)
            .map(|value| value.to_text().into_owned())
            .collect();
        let mut text = all.join(", ");
        if self.parameters.contains("**kwargs") {
            let others: Vec<String> = arguments
                .others()
                .map(|(name, value)| format!("{name}={}", value.to_text()))
                .collect();
            text.push_str(" / ");
            text.push_str(&others.join(", "));
        }
        text
    }
}
