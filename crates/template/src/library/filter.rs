//! `Filter`: a function on a value, with what the engine must know about it.

use std::borrow::Cow;
use std::fmt;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::error::Error;
use crate::formats::{Locale, LocaleState};
use crate::render::Env;
use crate::services::Services;
use crate::value::Value;

type Run =
    Box<dyn for<'r> Fn(Value<'r>, &FilterCall<'r>) -> Result<Value<'r>, Error> + Send + Sync>;

/// May or must a filter have an argument?
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Arity {
    /// No argument.
    None,
    /// With or without.
    Optional,
    /// An argument.
    Required,
}

/// A filter.
///
/// ```
/// use nuages_template::{context, Engine, Filter, Library, NoServices, Value};
/// let twice = Filter::new("repeat", |value, call| {
///     let times = call.int().unwrap_or(1).clamp(0, 100);
///     Ok(Value::from(value.to_text().repeat(times as usize)))
/// })
/// .required()
/// .text()
/// .is_safe();
/// let engine = Engine::builder().library(Library::new().filter(twice)).build();
/// let page = engine.from_str("{{ word|repeat:2 }}")?;
/// assert_eq!(page.render(&context! { word: "ab" }, &NoServices)?, "abab");
/// # Ok::<(), nuages_template::Error>(())
/// ```
pub struct Filter {
    name: Cow<'static, str>,
    arity: Arity,
    is_safe: bool,
    text: bool,
    local_time: bool,
    run: Run,
}

impl Filter {
    /// A filter without an argument.
    pub fn new<F>(name: impl Into<Cow<'static, str>>, run: F) -> Self
    where
        F: for<'r> Fn(Value<'r>, &FilterCall<'r>) -> Result<Value<'r>, Error>
            + Send
            + Sync
            + 'static,
    {
        Self {
            name: name.into(),
            arity: Arity::None,
            is_safe: false,
            text: false,
            local_time: false,
            run: Box::new(run),
        }
    }

    /// It needs an argument.
    #[must_use]
    pub fn required(mut self) -> Self {
        self.arity = Arity::Required;
        self
    }

    /// It takes an argument, or none.
    #[must_use]
    pub fn optional(mut self) -> Self {
        self.arity = Arity::Optional;
        self
    }

    /// Safe input gives safe output: it never adds characters that matter in HTML.
    ///
    /// # Security
    /// A filter that removes or reorders characters can make a tag of harmless text: such a filter is not safe.
    ///
    /// # Django
    /// `is_safe=True`.
    #[must_use]
    pub fn is_safe(mut self) -> Self {
        self.is_safe = true;
        self
    }

    /// It works on text: whatever comes in is made a string first.
    ///
    /// # Django
    /// `@stringfilter`.
    #[must_use]
    pub fn text(mut self) -> Self {
        self.text = true;
        self
    }

    /// Points in time are moved to the current time zone first.
    ///
    /// # Django
    /// `expects_localtime=True`.
    #[must_use]
    pub fn local_time(mut self) -> Self {
        self.local_time = true;
        self
    }

    /// The name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// May or must it have an argument?
    pub fn arity(&self) -> Arity {
        self.arity
    }

    pub(crate) fn check(&self, argument: bool) -> Result<(), Error> {
        let required = usize::from(self.arity == Arity::Required) + 1;
        let provided = usize::from(argument) + 1;
        match (self.arity, argument) {
            (Arity::None, true) | (Arity::Required, false) => Err(Error::syntax(format!(
                "{} requires {required} arguments, {provided} provided",
                self.name
            ))),
            _ => Ok(()),
        }
    }

    pub(crate) fn apply<'r>(
        &self,
        value: Value<'r>,
        call: &FilterCall<'r>,
    ) -> Result<Value<'r>, Error> {
        let mut value = value;
        if self.text && !matches!(value, Value::Str(_) | Value::Safe(_)) {
            value = as_text(value);
        } else if self.local_time {
            value = call.local(value);
        }
        if !(self.is_safe && value.is_safe()) {
            return (self.run)(value, call);
        }
        Ok(match (self.run)(value, call)? {
            Value::Str(text) => Value::Safe(text),
            // What is not text becomes text, as Django's `mark_safe` makes it.
            other if !other.is_safe() => Value::Safe(Cow::Owned(other.to_text().into_owned())),
            other => other,
        })
    }
}

