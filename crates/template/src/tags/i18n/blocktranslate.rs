//! `{% blocktranslate %}`: a text with values in it, translated as a whole.
//!
//! ```
//! use nuages_template::i18n::Message;
//! use nuages_template::{context, Engine, Services};
//! use std::borrow::Cow;
//! struct German;
//! impl Services for German {
//!     fn language(&self) -> Option<&str> {
//!         Some("de")
//!     }
//!     fn translate(&self, _: &str, message: &Message<'_>) -> Option<Cow<'_, str>> {
//!         match (message.id, message.count) {
//!             ("%(n)s file of %(name)s", 1) => Some("%(n)s Datei von %(name)s".into()),
//!             ("%(n)s file of %(name)s", _) => Some("%(n)s Dateien von %(name)s".into()),
//!             _ => None,
//!         }
//!     }
//! }
//! let page = Engine::default().from_str(
//!     "{% load i18n %}{% blocktranslate count n=files|length with name=user trimmed %}
//!        {{ n }} file of {{ name }}
//!      {% plural %}
//!        {{ n }} files of {{ name }}
//!      {% endblocktranslate %}",
//! )?;
//! let html = page.render(&context! { files: vec!["a", "b"], user: "<Ada>" }, &German)?;
//! assert_eq!(html, "2 Dateien von &lt;Ada&gt;");
//! # Ok::<(), nuages_template::Error>(())
//! ```

use std::borrow::Cow;
use std::collections::BTreeSet;

use super::named_values;
use crate::decimal::Decimal;
use crate::error::Error;
use crate::nodes::Tag;
use crate::render::{Name, Renderer};
use crate::syntax::{Expression, NamedExpression, Parser, Piece, TagToken};
use crate::value::Value;

#[derive(Debug)]
struct BlockTranslate {
    tag: Box<str>,
    with: Vec<NamedExpression>,
    count: Option<NamedExpression>,
    context: Option<Expression>,
    one: Box<str>,
    many: Option<Box<str>>,
    /// The values that stand in the texts, in the order of the alphabet.
    names: Vec<Name>,
    target: Option<Name>,
}

#[derive(Default)]
struct Options {
    with: Vec<NamedExpression>,
    count: Option<NamedExpression>,
    context: Option<Expression>,
    trimmed: bool,
    target: Option<Name>,
}

pub(super) fn compile(parser: &mut Parser<'_>, token: TagToken<'_>) -> Result<Box<dyn Tag>, Error> {
    let tag = token.name();
    let options = options(parser, token)?;
    let mut names = BTreeSet::new();
    let (pieces, mut end) = parser.pieces();
    let mut message = |pieces: &[_]| message(pieces, options.trimmed, &mut names);
    let one = message(&pieces);
    let mut many = None;
    let counted = options.count.is_some();
    if counted {
        if end != Some("plural") {
            return Err(Error::syntax(format!(
                "'{tag}' doesn't allow other block tags inside it"
            )));
        }
        let (pieces, next) = parser.pieces();
        end = next;
        if !pieces.is_empty() {
            many = Some(message(&pieces));
        }
    }
    if end != Some(format!("end{tag}").as_str()) {
        return Err(Error::syntax(format!(
            "'{tag}' doesn't allow other block tags (seen '{}') inside it",
            end.unwrap_or("")
        )));
    }
    for name in &names {
        parser.mention(name);
    }
    Ok(Box::new(BlockTranslate {
        tag: tag.into(),
        with: options.with,
        count: options.count,
        context: options.context,
        one,
        many,
        names: names.into_iter().map(Name::new).collect(),
        target: options.target,
    }))
}

