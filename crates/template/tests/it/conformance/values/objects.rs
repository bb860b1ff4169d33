//! The classes of the corpus, as objects of templates.

use std::fmt;

use nuages_template::{Engine, Entries, Error, ErrorKind, Items, Kind, Object, QueryLists, Value};
use serde_json::{Value as Json, json};

use super::super::Skip;
use super::super::errors::Raised;
use super::{Made, all, value};

/// What marks an identity that is the value as the corpus writes it.
pub(super) const IDENTITY: &str = "corpus";

/// A dictionary with keys of any type.
pub(super) struct Dict {
    entries: Vec<(Value<'static>, Value<'static>)>,
    /// What a missing key gives.
    pub(super) default: Option<Value<'static>>,
    /// All values of each key, if it has several of them.
    lists: Option<Lists>,
    source: Option<String>,
}

type Lists = Vec<(Value<'static>, Vec<Value<'static>>)>;

impl Dict {
    pub(super) fn new(entries: Vec<(Value<'static>, Value<'static>)>) -> Self {
        Self {
            entries,
            default: None,
            lists: None,
            source: None,
        }
    }

    pub(super) fn multi(lists: Lists, source: String) -> Self {
        let last = |all: &[Value<'static>]| all.last().cloned();
        let entries = lists
            .iter()
            .map(|(key, all)| {
                let last = last(all).unwrap_or_else(|| Value::list(Vec::new()));
                (key.clone(), last)
            })
            .collect();
        Self {
            entries,
            default: None,
            lists: Some(lists),
            source: Some(source),
        }
    }
}

impl Object for Dict {
    fn kind(&self) -> Kind {
        Kind::Map
    }

    fn attr(&self, name: &str) -> Option<Value<'_>> {
        let found = self
            .entries
            .iter()
            .find(|(key, _)| key.as_str() == Some(name));
        found
            .map(|(_, value)| value.reborrow())
            .or_else(|| self.default.as_ref().map(Value::reborrow))
    }

    fn index(&self, index: usize) -> Option<Value<'_>> {
        let wanted = i64::try_from(index).ok();
        self.entries
            .iter()
            .find(|(key, _)| key.as_int() == wanted)
            .map(|(_, value)| value.reborrow())
    }

    fn iterate(&self) -> Option<Items<'_>> {
        Some(Box::new(self.entries.iter().map(|(key, _)| key.reborrow())))
    }

    fn entries(&self) -> Option<Entries<'_>> {
        let entries = self.entries.iter();
        Some(Box::new(
            entries.map(|(key, value)| (key.reborrow(), value.reborrow())),
        ))
    }

    fn len(&self) -> Option<usize> {
        Some(self.entries.len())
    }

    fn query_lists(&self) -> Option<QueryLists<'_>> {
        let lists = self.lists.as_ref()?.iter().map(|(key, all)| {
            let all = all.iter().map(Value::reborrow);
            (key.to_text(), all.collect())
        });
        Some(lists.collect())
    }

    fn identity(&self) -> Option<(&'static str, Value<'_>)> {
        Some((IDENTITY, Value::from(self.source.as_ref()?)))
    }
}

/// A set: items without numbers.
pub(super) struct Set(pub(super) Vec<Value<'static>>);

impl Object for Set {
    fn kind(&self) -> Kind {
        Kind::Set
    }

    fn index(&self, _: usize) -> Option<Value<'_>> {
        None
    }

    fn iterate(&self) -> Option<Items<'_>> {
        Some(Box::new(self.0.iter().map(Value::reborrow)))
    }

    fn len(&self) -> Option<usize> {
        Some(self.0.len())
    }
}

/// A range of whole numbers.
pub(super) struct Range {
    pub(super) start: i64,
    pub(super) stop: i64,
    pub(super) step: i64,
}

impl Range {
    fn numbers(&self) -> impl Iterator<Item = i64> {
        let (stop, step) = (self.stop, self.step);
        std::iter::successors(Some(self.start), move |at| at.checked_add(step))
            .take_while(move |at| if step > 0 { *at < stop } else { *at > stop })
    }
}

