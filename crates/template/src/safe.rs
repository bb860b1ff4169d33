//! `SafeString`: text that is HTML already.

use std::borrow::Cow;
use std::fmt;
use std::ops::Deref;

/// HTML that autoescaping leaves alone.
///
/// ```
/// use nuages_template::{escape, SafeString};
/// let name = escape("<Ada>");
/// assert_eq!(&*name, "&lt;Ada&gt;");
/// assert_eq!(&*SafeString::assert_safe("<br>"), "<br>");
/// ```
///
/// # Django
/// `django.utils.safestring.SafeString`.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SafeString(Cow<'static, str>);

impl SafeString {
    /// Takes HTML as it is.
    ///
    /// # Security
    /// You assert that all input in it is escaped: a `SafeString` of raw input is cross-site scripting.
    ///
    /// # Django
    /// `mark_safe`.
    pub fn assert_safe(html: impl Into<String>) -> Self {
        Self(Cow::Owned(html.into()))
    }

    /// HTML written in the program's source, which no input can reach.
    pub const fn from_static(html: &'static str) -> Self {
        Self(Cow::Borrowed(html))
    }

    /// The HTML.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The HTML as a plain string.
    pub fn into_string(self) -> String {
        self.0.into_owned()
    }
}

impl Deref for SafeString {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl AsRef<str> for SafeString {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for SafeString {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl From<SafeString> for String {
    fn from(safe: SafeString) -> Self {
        safe.into_string()
    }
}
