//! Literals: strings in quotes and numbers.

use std::borrow::Cow;

use super::split::quoted_length;
use crate::error::Error;
use crate::value::Value;

/// The length of the string constant at the beginning of `text`: `"…"`, `'…'` or either in `_(…)`.
pub(super) fn constant_length(text: &str) -> Option<usize> {
    let (open, rest) = text.strip_prefix("_(").map_or((0, text), |rest| (2, rest));
    let quote = *rest
        .as_bytes()
        .first()
        .filter(|byte| matches!(byte, b'"' | b'\''))?;
    let length = quoted_length(rest, quote)?;
    if open == 0 {
        return Some(length);
    }
    rest[length..].starts_with(')').then_some(open + length + 1)
}

/// The string that a constant stands for.
pub(super) fn unquote(constant: &str) -> Cow<'_, str> {
    let inner = constant
        .strip_prefix("_(")
        .and_then(|rest| rest.strip_suffix(')'))
        .unwrap_or(constant);
    let quote = inner.chars().next().unwrap_or('"');
    let body = inner.get(1..inner.len().saturating_sub(1)).unwrap_or("");
    if memchr::memchr(b'\\', body.as_bytes()).is_none() {
        return Cow::Borrowed(body);
    }
    let plain = body
        .replace(&format!("\\{quote}"), &quote.to_string())
        .replace("\\\\", "\\");
    Cow::Owned(plain)
}

/// The number, if the text is one.
pub(super) fn number(text: &str) -> Option<Value<'static>> {
    let first = text.bytes().find(|byte| !matches!(byte, b'+' | b'-'))?;
    if !(first.is_ascii_digit() || first == b'.') {
        return None;
    }
    if text.contains('_') {
        let bytes = text.as_bytes();
        let is_digit = |at: Option<usize>| {
            at.and_then(|at| bytes.get(at))
                .is_some_and(u8::is_ascii_digit)
        };
        let between = |at: usize| is_digit(at.checked_sub(1)) && is_digit(Some(at + 1));
        let right = text.match_indices('_').all(|(at, _)| between(at));
        return right.then(|| number(&text.replace('_', "")))?;
    }
    if text.contains(['.', 'e', 'E']) {
        return text
            .parse()
            .ok()
            .filter(|_| !text.ends_with('.'))
            .map(Value::Float);
    }
    if let Ok(number) = text.parse() {
        return Some(Value::Int(number));
    }
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    digits
        .bytes()
        .all(|byte| byte.is_ascii_digit())
        .then(|| Value::Decimal(Cow::Owned(text.trim_start_matches('+').to_owned())))
}

/// The string that a literal stands for.
///
/// ```
/// use nuages_template::text::unescape_string_literal;
/// assert_eq!(unescape_string_literal(r#""a \"bc\"""#)?, "a \"bc\"");
/// assert!(unescape_string_literal("'abc\"").is_err());
/// # Ok::<(), nuages_template::Error>(())
/// ```
///
/// # Errors
/// `Value` when the text is not in quotes, or in two different ones.
///
/// # Django
/// `unescape_string_literal`.
pub fn unescape_string_literal(literal: &str) -> Result<String, Error> {
    let quote = literal.chars().next().filter(|c| matches!(c, '"' | '\''));
    match quote {
        // A single quote is its own end, and stands for nothing, as in Django.
        Some(quote) if literal.ends_with(quote) => Ok(unquote(literal).into_owned()),
        _ => Err(Error::value(format!("not a string literal: {literal}"))),
    }
}