/// The value as a string; safe stays safe.
fn as_text(value: Value<'_>) -> Value<'_> {
    match value {
        Value::Str(_) | Value::Safe(_) => value,
        other if other.is_safe() => Value::Safe(Cow::Owned(other.to_text().into_owned())),
        other => Value::Str(Cow::Owned(other.to_text().into_owned())),
    }
}

impl fmt::Debug for Filter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Filter")
            .field("name", &self.name)
            .field("arity", &self.arity)
            .finish_non_exhaustive()
    }
}

/// What a filter is called with, besides the value.
pub struct FilterCall<'r> {
    pub(crate) argument: Option<Value<'r>>,
    pub(crate) autoescape: bool,
    pub(crate) locale: &'r LocaleState,
    pub(crate) env: &'r Env<'r>,
}

impl<'r> FilterCall<'r> {
    /// The argument.
    pub fn argument(&self) -> Option<&Value<'r>> {
        self.argument.as_ref()
    }

    /// The argument as text; nothing without an argument.
    pub fn text(&self) -> Option<Cow<'_, str>> {
        self.argument.as_ref().map(Value::to_text)
    }

    /// The argument as a whole number, as Python's `int()` reads it.
    pub fn int(&self) -> Option<i64> {
        let argument = self.argument.as_ref()?;
        argument
            .to_int()
            .or_else(|| argument.to_wide().map(clamped))
    }

    /// The argument as a whole number, or the error that Python's `int()` raises.
    ///
    /// # Errors
    /// `Type` for what is neither a number nor text, `Value` for text without a number.
    pub fn number(&self) -> Result<i64, Error> {
        let argument = self.argument.as_ref();
        self.int().ok_or_else(|| {
            let text = argument.is_some_and(|argument| argument.as_str().is_some());
            if text {
                Error::value("the argument is not a whole number")
            } else {
                Error::wrong_type("the argument is not a number")
            }
        })
    }

    /// Is autoescaping on where the filter is used?
    pub fn autoescape(&self) -> bool {
        self.autoescape
    }

    /// The services of the application.
    pub fn services(&self) -> &'r dyn Services {
        self.env.services
    }

    /// The language and time zone in which values are shown where the filter is used.
    pub fn locale(&self) -> Locale<'r> {
        Locale::of(self.env.services, self.locale)
    }

    /// The time now.
    pub fn now(&self) -> Timestamp {
        self.env.services.now()
    }

    /// The current time zone.
    pub fn time_zone(&self) -> TimeZone {
        self.locale().time_zone()
    }

    /// A point in time moved to the current time zone; other values stay as they are.
    pub fn local(&self, value: Value<'r>) -> Value<'r> {
        self.locale().local_time(value)
    }

    /// Is a text of this length within the engine's limit? For a filter whose result is much longer than its input.
    ///
    /// # Errors
    /// [`ErrorKind::Limit`](crate::ErrorKind::Limit) beyond [`EngineBuilder::max_output`](crate::EngineBuilder::max_output).
    pub fn check_length(&self, length: usize) -> Result<(), Error> {
        self.env.engine.0.limits.check_length(length)
    }

    /// The items of a list, an object or a string, for as long as the rendering lasts.
    pub fn items(&self, value: &Value<'r>) -> Option<Vec<Value<'r>>> {
        self.env.items(value)
    }

    /// The item at `index`.
    pub fn index(&self, value: &Value<'r>, index: usize) -> Option<Value<'r>> {
        self.env.index(value, index)
    }

    /// The attribute or dictionary entry `name`.
    pub fn attr(&self, value: &Value<'r>, name: &str) -> Option<Value<'r>> {
        self.env.attr(value, name)
    }
}

/// The nearest number of 64 bits.
fn clamped(number: i128) -> i64 {
    i64::try_from(number).unwrap_or(if number < 0 { i64::MIN } else { i64::MAX })
}

impl fmt::Debug for FilterCall<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FilterCall")
            .field("autoescape", &self.autoescape)
            .finish_non_exhaustive()
    }
}
