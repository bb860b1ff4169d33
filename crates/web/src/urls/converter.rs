//! Converters: what may stand between the angle brackets of a route.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use super::value::UrlValue;

/// Python refuses to read longer numbers, so Django answers 404.
const MAX_INT_DIGITS: usize = 4300;
const UUID_LENGTH: usize = 36;

/// A converter of your own, registered with [`Urls::converter`](super::Urls::converter).
///
/// ```
/// use nuages_web::{Converter, UrlValue, Urls, get};
///
/// struct FourDigitYear;
///
/// impl Converter for FourDigitYear {
///     fn regex(&self) -> &'static str {
///         "[0-9]{4}"
///     }
///     fn to_value(&self, text: &str) -> Option<UrlValue<'static>> {
///         text.parse::<i64>().ok().map(UrlValue::from)
///     }
///     fn to_url(&self, value: &UrlValue<'_>) -> Option<String> {
///         match value {
///             UrlValue::Int(year) => Some(format!("{year:04}")),
///             _ => None,
///         }
///     }
/// }
///
/// let urls = Urls::new()
///     .converter("yyyy", FourDigitYear)
///     .path("archive/<yyyy:year>/", get(async || "archive"), "archive")
///     .freeze()?;
/// assert!(urls.resolve("/archive/2026/").is_some());
/// assert!(urls.resolve("/archive/26/").is_none());
/// assert_eq!(urls.reverse("archive", &[812.into()], &[])?, "/archive/0812/");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Django
/// A class given to `register_converter`: `regex`, `to_python`, `to_url`; `None` is its `ValueError`.
pub trait Converter: Send + Sync + 'static {
    /// What the text looks like, as a regular expression without anchors and look-around.
    fn regex(&self) -> &'static str;

    /// Reads the text of a URL; `None` means that the route does not match after all.
    fn to_value(&self, text: &str) -> Option<UrlValue<'static>> {
        Some(UrlValue::Text(Cow::Owned(text.to_owned())))
    }

    /// Writes a value into a URL; `None` means that the route cannot hold it.
    fn to_url(&self, value: &UrlValue<'_>) -> Option<String> {
        value.as_text().map(Cow::into_owned)
    }
}

/// What becomes of a captured text.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// The route does not match after all.
    Refused,
    /// It stays the text that it is.
    Text,
    /// A converter made this of it.
    Value(UrlValue<'static>),
}

/// A converter as a compiled route holds it.
#[derive(Clone)]
pub(super) enum Kind {
    Int,
    Str,
    Slug,
    Uuid,
    Path,
    Custom(Arc<str>, Arc<dyn Converter>),
}

impl Kind {
    /// Django's own converters by name.
    pub(super) fn builtin(name: &str) -> Option<Self> {
        Some(match name {
            "int" => Self::Int,
            "str" => Self::Str,
            "slug" => Self::Slug,
            "uuid" => Self::Uuid,
            "path" => Self::Path,
            _ => return None,
        })
    }

    pub(super) fn name(&self) -> &str {
        match self {
            Self::Int => "int",
            Self::Str => "str",
            Self::Slug => "slug",
            Self::Uuid => "uuid",
            Self::Path => "path",
            Self::Custom(name, _) => name,
        }
    }

    pub(super) fn regex(&self) -> &str {
        match self {
            Self::Int => "[0-9]+",
            Self::Str => "[^/]+",
            Self::Slug => "[-a-zA-Z0-9_]+",
            Self::Uuid => "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}",
            Self::Path => ".+",
            Self::Custom(_, converter) => converter.regex(),
        }
    }

    /// True when `next` can never belong to a capture, so that the capture ends before it.
    pub(super) fn ends_before(&self, next: char) -> bool {
        match self {
            Self::Int => !next.is_ascii_digit(),
            Self::Str => next == '/',
            Self::Slug => !is_slug(next),
            Self::Uuid => true,
            Self::Path => next == '\n',
            Self::Custom(..) => false,
        }
    }

    /// How many bytes at the start of `text` a built-in converter takes; `None` when it takes none.
    pub(super) fn run(&self, text: &str) -> Option<usize> {
        let length = match self {
            Self::Int => span(text, |byte| byte.is_ascii_digit()),
            Self::Str => span(text, |byte| byte != b'/'),
            Self::Slug => span(text, |byte| is_slug(char::from(byte))),
            Self::Path => span(text, |byte| byte != b'\n'),
            Self::Uuid => return is_uuid_prefix(text).then_some(UUID_LENGTH),
            Self::Custom(..) => return None,
        };
        (length > 0).then_some(length)
    }

    /// What becomes of a captured text.
    pub(super) fn verdict(&self, text: &str) -> Verdict {
        match self {
            Self::Int if text.len() > MAX_INT_DIGITS => Verdict::Refused,
            Self::Custom(_, converter) => converter
                .to_value(text)
                .map_or(Verdict::Refused, Verdict::Value),
            _ => Verdict::Text,
        }
    }

    /// Appends the text of the value; `None` when the route cannot hold it.
    pub(super) fn write_url(&self, value: &UrlValue<'_>, out: &mut String) -> Option<()> {
        match (self, value) {
            (Self::Custom(_, converter), value) => out.push_str(&converter.to_url(value)?),
            (_, UrlValue::Text(text)) => out.push_str(text),
            (_, value) => out.push_str(&value.as_text()?),
        }
        Some(())
    }
}

impl fmt::Debug for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

fn span(text: &str, belongs: impl Fn(u8) -> bool) -> usize {
    text.bytes()
        .position(|byte| !belongs(byte))
        .unwrap_or(text.len())
}

fn is_slug(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '-' || c == '_'
}

fn is_uuid_prefix(text: &str) -> bool {
    let Some(bytes) = text.as_bytes().get(..UUID_LENGTH) else {
        return false;
    };
    bytes.iter().enumerate().all(|(at, byte)| match at {
        8 | 13 | 18 | 23 => *byte == b'-',
        _ => matches!(byte, b'0'..=b'9' | b'a'..=b'f'),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(name: &str, text: &str, expect: Option<usize>) {
        assert_eq!(
            Kind::builtin(name).unwrap().run(text),
            expect,
            "{name} {text:?}"
        );
    }

    #[test]
    fn captures_end_where_their_characters_end() {
        check("int", "12/x", Some(2));
        check("int", "x", None);
        check("int", "१२", None);
        check("str", "a b/", Some(3));
        check("str", "/", None);
        check("slug", "a-b_c.d", Some(5));
        check("path", "a/b\nc", Some(3));
        check("uuid", "075194d3-6885-417e-a8a8-6c931e272f00/x", Some(36));
        check("uuid", "075194D3-6885-417e-a8a8-6c931e272f00", None);
        check("uuid", "075194d3-6885-417e-a8a8-6c931e272fé", None);
    }

    #[test]
    fn endless_numbers_are_refused_as_by_python() {
        assert_eq!(Kind::Int.verdict(&"1".repeat(4300)), Verdict::Text);
        assert_eq!(Kind::Int.verdict(&"1".repeat(4301)), Verdict::Refused);
    }
}
