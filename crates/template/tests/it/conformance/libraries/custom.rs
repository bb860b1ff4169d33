//! The library `custom`: filters, function tags with and without contents, a tag with a state of its own.

use std::sync::atomic::{AtomicUsize, Ordering};

use nuages_template::html::format_html;
use nuages_template::{Arguments, Error, Filter, Library, Renderer, Signature, Tag, Value, escape};

use super::{Expected, signature, variable};

/// The tags that say what they were called with: name, parameters, and whether they look at the context.
const TAGS: [(&str, &str, bool); 12] = [
    ("no_params", "", false),
    ("one_param", "arg", false),
    ("explicit_no_context", "arg", false),
    ("no_params_with_context", "", true),
    ("params_and_context", "arg", true),
    ("simple_two_params", "one two", false),
    ("simple_keyword_only_param", "* kwarg", false),
    ("simple_keyword_only_default", "* kwarg=42", false),
    ("simple_one_default", "one two=hi", false),
    ("simple_unlimited_args", "one two=hi *args", false),
    ("simple_only_unlimited_args", "*args", false),
    (
        "simple_unlimited_args_kwargs",
        "one two=hi *args **kwargs",
        false,
    ),
];

/// The same with contents.
const BLOCKS: [(&str, &str, bool); 9] = [
    ("no_params_with_context_block", "", true),
    ("params_and_context_block", "arg", true),
    ("simple_two_params_block", "one two", false),
    ("simple_keyword_only_param_block", "* kwarg", false),
    ("simple_keyword_only_default_block", "* kwarg=42", false),
    ("simple_one_default_block", "one two=hi", false),
    ("simple_unlimited_args_block", "one two=hi *args", false),
    ("simple_only_unlimited_args_block", "*args", false),
    (
        "simple_unlimited_args_kwargs_block",
        "one two=hi *args **kwargs",
        false,
    ),
];

/// Where the record's context leaves `use_l10n` open, Python's is `None`.
pub(super) fn library(l10n_is_open: bool) -> Library {
    let mut library = escapes(filters(Library::new()));
    for (name, parameters, context) in TAGS {
        let expected = Expected {
            name,
            parameters,
            context,
        };
        library = library.simple_tag(expected.signature(), move |arguments, renderer| {
            Ok(Value::from(expected.text(arguments, renderer)?))
        });
    }
    for (name, parameters, context) in BLOCKS {
        let expected = Expected {
            name,
            parameters,
            context,
        };
        library = library.simple_block_tag(expected.signature(), move |arguments, renderer| {
            Ok(Value::from(expected.text(arguments, renderer)?))
        });
    }
    for name in ["one_param_block", "explicit_no_context_block"] {
        library = library.simple_block_tag(signature(name, "arg"), move |arguments, _| {
            let given = arguments.value("arg").unwrap_or_default();
            Ok(Value::from(format!(
                "{name} - Expected result: {} with content {}",
                given.to_text(),
                content(arguments).to_text()
            )))
        });
    }
    for (name, less) in [("minusone", 1), ("minustwo", 2)] {
        library = library.simple_tag(signature(name, "value"), move |arguments, _| {
            let value = arguments.value("value").unwrap_or_default();
            let whole = value.as_int().ok_or_else(|| {
                Error::new(nuages_template::ErrorKind::Type, "not a whole number")
            })?;
            Ok(Value::from(whole - less))
        });
    }
    library
        .simple_tag(Signature::new("use_l10n"), move |_, renderer| {
            Ok(Value::from(
                match (l10n_is_open, renderer.locale().use_l10n()) {
                    (true, true) => "None",
                    (_, true) => "True",
                    (_, false) => "False",
                },
            ))
        })
        .tag("counter", |_, _| Ok(Box::new(Counter(AtomicUsize::new(0)))))
}

fn filters(library: Library) -> Library {
    library
        .filter(
            Filter::new("trim", |value, call| {
                let (text, end) = (value.to_text(), call.number()?);
                let count = text.chars().count();
                let end = if end < 0 {
                    count.saturating_sub(usize::try_from(-end).unwrap_or(count))
                } else {
                    usize::try_from(end).unwrap_or(count)
                };
                Ok(Value::from(text.chars().take(end).collect::<String>()))
            })
            .required()
            .text(),
        )
        .filter(Filter::new("make_data_div", |value, _| {
            let html = format!("<div data-name=\"{}\"></div>", value.to_text());
            Ok(Value::assert_safe(html))
        }))
        .filter(Filter::new("noop", |value, _| Ok(value)).optional())
}

/// Tags that escape, or leave it to the engine.
fn escapes(library: Library) -> Library {
    library
        .simple_block_tag(signature("div", "id=test"), |arguments, _| {
            let id = arguments.value("id").unwrap_or_default();
            let html = format_html("<div id='{}'>{}</div>", &[id, content(arguments)], &[])?;
            Ok(html.into())
        })
        .simple_block_tag(
            Signature::new("div_custom_end").end("divend"),
            |arguments, _| Ok(format_html("<div>{}</div>", &[content(arguments)], &[])?.into()),
        )
        .simple_tag(Signature::new("escape_naive"), |arguments, renderer| {
            Ok(Value::from(hello(arguments, renderer)?))
        })
        .simple_block_tag(
            Signature::new("escape_naive_block"),
            |arguments, renderer| Ok(Value::from(hello(arguments, renderer)?)),
        )
        .simple_tag(Signature::new("escape_explicit"), |arguments, renderer| {
            Ok(escape(&hello(arguments, renderer)?).into())
        })
        .simple_block_tag(
            Signature::new("escape_explicit_block"),
            |arguments, renderer| Ok(escape(&hello(arguments, renderer)?).into()),
        )
        .simple_tag(Signature::new("escape_format_html"), |_, renderer| {
            let name = variable(renderer, "name")?;
            Ok(format_html("Hello {0}!", &[name], &[])?.into())
        })
        .simple_block_tag(
            Signature::new("escape_format_html_block"),
            |arguments, renderer| {
                let values = [variable(renderer, "name")?, content(arguments)];
                Ok(format_html("Hello {0}: {1}!", &values, &[])?.into())
            },
        )
}

fn content<'r>(arguments: &Arguments<'r>) -> Value<'r> {
    arguments.content().cloned().unwrap_or_default()
}

/// A greeting that does not think of HTML.
fn hello(arguments: &Arguments<'_>, renderer: &Renderer<'_>) -> Result<String, Error> {
    let name = variable(renderer, "name")?;
    Ok(match arguments.content() {
        Some(content) => format!("Hello {}: {}!", name.to_text(), content.to_text()),
        None => format!("Hello {}!", name.to_text()),
    })
}

/// Writes how often it was rendered before.
#[derive(Debug)]
struct Counter(AtomicUsize);

impl Tag for Counter {
    fn render<'r>(&'r self, renderer: &mut Renderer<'r>) -> Result<(), Error> {
        let before = self.0.fetch_add(1, Ordering::Relaxed);
        renderer.write_text(&before.to_string());
        Ok(())
    }
}
