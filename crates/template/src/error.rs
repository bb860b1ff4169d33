//! `Error`: what went wrong in a template, where, and what to do about it.

use std::borrow::Cow;
use std::fmt::{self, Write};
use std::sync::Arc;

/// The kinds of template errors.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The template is not well-formed, or names an unknown tag, filter or library (Django's `TemplateSyntaxError`).
    Syntax,
    /// No loader has the template, or it includes or extends itself for ever (`TemplateDoesNotExist`).
    NotFound,
    /// A loader could not read a template it has, for example for want of rights.
    Load,
    /// A tag needs a variable which is missing or of no use (`VariableDoesNotExist`).
    Variable,
    /// `{% url %}` found no route (`NoReverseMatch`).
    Url,
    /// A filter or tag met a value it cannot work with (`ValueError`).
    Value,
    /// A filter or tag met a value of a kind it cannot work with: items of a number, for one (`TypeError`).
    Type,
    /// A number was divided by zero (`ZeroDivisionError`).
    Division,
    /// A relation was not loaded before rendering.
    Unloaded,
    /// The template or the data is nested too deeply.
    Depth,
    /// Input so hostile that a filter refuses it (`SuspiciousOperation`).
    Suspicious,
    /// The rendering writes or does more than the engine allows, or its time is over.
    Limit,
    /// A warning: a variable is printed where escaping for HTML is not enough (Django says nothing).
    Unescaped,
    /// An object of the caller failed with an error of its own, see [`Error::other`].
    Other,
}

/// An error of loading, compiling or rendering a template.
///
/// `{}` prints the message with its place, `{:#}` adds the hint and an excerpt of the source.
///
/// ```
/// use nuages_template::{Engine, ErrorKind};
/// let error = Engine::default().from_str("<p>\n  {% iff x %}").unwrap_err();
/// assert_eq!(error.kind(), ErrorKind::Syntax);
/// assert_eq!((error.line(), error.column()), (Some(2), Some(3)));
/// assert!(error.hint().unwrap().contains("did you mean 'if'"));
/// assert!(format!("{error:#}").contains("2 |   {% iff x %}"));
/// ```
///
/// # Security
/// Messages may quote the template's source, never the values of variables.
/// They are for the developer: show them only in debug mode.
pub struct Error(Box<Repr>);

#[derive(Clone)]
struct Repr {
    kind: ErrorKind,
    message: Cow<'static, str>,
    hint: Option<Cow<'static, str>>,
    place: Option<Place>,
    source: Option<Arc<dyn std::error::Error + Send + Sync>>,
}

/// Where in a template something is.
#[derive(Clone)]
struct Place {
    template: Box<str>,
    line: usize,
    column: usize,
    excerpt: Box<str>,
}

impl Error {
    /// An error of a filter, a tag or an object.
    #[cold]
    pub fn new(kind: ErrorKind, message: impl Into<Cow<'static, str>>) -> Self {
        Self(Box::new(Repr {
            kind,
            message: message.into(),
            hint: None,
            place: None,
            source: None,
        }))
    }

    /// The error of an object, a filter or a tag that failed for a reason of its own.
    ///
    /// ```
    /// use nuages_template::{context, Engine, Error, ErrorKind, NoServices, Object, Value};
    /// use std::error::Error as _;
    /// struct Report;
    /// impl Object for Report {
    ///     fn call(&self) -> Option<Result<Value<'_>, Error>> {
    ///         Some("x".parse::<i64>().map(Value::from).map_err(Error::other))
    ///     }
    /// }
    /// let page = Engine::default().from_str("{{ report }}")?;
    /// let error = page.render(&context! { report: Value::object(Report) }, &NoServices).unwrap_err();
    /// assert_eq!(error.kind(), ErrorKind::Other);
    /// assert!(error.source().unwrap().is::<std::num::ParseIntError>());
    /// # Ok::<(), Error>(())
    /// ```
    #[cold]
    pub fn other(source: impl std::error::Error + Send + Sync + 'static) -> Self {
        let mut error = Self::new(ErrorKind::Other, source.to_string());
        error.0.source = Some(Arc::new(source));
        error
    }

    /// The error with advice.
    #[must_use]
    pub fn with_hint(mut self, hint: impl Into<Cow<'static, str>>) -> Self {
        self.0.hint = Some(hint.into());
        self
    }

