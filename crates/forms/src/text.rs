//! `Text`: words for a page that are either plain (escaped on output) or HTML already.

use std::borrow::Cow;
use std::fmt;

use nuages_template::{SafeString, push_escaped};

/// A label, a choice's name or an error message.
///
/// Plain text, the usual case, is escaped when it is printed; only a [`SafeString`] is not.
///
/// ```
/// use nuages_forms::{SafeString, Text};
/// assert_eq!(Text::from("a < b").to_html(), "a &lt; b");
/// assert_eq!(Text::from(SafeString::from_static("<b>a</b>")).to_html(), "<b>a</b>");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Text {
    words: Cow<'static, str>,
    safe: bool,
}

impl Text {
    /// Text written in the program's source.
    pub const fn from_static(words: &'static str) -> Self {
        Self {
            words: Cow::Borrowed(words),
            safe: false,
        }
    }

    /// The words as they were given.
    pub fn as_str(&self) -> &str {
        &self.words
    }

    /// Is it HTML already?
    pub fn is_safe(&self) -> bool {
        self.safe
    }

    /// Nothing to show?
    pub fn is_empty(&self) -> bool {
        self.words.is_empty()
    }

    /// The words for a page.
    pub fn to_html(&self) -> String {
        let mut out = String::with_capacity(self.words.len());
        self.push_html(&mut out);
        out
    }

    pub(crate) fn push_html(&self, out: &mut String) {
        if self.safe {
            out.push_str(&self.words);
        } else {
            push_escaped(out, &self.words);
        }
    }

    pub(crate) fn to_template(&self) -> nuages_template::Value<'static> {
        let words = self.words.clone();
        if self.safe {
            nuages_template::Value::Safe(words)
        } else {
            nuages_template::Value::Str(words)
        }
    }
}

impl Default for Text {
    fn default() -> Self {
        Self::from_static("")
    }
}

impl fmt::Display for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.words)
    }
}

impl From<&'static str> for Text {
    fn from(words: &'static str) -> Self {
        Self::from_static(words)
    }
}

impl From<String> for Text {
    fn from(words: String) -> Self {
        Self {
            words: Cow::Owned(words),
            safe: false,
        }
    }
}

impl From<SafeString> for Text {
    fn from(html: SafeString) -> Self {
        Self {
            words: Cow::Owned(html.into_string()),
            safe: true,
        }
    }
}

/// The words beside a field that help to fill it in.
///
/// A literal of the program's source may hold HTML, as in Django: no input can reach a literal.
/// A `String` made at run time is escaped, and a [`SafeString`] is taken as it is.
///
/// ```
/// use nuages_forms::HelpText;
/// assert_eq!(HelpText::from("At <b>most</b> 3.").to_html(), "At <b>most</b> 3.");
/// assert_eq!(HelpText::from(format!("Not {}", "<b>")).to_html(), "Not &lt;b&gt;");
/// ```
///
/// # Django
/// `Field.help_text`, which Django never escapes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HelpText(Text);

impl HelpText {
    /// The words for a page.
    pub fn to_html(&self) -> String {
        self.0.to_html()
    }

    /// Nothing to show?
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl From<&'static str> for HelpText {
    fn from(html: &'static str) -> Self {
        Self(Text::from(SafeString::from_static(html)))
    }
}

impl From<String> for HelpText {
    fn from(words: String) -> Self {
        Self(Text::from(words))
    }
}

impl From<SafeString> for HelpText {
    fn from(html: SafeString) -> Self {
        Self(Text::from(html))
    }
}