impl Object for Range {
    fn iterate(&self) -> Option<Items<'_>> {
        Some(Box::new(self.numbers().map(Value::from)))
    }

    fn len(&self) -> Option<usize> {
        Some(self.numbers().count())
    }

    fn display(&self, out: &mut dyn fmt::Write) -> fmt::Result {
        match self.step {
            1 => write!(out, "range({}, {})", self.start, self.stop),
            step => write!(out, "range({}, {}, {step})", self.start, self.stop),
        }
    }

    fn debug(&self, out: &mut dyn fmt::Write) -> fmt::Result {
        self.display(out)
    }
}

/// Bytes, which print as Python writes them.
pub(super) struct Bytes(pub(super) Vec<u8>);

impl Object for Bytes {
    fn index(&self, index: usize) -> Option<Value<'_>> {
        self.0.get(index).map(|byte| Value::from(*byte))
    }

    fn iterate(&self) -> Option<Items<'_>> {
        Some(Box::new(self.0.iter().map(|byte| Value::from(*byte))))
    }

    fn len(&self) -> Option<usize> {
        Some(self.0.len())
    }

    fn display(&self, out: &mut dyn fmt::Write) -> fmt::Result {
        let quote = if self.0.contains(&b'\'') && !self.0.contains(&b'"') {
            '"'
        } else {
            '\''
        };
        write!(out, "b{quote}")?;
        for byte in &self.0 {
            match byte {
                b'\\' => out.write_str("\\\\")?,
                b'\n' => out.write_str("\\n")?,
                b'\r' => out.write_str("\\r")?,
                b'\t' => out.write_str("\\t")?,
                byte if char::from(*byte) == quote => write!(out, "\\{quote}")?,
                b' '..=b'~' => out.write_char(char::from(*byte))?,
                byte => write!(out, "\\x{byte:02x}")?,
            }
        }
        out.write_char(quote)
    }

    fn debug(&self, out: &mut dyn fmt::Write) -> fmt::Result {
        self.display(out)
    }
}

/// What calling something does.
#[derive(Clone)]
pub(super) enum Call {
    Returns(Value<'static>),
    Raises { silent: bool, class: String },
    NeedsArguments,
    AltersData,
    NotCalled,
}

impl Call {
    pub(super) fn read(spec: &Json, engine: &Engine) -> Made<Self> {
        Ok(if spec["do_not_call_in_templates"] == true {
            Self::NotCalled
        } else if spec["alters_data"] == true {
            Self::AltersData
        } else if spec["requires_args"] == true {
            Self::NeedsArguments
        } else if let Some(exception) = spec.get("raises") {
            Self::raises(exception)
        } else {
            let returned = spec.get("returns").ok_or("a callable that does nothing")?;
            Self::Returns(value(returned, engine)?)
        })
    }

    fn raises(exception: &Json) -> Self {
        Self::Raises {
            silent: exception["silent_variable_failure"] == true,
            class: exception["class"].as_str().unwrap_or("").to_owned(),
        }
    }

    fn run(&self) -> Option<Result<Value<'_>, Error>> {
        match self {
            Self::Returns(value) => Some(Ok(value.reborrow())),
            Self::Raises { silent: true, .. } => {
                Some(Err(Error::new(ErrorKind::Variable, "silent")))
            }
            Self::Raises { class, .. } => Some(Err(Error::other(Raised(class.clone())))),
            Self::NeedsArguments => Some(Err(Error::new(
                ErrorKind::Variable,
                "arguments are missing",
            ))),
            Self::AltersData | Self::NotCalled => None,
        }
    }
}

/// A function or a method.
pub(super) struct Callable(pub(super) Call);

impl Object for Callable {
    fn call(&self) -> Option<Result<Value<'_>, Error>> {
        self.0.run()
    }

    fn alters_data(&self) -> bool {
        matches!(self.0, Call::AltersData)
    }
}

