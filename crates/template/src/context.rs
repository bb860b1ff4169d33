//! `Context`: the variables that a template sees, and the `context!` macro.

use std::borrow::Cow;
use std::fmt;

use crate::value::Value;

/// The variables of one rendering.
///
/// Names are found by comparing precomputed hashes in a short array: contexts are small, and an array beats a map there.
///
/// ```
/// use nuages_template::{context, Context};
/// let posts = vec!["first", "second"];
/// let context = context! { posts, title: "Blog", count: posts.len() };
/// assert_eq!(context.get("count").unwrap().to_text(), "2");
///
/// let same = Context::new().with("posts", &posts).with("title", "Blog");
/// assert_eq!(same.get("title").unwrap().to_text(), "Blog");
/// ```
///
/// # Django
/// `django.template.Context`. `True`, `False` and `None` are words of the language here, not variables.
#[derive(Clone, Default)]
pub struct Context<'v> {
    hashes: Vec<u64>,
    entries: Vec<(Cow<'static, str>, Value<'v>)>,
    marks: Vec<usize>,
    autoescape_off: bool,
}

impl<'v> Context<'v> {
    /// No variables.
    pub fn new() -> Self {
        Self::default()
    }

    /// The context with one more variable.
    #[must_use]
    pub fn with(mut self, name: impl Into<Cow<'static, str>>, value: impl Into<Value<'v>>) -> Self {
        self.set(name, value);
        self
    }

    /// Sets a variable in the innermost scope.
    pub fn set(&mut self, name: impl Into<Cow<'static, str>>, value: impl Into<Value<'v>>) {
        let name = name.into();
        let hash = hash_name(&name);
        let scope = self.marks.last().copied().unwrap_or(0);
        if let Some(at) = self.find(&name, hash).filter(|at| *at >= scope) {
            self.entries[at].1 = value.into();
            return;
        }
        self.hashes.push(hash);
        self.entries.push((name, value.into()));
    }

    /// The variable `name`, from the innermost scope that has it.
    pub fn get(&self, name: &str) -> Option<Value<'_>> {
        self.get_ref(name, hash_name(name)).map(Value::reborrow)
    }

    /// Is there a variable `name`?
    pub fn contains(&self, name: &str) -> bool {
        self.find(name, hash_name(name)).is_some()
    }

    /// Opens a scope: what is set from here on is forgotten at the matching [`Context::pop`].
    ///
    /// ```
    /// let mut context = nuages_template::context! { a: 1 };
    /// context.push();
    /// context.set("a", 2);
    /// assert_eq!(context.get("a").unwrap().to_text(), "2");
    /// context.pop();
    /// assert_eq!(context.get("a").unwrap().to_text(), "1");
    /// ```
    pub fn push(&mut self) {
        self.marks.push(self.entries.len());
    }

    /// Closes the innermost scope; the outermost one stays.
    pub fn pop(&mut self) {
        if let Some(mark) = self.marks.pop() {
            self.entries.truncate(mark);
            self.hashes.truncate(mark);
        }
    }

    /// The names of all variables, innermost last.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.entries.iter().map(|(name, _)| &**name)
    }

    /// The variables, innermost last.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Value<'v>)> {
        self.entries.iter().map(|(name, value)| (&**name, value))
    }

    /// Renders without autoescaping, for plain text such as mails.
    ///
    /// # Security
    /// Never for HTML: variables are written as they are.
    ///
    /// # Django
    /// `Context(..., autoescape=False)`.
    #[must_use]
    pub fn insecure_without_autoescape(mut self) -> Self {
        self.autoescape_off = true;
        self
    }

    pub(crate) fn autoescape(&self) -> bool {
        !self.autoescape_off
    }

    pub(crate) fn get_ref(&self, name: &str, hash: u64) -> Option<&Value<'v>> {
        self.find(name, hash).map(|at| &self.entries[at].1)
    }

    fn find(&self, name: &str, hash: u64) -> Option<usize> {
        let last = self.hashes.iter().rposition(|known| *known == hash)?;
        if self.entries[last].0 == name {
            return Some(last);
        }
        // Two names with one hash: look at all of them.
        (0..last).rev().find(|at| self.entries[*at].0 == name)
    }
}

impl fmt::Debug for Context<'_> {
    /// Names only: values may be secret, and debug output lands in logs.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.names()).finish()
    }
}

/// FNV-1a: short, `const`, and good enough in front of a comparison of the names themselves.
pub(crate) const fn hash_name(name: &str) -> u64 {
    let bytes = name.as_bytes();
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    let mut at = 0;
    while at < bytes.len() {
        hash = (hash ^ bytes[at] as u64).wrapping_mul(0x0100_0000_01b3);
        at += 1;
    }
    hash
}

/// Makes a [`Context`]: `context! { posts, title: "Blog", "other-name": 1 + 2 }`.
///
/// A name alone borrows the variable of that name; `name: expression` takes the expression's value.
/// What is not a number, a string, a time or a list of them goes in by reference: `user: &user`.
///
/// ```
/// use nuages_template::{context, Engine, NoServices};
/// let names = vec!["Ada", "<Bob>"];
/// let page = Engine::default().from_str("{{ title }}: {% for name in names %}{{ name }} {% endfor %}")?;
/// let html = page.render(&context! { names, title: String::from("All") }, &NoServices)?;
/// assert_eq!(html, "All: Ada &lt;Bob&gt; ");
/// # Ok::<(), nuages_template::Error>(())
/// ```
#[macro_export]
macro_rules! context {
    (@set $context:ident;) => {};
    (@set $context:ident; $name:ident : $value:expr $(, $($rest:tt)*)?) => {
        $context.set(::core::stringify!($name), $value);
        $crate::context!(@set $context; $($($rest)*)?);
    };
    (@set $context:ident; $name:literal : $value:expr $(, $($rest:tt)*)?) => {
        $context.set($name, $value);
        $crate::context!(@set $context; $($($rest)*)?);
    };
    (@set $context:ident; $name:ident $(, $($rest:tt)*)?) => {
        $context.set(::core::stringify!($name), &$name);
        $crate::context!(@set $context; $($($rest)*)?);
    };
    () => { $crate::Context::new() };
    ($($all:tt)+) => {{
        let mut context = $crate::Context::new();
        $crate::context!(@set context; $($all)+);
        context
    }};
}
