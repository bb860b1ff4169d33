//! `Expression`: a variable or literal with its filters, `user.name|default:"nobody"|upper`.

use std::fmt;
use std::ops::Deref;
use std::sync::Arc;

use super::literal::{constant_length, number, unquote};
use super::names::{Names, Slice};
use crate::error::Error;
use crate::library::Filter;
use crate::render::Name;
use crate::value::Value;

/// A compiled expression. Tags get one from [`Parser::expression`](crate::Parser::expression).
///
/// # Django
/// `FilterExpression`.
pub struct Expression {
    pub(crate) source: Slice,
    pub(crate) head: Head,
    pub(crate) filters: Box<[Applied]>,
}

/// A literal or a variable.
#[derive(Debug)]
pub(crate) enum Head {
    Constant(Value<'static>),
    /// `_("…")`, with the percent signs doubled as catalogues have them.
    Translated(Box<str>),
    Variable(Variable),
}

/// A dotted path.
#[derive(Debug)]
pub(crate) struct Variable {
    pub(crate) root: Root,
    pub(crate) path: Path,
}

/// The steps behind the root; most paths have one or none, and need no list on the heap.
#[derive(Debug)]
pub(crate) enum Path {
    Empty,
    One(Segment),
    Many(Box<[Segment]>),
}

impl Deref for Path {
    type Target = [Segment];

    #[inline]
    fn deref(&self) -> &[Segment] {
        match self {
            Self::Empty => &[],
            Self::One(segment) => std::slice::from_ref(segment),
            Self::Many(segments) => segments,
        }
    }
}

/// Where a path begins.
#[derive(Debug)]
pub(crate) enum Root {
    Name(Name),
    /// The innermost loop, which lives outside of the scopes.
    Forloop(Name),
    /// The block being rendered.
    Block(Name),
}

/// One step of a path: an attribute, and an index when it is a number.
#[derive(Debug)]
pub(crate) struct Segment {
    pub(crate) name: Arc<str>,
    pub(crate) index: Option<usize>,
}

/// A filter with its argument.
pub(crate) struct Applied {
    pub(crate) filter: Arc<Filter>,
    pub(crate) argument: Option<Head>,
}

impl Expression {
    /// The text it was compiled from.
    pub fn source(&self) -> &str {
        self.source.as_str()
    }

    /// The value, when it is a literal without filters.
    pub fn constant(&self) -> Option<&Value<'static>> {
        match &self.head {
            Head::Constant(value) if self.filters.is_empty() => Some(value),
            _ => None,
        }
    }

    pub(crate) fn filter_names(&self) -> impl Iterator<Item = &str> {
        self.filters.iter().map(|applied| applied.filter.name())
    }

    /// The part before the filters.
    pub(crate) fn head_source(&self) -> &str {
        self.source().split('|').next().unwrap_or("").trim_end()
    }

    /// Compiles a part of the source `whole`; `find` knows the filters, `names` notes every variable's name.
    pub(super) fn compile(
        whole: &Arc<str>,
        text: &str,
        find: &dyn Fn(&str) -> Result<Arc<Filter>, Error>,
        names: &mut Names,
    ) -> Result<Self, Error> {
        let (head, mut at) = head_at(text, names)?
            .ok_or_else(|| Error::syntax(format!("Could not find variable at start of {text}.")))?;
        let mut filters = Vec::new();
        while let Some((name, mut end)) = filter_at(text, at) {
            let filter = find(name)?;
            let mut argument = None;
            if let Some(rest) = text[end..].strip_prefix(':')
                && let Some((head, length)) = head_at(rest, names)?
            {
                argument = Some(head);
                end += 1 + length;
            }
            filter.check(argument.is_some())?;
            // Most have one: room for just that, and no second look at the allocator.
            if filters.is_empty() {
                filters.reserve_exact(1);
            }
            filters.push(Applied { filter, argument });
            at = end;
        }
        if at != text.len() {
            return Err(Error::syntax(format!(
                "Could not parse the remainder: '{}' from '{text}'",
                &text[at..]
            )));
        }
        Ok(Self {
            source: Slice::of(whole, text),
            head,
            filters: filters.into(),
        })
    }
}

/// The name of the filter at `at` and where the name ends.
fn filter_at(text: &str, at: usize) -> Option<(&str, usize)> {
    let rest = text[at..].trim_start().strip_prefix('|')?.trim_start();
    let length = rest.find(|c: char| !is_word(c)).unwrap_or(rest.len());
    let start = text.len() - rest.len();
    (length > 0).then(|| (&rest[..length], start + length))
}

/// The literal or variable at the beginning, and its length.
fn head_at(text: &str, names: &mut Names) -> Result<Option<(Head, usize)>, Error> {
    if let Some(length) = constant_length(text) {
        let constant = unquote(&text[..length]);
        let head = if text.starts_with("_(") {
            Head::Translated(constant.replace('%', "%%").into())
        } else {
            Head::Constant(Value::Safe(constant.into_owned().into()))
        };
        return Ok(Some((head, length)));
    }
    let length = text
        .find(|c: char| !(is_word(c) || matches!(c, '.' | '+' | '-')))
        .unwrap_or(text.len());
    if length == 0 {
        return Ok(None);
    }
    Ok(Some((variable(&text[..length], names)?, length)))
}

pub(super) fn variable(text: &str, names: &mut Names) -> Result<Head, Error> {
    if let Some(value) = number(text) {
        return Ok(Head::Constant(value));
    }
    match text {
        "True" => return Ok(Head::Constant(Value::Bool(true))),
        "False" => return Ok(Head::Constant(Value::Bool(false))),
        "None" => return Ok(Head::Constant(Value::None)),
        _ => {}
    }
    if text.starts_with('_') || text.as_bytes().windows(2).any(|pair| pair == b"._") {
        return Err(Error::syntax(format!(
            "Variables and attributes may not begin with underscores: '{text}'"
        )));
    }
    if let Some(c) = text.bytes().find(|c| matches!(c, b'+' | b'-')) {
        let c = char::from(c);
        return Err(Error::syntax(format!(
            "Invalid character ('{c}') in variable name: '{text}'"
        )));
    }
    let mut parts = text.split('.');
    let root = parts.next().unwrap_or(text);
    let name = names.mention(root);
    let root = match root {
        "forloop" => Root::Forloop(name),
        "block" => Root::Block(name),
        _ => Root::Name(name),
    };
    let path = path(parts, names);
    Ok(Head::Variable(Variable { root, path }))
}

fn path<'t>(mut parts: impl Iterator<Item = &'t str>, names: &mut Names) -> Path {
    let mut segment = |part: &str| Segment {
        name: names.name(part).shared(),
        index: index(part),
    };
    let Some(first) = parts.next() else {
        return Path::Empty;
    };
    let first = segment(first);
    match parts.next() {
        None => Path::One(first),
        Some(second) => {
            let second = segment(second);
            Path::Many(
                [first, second]
                    .into_iter()
                    .chain(parts.map(segment))
                    .collect(),
            )
        }
    }
}

/// The index that a part of a path is, too, if it is a number.
fn index(part: &str) -> Option<usize> {
    part.starts_with(|c: char| c.is_ascii_digit() || c == '+')
        .then(|| part.parse().ok())?
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

impl fmt::Display for Variable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (Root::Name(root) | Root::Forloop(root) | Root::Block(root)) = &self.root;
        f.write_str(root.as_str())?;
        self.path
            .iter()
            .try_for_each(|segment| write!(f, ".{}", segment.name))
    }
}

impl fmt::Debug for Expression {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Expression({:?})", self.source())
    }
}