fn options(parser: &mut Parser<'_>, token: TagToken<'_>) -> Result<Options, Error> {
    let tag = token.name();
    let mut words = token.arguments();
    let mut found = Options::default();
    let mut seen = Vec::new();
    while !words.is_empty() {
        let option = words.remove(0);
        if seen.contains(&option) {
            return Err(Error::syntax(format!(
                "The '{option}' option was specified more than once."
            )));
        }
        match option {
            "with" => {
                found.with = named_values(parser, &mut words)?;
                if found.with.is_empty() {
                    return Err(Error::syntax(format!(
                        "\"with\" in '{tag}' tag needs at least one keyword argument."
                    )));
                }
            }
            "count" => {
                let mut values = named_values(parser, &mut words)?;
                found.count = values.pop();
                if found.count.is_none() || !values.is_empty() {
                    return Err(Error::syntax(format!(
                        "\"count\" in '{tag}' tag expected exactly one keyword argument."
                    )));
                }
            }
            "context" => {
                let value = if words.is_empty() {
                    None
                } else {
                    parser.expression(words.remove(0)).ok()
                };
                found.context = Some(value.ok_or_else(|| {
                    Error::syntax(format!(
                        "\"context\" in '{tag}' tag expected exactly one argument."
                    ))
                })?);
            }
            "trimmed" => found.trimmed = true,
            "asvar" => {
                if words.is_empty() {
                    return Err(Error::syntax(format!(
                        "No argument provided to the '{tag}' tag for the asvar option."
                    )));
                }
                found.target = Some(Name::new(words.remove(0)));
            }
            other => {
                return Err(Error::syntax(format!(
                    "Unknown argument for '{tag}' tag: '{other}'."
                )));
            }
        }
        seen.push(option);
    }
    Ok(found)
}

/// The text as catalogues have it: values as `%(name)s`, percent signs doubled.
fn message<'s>(pieces: &[Piece<'s>], trimmed: bool, names: &mut BTreeSet<&'s str>) -> Box<str> {
    let mut text = String::new();
    for piece in pieces {
        match piece {
            Piece::Text(plain) => text.push_str(&plain.replace('%', "%%")),
            Piece::Variable(name) => {
                text.push_str("%(");
                text.push_str(name);
                text.push_str(")s");
                names.insert(name);
            }
        }
    }
    if trimmed { trim(&text) } else { text }.into()
}

/// No space around it, one space for each break of lines with the space around that.
fn trim(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for line in text.trim().lines() {
        let line = line.trim();
        if !out.is_empty() {
            if line.is_empty() {
                continue;
            }
            out.push(' ');
        }
        out.push_str(line);
    }
    out
}

/// A translation that names a value which is not there, or has a `%` on its own.
struct Malformed;

