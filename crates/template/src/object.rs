//! `Object`: how a Rust type answers a template's questions.

use std::borrow::Cow;
use std::fmt;

use crate::error::Error;
use crate::template::Template;
use crate::value::Value;

/// The items of something that can be iterated.
pub type Items<'v> = Box<dyn Iterator<Item = Value<'v>> + 'v>;

/// The keys of a query string with their values.
pub type QueryLists<'a> = Vec<(Cow<'a, str>, Vec<Value<'a>>)>;

/// The entries of a dictionary: key and value.
pub type Entries<'v> = Box<dyn Iterator<Item = (Value<'v>, Value<'v>)> + 'v>;

/// What an object is made of, which decides how it is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Kind {
    /// Prints itself with [`Object::display`].
    Object,
    /// Prints like a Python list, from [`Object::iterate`].
    List,
    /// Prints like a Python tuple, from [`Object::iterate`].
    Tuple,
    /// Prints like a Python set, from [`Object::iterate`]: its items have no numbers.
    Set,
    /// Prints like a Python dictionary, from [`Object::entries`].
    Map,
}

/// A value with attributes, items or a life of its own.
///
/// Every method has a default, so that a type answers only the questions that make sense for it.
///
/// ```
/// use nuages_template::{context, Engine, NoServices, Object, Value};
/// struct User { name: String }
/// impl Object for User {
///     fn attr(&self, name: &str) -> Option<Value<'_>> {
///         (name == "name").then(|| (&self.name).into())
///     }
/// }
/// let user = User { name: "Ada & Co".into() };
/// let page = Engine::default().from_str("{{ user.name }}")?;
/// let html = page.render(&context! { user: Value::Object(&user) }, &NoServices)?;
/// assert_eq!(html, "Ada &amp; Co");
/// # Ok::<(), nuages_template::Error>(())
/// ```
///
/// # Security
/// A template can reach only what `attr`, `index` and the iterators give out: there is no reflection.
/// Names that begin with an underscore never reach an object, they are syntax errors.
#[expect(
    clippy::len_without_is_empty,
    reason = "a length that may be missing is asked for once"
)]
pub trait Object: Send + Sync {
    /// What it is made of.
    fn kind(&self) -> Kind {
        Kind::Object
    }

    /// The attribute or entry `name`.
    fn attr(&self, name: &str) -> Option<Value<'_>> {
        let _ = name;
        None
    }

    /// The item at `index`.
    fn index(&self, index: usize) -> Option<Value<'_>> {
        self.iterate()?.nth(index)
    }

    /// The items, in order. The items of a dictionary are its keys.
    fn iterate(&self) -> Option<Items<'_>> {
        None
    }

    /// The entries, if this is a dictionary: gives `.items`, `.keys` and `.values` to templates.
    fn entries(&self) -> Option<Entries<'_>> {
        None
    }

    /// How many items there are.
    fn len(&self) -> Option<usize> {
        None
    }

    /// Is it true in `{% if %}`? Empty collections are not.
    fn is_true(&self) -> bool {
        self.len() != Some(0)
    }

    /// Prints it (Python's `__str__`).
    ///
    /// # Errors
    /// Gives up with `fmt::Error`, which becomes an error of the template.
    fn display(&self, out: &mut dyn fmt::Write) -> fmt::Result {
        write!(out, "<{} object>", std::any::type_name::<Self>())
    }

    /// Prints it inside of a list or dictionary (Python's `__repr__`).
    ///
    /// # Errors
    /// As [`Object::display`].
    fn debug(&self, out: &mut dyn fmt::Write) -> fmt::Result {
        out.write_char('<')?;
        self.display(out)?;
        out.write_char('>')
    }

    /// Does [`Object::display`] print HTML that must not be escaped (Python's `__html__`)?
    ///
    /// # Security
    /// Say yes only when everything that came from outside is escaped in there.
    fn is_safe(&self) -> bool {
        false
    }

    /// Calls it without arguments, if it can be called; templates call what they look up.
    ///
    /// An error of the kind [`ErrorKind::Variable`](crate::ErrorKind::Variable) makes the variable a missing one.
    fn call(&self) -> Option<Result<Value<'_>, Error>> {
        None
    }

    /// Would calling it change data? Then a template gets an invalid variable instead.
    fn alters_data(&self) -> bool {
        false
    }

    /// Why `name` is missing, when it should be there: an unloaded relation, for one.
    /// The answer is the hint of the error, for example `add .select_related(Post::author)`.
    fn unloaded(&self, name: &str) -> Option<Cow<'static, str>> {
        let _ = name;
        None
    }

    /// What makes two objects the same in `==`: a model gives its table and primary key.
    fn identity(&self) -> Option<(&'static str, Value<'_>)> {
        None
    }

    /// The time zone, if this is one: `{% timezone zone %}` takes it.
    fn time_zone(&self) -> Option<jiff::tz::TimeZone> {
        None
    }

    /// The template, if this is one: `{% include page %}` and `{% extends page %}` take it.
    fn template(&self) -> Option<&Template> {
        None
    }

    /// The keys of a query string, each once with all of its values, for `{% querystring %}`.
    ///
    /// A key without values, or with `None` only, takes the key out of what `{% querystring %}` writes.
    ///
    /// # Django
    /// `QueryDict.lists`.
    fn query_lists(&self) -> Option<QueryLists<'_>> {
        None
    }
}

impl fmt::Debug for dyn Object + '_ {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.debug(f)
    }
}
