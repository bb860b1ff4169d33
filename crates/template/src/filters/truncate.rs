//! `truncatechars`, `truncatewords`, and the same for HTML.
//!
//! ```
//! use nuages_template::{context, Engine, NoServices};
//! let page = Engine::default().from_str("{{ v|truncatechars:5 }} {{ v|truncatewords:1 }} {{ '<b>one two</b>'|truncatewords_html:1 }}")?;
//! assert_eq!(page.render(&context! { v: "Joel is" }, &NoServices)?, "Joel… Joel … <b>one …</b>");
//! # Ok::<(), nuages_template::Error>(())
//! ```

use crate::error::Error;
use crate::library::FilterCall;
use crate::text::Truncator;
use crate::value::Value;

type Result<'r> = std::result::Result<Value<'r>, Error>;

/// The argument; nothing for text that is no number.
fn limit(call: &FilterCall<'_>) -> std::result::Result<Option<i64>, Error> {
    match call.argument() {
        Some(argument) if !argument.is_number_or_text() => {
            Err(Error::wrong_type("the argument is not a number"))
        }
        _ => Ok(call.int()),
    }
}

/// So many characters at most, the ellipsis counted in.
pub(super) fn truncatechars<'r>(value: Value<'r>, call: &FilterCall<'r>) -> Result<'r> {
    let Some(limit) = limit(call)? else {
        return Ok(value);
    };
    Ok(Value::from(Truncator::new(&value.to_text()).chars(limit)))
}

/// So many words at most.
pub(super) fn truncatewords<'r>(value: Value<'r>, call: &FilterCall<'r>) -> Result<'r> {
    let Some(limit) = limit(call)? else {
        return Ok(value);
    };
    let text = value.to_text();
    Ok(Value::from(
        Truncator::new(&text).ellipsis(" …").words(limit),
    ))
}

/// So many characters of text at most; tags do not count, and what is open is closed.
pub(super) fn truncatechars_html<'r>(value: Value<'r>, call: &FilterCall<'r>) -> Result<'r> {
    let Some(limit) = limit(call)? else {
        return Ok(value);
    };
    Ok(Value::from(
        Truncator::new(&value.to_text()).html().chars(limit),
    ))
}

/// So many words of text at most; tags do not count, and what is open is closed.
pub(super) fn truncatewords_html<'r>(value: Value<'r>, call: &FilterCall<'r>) -> Result<'r> {
    let Some(limit) = limit(call)? else {
        return Ok(value);
    };
    let text = value.to_text();
    Ok(Value::from(
        Truncator::new(&text).html().ellipsis(" …").words(limit),
    ))
}

#[cfg(test)]
mod tests {
    use super::super::testing::render;

    #[test]
    fn text_is_cut_after_whole_characters() {
        assert_eq!(render("truncatechars:3", "añb"), "añb");
        assert_eq!(render("truncatechars:2", "añb"), "a…");
        assert_eq!(render("truncatechars:0", "abc"), "");
        assert_eq!(render("truncatechars:'x'", "abc"), "abc");
    }
}
