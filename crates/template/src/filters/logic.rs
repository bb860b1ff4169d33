//! `default`, `default_if_none`, `yesno`, `pluralize`.
//!
//! ```
//! use nuages_template::{context, Engine, NoServices};
//! let page = Engine::default()
//!     .from_str("{{ x|default:'-' }} {{ n|yesno:'y,n,m' }} {{ c }} cherr{{ c|pluralize:'y,ies' }}")?;
//! assert_eq!(page.render(&context! { x: "", n: None::<bool>, c: 2 }, &NoServices)?, "- m 2 cherries");
//! # Ok::<(), nuages_template::Error>(())
//! ```

use std::borrow::Cow;

use crate::error::Error;
use crate::library::FilterCall;
use crate::value::Value;

type Result<'r> = std::result::Result<Value<'r>, Error>;

/// The argument, if the value is false.
pub(super) fn default<'r>(value: Value<'r>, call: &FilterCall<'r>) -> Result<'r> {
    Ok(if value.is_true() {
        value
    } else {
        call.argument().cloned().unwrap_or_default()
    })
}

/// The argument, if the value is `None`.
pub(super) fn default_if_none<'r>(value: Value<'r>, call: &FilterCall<'r>) -> Result<'r> {
    Ok(if value.is_none() {
        call.argument().cloned().unwrap_or_default()
    } else {
        value
    })
}

/// The first, second or third word of the argument for true, false and `None`.
pub(super) fn yesno<'r>(value: Value<'r>, call: &FilterCall<'r>) -> Result<'r> {
    let argument = call.argument().filter(|argument| !argument.is_none());
    let locale = call.locale();
    let words = argument.map_or_else(|| locale.gettext("yes,no,maybe"), Value::to_text);
    let words: Vec<&str> = words.split(',').collect();
    let word = match (words.as_slice(), value.is_none(), value.is_true()) {
        ([] | [_], _, _) => return Ok(value),
        ([_, _, maybe], true, _) => *maybe,
        ([yes, ..], _, true) => *yes,
        ([_, no, ..], _, _) => *no,
    };
    // Pieces of a string are plain strings in Django, even those of a literal.
    Ok(Value::from(word.to_owned()))
}

/// The ending of a plural: `s`, the argument, or the part of it behind the comma.
pub(super) fn pluralize<'r>(value: Value<'r>, call: &FilterCall<'r>) -> Result<'r> {
    if call.argument().is_some_and(|argument| {
        argument.is_none() || argument.is_number_or_text() && argument.as_str().is_none()
    }) {
        return Err(Error::wrong_type("the endings are no text"));
    }
    let endings = call.text().unwrap_or(Cow::Borrowed("s"));
    let (one, many) = match endings.split(',').collect::<Vec<_>>().as_slice() {
        [many] => ("", *many),
        [one, many] => (*one, *many),
        _ => return Ok(Value::from("")),
    };
    let count = match &value {
        Value::Str(_) | Value::Safe(_) => value.to_float(),
        _ => value.to_float().or_else(|| {
            value
                .len()
                .map(|length| if length == 1 { 1.0 } else { 0.0 })
        }),
    };
    Ok(Value::from(match count {
        Some(1.0) => one.to_owned(),
        Some(_) => many.to_owned(),
        None => String::new(),
    }))
}