impl BlockTranslate {
    /// The number that chooses between singular and plural.
    fn count<'r>(&'r self, renderer: &mut Renderer<'r>) -> Result<Option<i64>, Error> {
        let Some(NamedExpression { name, value }) = &self.count else {
            return Ok(None);
        };
        if self.many.is_none() {
            return Ok(None);
        }
        let value = renderer.eval(value)?;
        let count = whole(&value).ok_or_else(|| {
            Error::syntax(format!(
                "'{}' argument to '{}' tag must be a number.",
                name.as_str(),
                self.tag
            ))
        })?;
        renderer.set(name, value);
        Ok(Some(count))
    }

    fn translated<'r>(
        &'r self,
        renderer: &Renderer<'r>,
        context: Option<&str>,
        count: Option<i64>,
    ) -> String {
        let locale = renderer.locale();
        let text = match (&self.many, count, context) {
            (Some(many), Some(count), Some(context)) => {
                locale.npgettext(context, &self.one, many, count)
            }
            (Some(many), Some(count), None) => locale.ngettext(&self.one, many, count),
            (_, _, Some(context)) => locale.pgettext(context, &self.one),
            _ => locale.gettext(&self.one),
        };
        text.into_owned()
    }

    /// Writes the text with its values.
    fn fill<'r>(
        &'r self,
        renderer: &mut Renderer<'r>,
        text: &str,
    ) -> Result<Result<(), Malformed>, Error> {
        let mut rest = text;
        while let Some(at) = rest.find('%') {
            renderer.write_html(&rest[..at]);
            rest = &rest[at + 1..];
            if let Some(after) = rest.strip_prefix('%') {
                renderer.write_html("%");
                rest = after;
                continue;
            }
            let named = rest
                .strip_prefix('(')
                .and_then(|inner| inner.split_once(")s"));
            let Some((wanted, after)) = named else {
                return Ok(Err(Malformed));
            };
            let known = self
                .names
                .binary_search_by(|name| name.as_str().cmp(wanted));
            let Ok(at) = known else {
                return Ok(Err(Malformed));
            };
            write_named(renderer, &self.names[at])?;
            rest = after;
        }
        renderer.write_html(rest);
        Ok(Ok(()))
    }

    /// The text in the language; where its translation is malformed, as it stands in the template.
    fn render_text<'r>(&'r self, renderer: &mut Renderer<'r>) -> Result<String, Error> {
        let context = match &self.context {
            Some(context) => Some(renderer.eval(context)?).filter(Value::is_true),
            None => None,
        };
        let context = context.as_ref().map(Value::to_text);
        let mut values = Vec::with_capacity(self.with.len());
        for NamedExpression { name, value } in &self.with {
            values.push((name, renderer.eval(value)?));
        }
        for (name, value) in values {
            renderer.set(name, value);
        }
        let count = self.count(renderer)?;
        let text = self.translated(renderer, context.as_deref(), count);
        let (html, result) = self.captured(renderer, &text)?;
        if result.is_ok() {
            return Ok(html);
        }
        let plain = match (&self.many, count) {
            (Some(many), Some(count)) if count != 1 => many,
            _ => &self.one,
        };
        let (html, result) = renderer.with_locale(
            |state| state.set_language(None),
            |renderer| self.captured(renderer, plain),
        )?;
        match result {
            Ok(()) => Ok(html),
            Err(Malformed) => Err(Error::syntax(format!(
                "'{}' is unable to format string returned by gettext: '{plain}'",
                self.tag
            ))),
        }
    }

    fn captured<'r>(
        &'r self,
        renderer: &mut Renderer<'r>,
        text: &str,
    ) -> Result<(String, Result<(), Malformed>), Error> {
        let mut result = Ok(());
        let html = renderer.capture(|renderer| {
            result = self.fill(renderer, text)?;
            Ok(())
        })?;
        Ok((html, result))
    }
}

/// Writes a variable as `{{ }}` does. Only its name is looked up: a path or filter in these braces is no variable.
fn write_named<'r>(renderer: &mut Renderer<'r>, name: &'r Name) -> Result<(), Error> {
    if let Some(value) = renderer.get(name.as_str()) {
        return renderer.write_value(&value);
    }
    let word = match name.as_str() {
        word @ ("True" | "False" | "None") => Cow::Borrowed(word),
        name => renderer.engine().invalid(name),
    };
    renderer.write_text(&word);
    Ok(())
}

/// The number as the rule of plurals takes it: one with a fraction is never one thing.
fn whole(value: &Value<'_>) -> Option<i64> {
    match value {
        Value::Int(_) | Value::Bool(_) => value.to_int(),
        Value::Float(_) | Value::Decimal(_) => {
            let Some(number) = Decimal::from_value(value) else {
                return Some(i64::MAX);
            };
            let whole = number.to_int().unwrap_or(i64::MAX);
            if number.is_whole() {
                return Some(whole);
            }
            let away = if number.negative { -1 } else { 1 };
            Some(match whole {
                0 if away > 0 => 0,
                whole => whole.saturating_add(away),
            })
        }
        _ => None,
    }
}

impl Tag for BlockTranslate {
    fn render<'r>(&'r self, renderer: &mut Renderer<'r>) -> Result<(), Error> {
        let html = renderer.scoped(|renderer| self.render_text(renderer))?;
        match &self.target {
            None => renderer.write_html(&html),
            Some(name) => renderer.set(name, Value::Safe(Cow::Owned(html))),
        }
        Ok(())
    }
}
