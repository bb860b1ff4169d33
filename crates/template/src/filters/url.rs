//! `urlencode` and `iriencode`: text in URLs.
//!
//! ```
//! use nuages_template::{context, Engine, NoServices};
//! let page = Engine::default().from_str("{{ v|urlencode }} {{ v|urlencode:'' }} {{ v|iriencode }}")?;
//! assert_eq!(page.render(&context! { v: "a/ü b" }, &NoServices)?, "a/%C3%BC%20b a%2F%C3%BC%20b a/%C3%BC%20b");
//! # Ok::<(), nuages_template::Error>(())
//! ```

use crate::error::Error;
use crate::library::FilterCall;
use crate::value::Value;

/// Percent-encodes; the argument lists what stays, `/` by default.
pub(super) fn urlencode<'r>(value: Value<'r>, call: &FilterCall<'r>) -> Result<Value<'r>, Error> {
    let safe = call.text();
    let safe = safe.as_deref().unwrap_or("/");
    Ok(Value::from(quoted(&value.to_text(), safe)))
}

/// Percent-encodes what may not be in a URL at all; a URL stays a URL.
pub(super) fn iriencode<'r>(value: Value<'r>, _: &FilterCall<'r>) -> Result<Value<'r>, Error> {
    Ok(Value::from(quoted(
        &value.to_text(),
        "/#%[]=:;$&()+,!?*@'~",
    )))
}

pub(super) fn quoted(text: &str, safe: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    percent_encode(text, safe.as_bytes(), false, &mut out);
    out
}

/// Percent-encodes all but letters, digits, `_.-~` and the `safe` bytes; `plus`: a space becomes `+`.
pub(crate) fn percent_encode(text: &str, safe: &[u8], plus: bool, out: &mut String) {
    const DIGITS: [char; 16] = [
        '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'A', 'B', 'C', 'D', 'E', 'F',
    ];
    let mut plain = [false; 128];
    for byte in b"_.-~".iter().chain(safe) {
        if let Some(known) = plain.get_mut(usize::from(*byte)) {
            *known = true;
        }
    }
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || plain.get(usize::from(byte)) == Some(&true) {
            out.push(char::from(byte));
        } else if plus && byte == b' ' {
            out.push('+');
        } else {
            out.push('%');
            out.push(DIGITS[usize::from(byte >> 4)]);
            out.push(DIGITS[usize::from(byte & 15)]);
        }
    }
}