/// An object of some class.
#[derive(Default)]
pub(super) struct Obj {
    attrs: Vec<(String, Value<'static>)>,
    index: Option<Vec<Value<'static>>>,
    sequence: Option<Vec<Value<'static>>>,
    text: Option<Value<'static>>,
    html: Option<Value<'static>>,
    debug: Option<Value<'static>>,
    len: Option<usize>,
    truth: Option<bool>,
    call: Option<Call>,
    source: String,
}

impl Obj {
    /// An object with nothing but attributes.
    pub(super) fn with(attrs: Vec<(String, Value<'static>)>) -> Self {
        Self {
            attrs,
            ..Self::default()
        }
    }

    pub(super) fn read(body: &Json, engine: &Engine) -> Made<Self> {
        let mut attrs = Vec::new();
        for place in ["items", "attrs"] {
            let members = body.get(place).and_then(Json::as_object);
            for (name, attr) in members.into_iter().flatten() {
                attrs.push((name.clone(), attribute(attr, engine)?));
            }
        }
        let one = |name: &str| match body.get(name) {
            Some(json) => attribute(json, engine).map(Some),
            None => Ok(None),
        };
        let many = |name: &str| match body.get(name) {
            Some(json) => all(json, engine).map(Some),
            None => Ok(None),
        };
        Ok(Self {
            attrs,
            index: many("index")?,
            sequence: many("iter")?,
            text: one("str")?,
            html: one("html")?,
            debug: one("repr")?,
            len: body["len"]
                .as_u64()
                .and_then(|len| usize::try_from(len).ok()),
            truth: body["bool"].as_bool(),
            call: match body.get("call") {
                Some(spec) => Some(Call::read(spec, engine)?),
                None => None,
            },
            source: json!({ "$obj": body }).to_string(),
        })
    }
}

/// An attribute; one that cannot be read raises as if it were called.
fn attribute(json: &Json, engine: &Engine) -> Result<Value<'static>, Skip> {
    match json.get("$raises") {
        Some(exception) => Ok(Value::object(Callable(Call::raises(exception)))),
        None => value(json, engine),
    }
}

impl Object for Obj {
    fn attr(&self, name: &str) -> Option<Value<'_>> {
        let found = self.attrs.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.reborrow())
    }

    fn index(&self, index: usize) -> Option<Value<'_>> {
        let items = self.index.as_ref()?;
        items.get(index).map(Value::reborrow)
    }

    fn iterate(&self) -> Option<Items<'_>> {
        let items = self.sequence.as_ref().or(self.index.as_ref())?;
        Some(Box::new(items.iter().map(Value::reborrow)))
    }

    fn len(&self) -> Option<usize> {
        self.len
    }

    fn is_true(&self) -> bool {
        self.truth.unwrap_or(self.len != Some(0))
    }

    fn is_safe(&self) -> bool {
        self.html.is_some() || self.text.as_ref().is_some_and(Value::is_safe)
    }

    fn display(&self, out: &mut dyn fmt::Write) -> fmt::Result {
        let texts = [&self.html, &self.text, &self.debug];
        match texts.into_iter().flatten().next() {
            Some(text) if text.as_str().is_some() => out.write_str(&text.to_text()),
            Some(_) => Err(fmt::Error),
            None => out.write_str("<object>"),
        }
    }

    fn debug(&self, out: &mut dyn fmt::Write) -> fmt::Result {
        match &self.debug {
            Some(text) => out.write_str(&text.to_text()),
            None => out.write_str("<object>"),
        }
    }

    fn call(&self) -> Option<Result<Value<'_>, Error>> {
        self.call.as_ref()?.run()
    }

    fn alters_data(&self) -> bool {
        matches!(self.call, Some(Call::AltersData))
    }

    fn identity(&self) -> Option<(&'static str, Value<'_>)> {
        Some((IDENTITY, Value::from(&self.source)))
    }
}
