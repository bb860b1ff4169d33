//! `Context`: the variables that a template sees, and the `context!` macro.

use std::borrow::Cow;
use std::fmt;

use crate::formats::LocaleState;
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
    use_l10n: Option<bool>,
    use_tz: Option<bool>,
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
        let key = Key::of(&name);
        let scope = self.marks.last().copied().unwrap_or(0);
        if let Some(at) = self.find(key).filter(|at| *at >= scope) {
            self.entries[at].1 = value.into();
            return;
        }
        self.hashes.push(key.hash);
        self.entries.push((name, value.into()));
    }

    /// The variable `name`, from the innermost scope that has it.
    pub fn get(&self, name: &str) -> Option<Value<'_>> {
        self.get_ref(Key::of(name)).map(Value::reborrow)
    }

    /// Is there a variable `name`?
    pub fn contains(&self, name: &str) -> bool {
        self.find(Key::of(name)).is_some()
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

    /// Renders with or without the formats of the language, as inside of `{% localize %}`.
    ///
    /// # Django
    /// `Context(..., use_l10n=...)`.
    #[must_use]
    pub fn use_l10n(mut self, on: bool) -> Self {
        self.use_l10n = Some(on);
        self
    }

    /// Renders with or without moving points in time to the current time zone, as inside of `{% localtime %}`.
    ///
    /// # Django
    /// `Context(..., use_tz=...)`.
    #[must_use]
    pub fn use_tz(mut self, on: bool) -> Self {
        self.use_tz = Some(on);
        self
    }

    /// What a rendering begins with.
    pub(crate) fn locale(&self) -> LocaleState {
        let mut state = LocaleState::default();
        state.use_l10n = self.use_l10n.unwrap_or(true);
        state.use_tz = self.use_tz;
        state
    }

    pub(crate) fn autoescape(&self) -> bool {
        !self.autoescape_off
    }

    #[inline]
    pub(crate) fn get_ref(&self, key: Key<'_>) -> Option<&Value<'v>> {
        self.find(key).map(|at| &self.entries[at].1)
    }

    #[inline]
    fn find(&self, key: Key<'_>) -> Option<usize> {
        key.find(&self.hashes, |at| &self.entries[at].0)
    }
}

impl fmt::Debug for Context<'_> {
    /// Names only: values may be secret, and debug output lands in logs.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.names()).finish()
    }
}

/// A name with its hash, as look-ups compare it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Key<'n> {
    text: &'n str,
    pub(crate) hash: u64,
}

/// Set in the hashes of names that are too long to be their own hash.
const LONG: u64 = 1 << 63;

impl<'n> Key<'n> {
    pub(crate) fn of(text: &'n str) -> Self {
        Self {
            text,
            hash: hash_name(text),
        }
    }

    pub(crate) const fn new(text: &'n str, hash: u64) -> Self {
        Self { text, hash }
    }

    /// Does an equal hash mean an equal name?
    #[inline]
    pub(crate) fn is_its_hash(self) -> bool {
        self.hash & LONG == 0
    }

    /// Where the name is, the last one first; `name_at` gives the name that belongs to a hash.
    #[inline]
    pub(crate) fn find<'s>(
        self,
        hashes: &[u64],
        name_at: impl Fn(usize) -> &'s str,
    ) -> Option<usize> {
        let last = hashes.iter().rposition(|known| *known == self.hash)?;
        if self.is_its_hash() || name_at(last) == self.text {
            return Some(last);
        }
        // Two names with one hash: look at all of them.
        (0..last).rev().find(|at| name_at(*at) == self.text)
    }
}

/// A name of up to seven bytes is its own hash: its bytes, and its length on top. Longer ones are hashed (FNV-1a).
pub(crate) const fn hash_name(name: &str) -> u64 {
    let bytes = name.as_bytes();
    let mut at = 0;
    if bytes.len() < 8 {
        let mut packed = (bytes.len() as u64) << 56;
        while at < bytes.len() {
            packed |= (bytes[at] as u64) << (8 * at);
            at += 1;
        }
        return packed;
    }
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    while at < bytes.len() {
        hash = (hash ^ bytes[at] as u64).wrapping_mul(0x0100_0000_01b3);
        at += 1;
    }
    hash | LONG
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_names_have_hashes_of_their_own_and_long_ones_never_collide_with_them() {
        let names = [
            "", "\0", "a", "a\0", "b", "ab", "ba", "seven_7", "seven_8", "eight__8", "é", "ééé",
        ];
        for (at, name) in names.iter().enumerate() {
            assert_eq!(hash_name(name) & LONG != 0, name.len() >= 8, "{name:?}");
            for other in &names[..at] {
                assert_ne!(hash_name(name), hash_name(other), "{name:?} {other:?}");
            }
        }
    }

    #[test]
    fn two_names_with_one_hash_are_told_apart() {
        let names = ["first_name", "other_name"];
        let at = |index: usize| names[index];
        let key = Key::new("first_name", LONG);
        assert_eq!(key.find(&[LONG, LONG], at), Some(0));
        assert_eq!(Key::new("third_name", LONG).find(&[LONG, LONG], at), None);
    }
}
