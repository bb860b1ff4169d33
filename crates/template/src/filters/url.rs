//! `urlencode` and `iriencode`: text in URLs.
//!
//! ```
//! use nuages_template::{context, Engine, NoServices};
//! let page = Engine::default().from_str("{{ v|urlencode }} {{ v|urlencode:'' }} {{ v|iriencode }}")?;
//! assert_eq!(page.render(&context! { v: "a/ü b" }, &NoServices)?, "a/%C3%BC%20b a%2F%C3%BC%20b a/%C3%BC%20b");
//! # Ok::<(), nuages_template::Error>(())
//! ```

use crate::error::Error;
use crate::html::quoted;
use crate::library::FilterCall;
use crate::value::Value;

/// Percent-encodes; the argument lists what stays, `/` by default.
pub(super) fn urlencode<'r>(value: Value<'r>, call: &FilterCall<'r>) -> Result<Value<'r>, Error> {
    let safe = call
        .text()
        .filter(|_| !call.argument().is_some_and(Value::is_none));
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