    /// The error with its place, unless it has one: the innermost place is the right one.
    #[must_use]
    pub(crate) fn at(mut self, template: &str, source: &str, offset: usize) -> Self {
        if self.0.place.is_none() {
            self.0.place = Some(Place::find(template, source, offset));
        }
        self
    }

    #[cold]
    pub(crate) fn syntax(message: impl Into<Cow<'static, str>>) -> Self {
        Self::new(ErrorKind::Syntax, message)
    }

    #[cold]
    pub(crate) fn value(message: impl Into<Cow<'static, str>>) -> Self {
        Self::new(ErrorKind::Value, message)
    }

    #[cold]
    pub(crate) fn wrong_type(message: impl Into<Cow<'static, str>>) -> Self {
        Self::new(ErrorKind::Type, message)
    }

    #[cold]
    pub(crate) fn not_found(name: &str) -> Self {
        Self::new(ErrorKind::NotFound, name.to_owned())
    }

    #[cold]
    pub(crate) fn too_deep(what: &str) -> Self {
        Self::new(ErrorKind::Depth, format!("{what} is nested too deeply"))
            .with_hint("look for a template that includes itself without an end")
    }

    #[cold]
    pub(crate) fn too_long(most: usize) -> Self {
        Self::new(
            ErrorKind::Limit,
            format!("the output is longer than {most} bytes"),
        )
        .with_hint("look for a loop over a long list in another loop; `max_output` is the limit")
    }

    /// The kind.
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// Is it a missing template?
    pub fn is_not_found(&self) -> bool {
        self.0.kind == ErrorKind::NotFound
    }

    /// Is it a mistake in the template's syntax?
    pub fn is_syntax(&self) -> bool {
        self.0.kind == ErrorKind::Syntax
    }

    /// The message without place and hint.
    pub fn message(&self) -> &str {
        &self.0.message
    }

    /// What to do about it.
    pub fn hint(&self) -> Option<&str> {
        self.0.hint.as_deref()
    }

    /// The name of the template.
    pub fn template(&self) -> Option<&str> {
        self.0.place.as_ref().map(|place| &*place.template)
    }

    /// The line, from 1.
    pub fn line(&self) -> Option<usize> {
        self.0.place.as_ref().map(|place| place.line)
    }

    /// The column in characters, from 1.
    pub fn column(&self) -> Option<usize> {
        self.0.place.as_ref().map(|place| place.column)
    }

    /// The lines around the place, numbered, with a marker below the column.
    pub fn excerpt(&self) -> Option<&str> {
        self.0.place.as_ref().map(|place| &*place.excerpt)
    }
}

impl Place {
    fn find(template: &str, source: &str, offset: usize) -> Self {
        let before = source.get(..offset).unwrap_or(source);
        let line = before.matches('\n').count() + 1;
        let column = before.rsplit('\n').next().unwrap_or("").chars().count() + 1;
        let mut excerpt = String::new();
        for (index, text) in source
            .lines()
            .enumerate()
            .skip(line.saturating_sub(3))
            .take(5)
        {
            let number = index + 1;
            // A minified template is one long line: the window keeps the excerpt readable.
            let start = if number == line {
                column.saturating_sub(60)
            } else {
                0
            };
            let shown: String = text.chars().skip(start).take(120).collect();
            // Writing into a String cannot fail.
            let _ = writeln!(excerpt, "{number:>4} | {shown}");
            if number == line {
                let _ = writeln!(excerpt, "     | {}^", " ".repeat(column - 1 - start));
            }
        }
        Self {
            template: template.into(),
            line,
            column,
            excerpt: excerpt.into(),
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.message)?;
        if let Some(place) = &self.0.place {
            write!(
                f,
                " ({}, line {}, column {})",
                place.template, place.line, place.column
            )?;
        }
        if f.alternate() {
            if let Some(hint) = &self.0.hint {
                write!(f, "\nhint: {hint}")?;
            }
            if let Some(place) = &self.0.place {
                write!(f, "\n{}", place.excerpt)?;
            }
        }
        Ok(())
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}: {self:#}", self.0.kind)
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        let source = self.0.source.as_deref()?;
        Some(source)
    }
}
