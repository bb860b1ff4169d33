//! `wordcount`, `wordwrap`, `cut`, `phone2numeric`.
//!
//! ```
//! use nuages_template::{context, Engine, NoServices};
//! let page = Engine::default().from_str("{{ v|wordcount }} {{ v|wordwrap:5 }} {{ v|cut:' ' }} {{ '800-COLLECT'|phone2numeric }}")?;
//! assert_eq!(page.render(&context! { v: "Joel is a slug" }, &NoServices)?, "4 Joel\nis a\nslug Joelisaslug 800-2655328");
//! # Ok::<(), nuages_template::Error>(())
//! ```

use crate::chars::split_spaces;
use crate::error::Error;
use crate::library::FilterCall;
use crate::text::{self, wrap};
use crate::value::Value;

type Result<'r> = std::result::Result<Value<'r>, Error>;

/// How many words there are.
pub(super) fn wordcount<'r>(value: Value<'r>, _: &FilterCall<'r>) -> Result<'r> {
    Ok(Value::from(split_spaces(&value.to_text()).count()))
}

/// The text without the argument. Removing `;` could make an entity of safe text: then it is not safe any more.
pub(super) fn cut<'r>(value: Value<'r>, call: &FilterCall<'r>) -> Result<'r> {
    let part = call
        .argument()
        .and_then(Value::as_str)
        .ok_or_else(|| Error::wrong_type("what to cut is no text"))?;
    let text = if part.is_empty() {
        value.to_text().into_owned()
    } else {
        value.to_text().replace(part, "")
    };
    Ok(if value.is_safe() && part != ";" {
        Value::assert_safe(text)
    } else {
        Value::from(text)
    })
}

/// Letters as the digits of a telephone.
pub(super) fn phone2numeric<'r>(value: Value<'r>, _: &FilterCall<'r>) -> Result<'r> {
    let Some(text) = value.as_str() else {
        return Err(Error::value("phone2numeric works on text"));
    };
    Ok(Value::from(text::phone2numeric(text)))
}

/// Lines of at most so many characters; a longer word has a line of its own.
pub(super) fn wordwrap<'r>(value: Value<'r>, call: &FilterCall<'r>) -> Result<'r> {
    let width = usize::try_from(call.number()?)
        .ok()
        .filter(|width| *width > 0);
    let Some(width) = width else {
        if value.as_str() == Some("") {
            return Ok(value);
        }
        return Err(Error::value("the width has to be above zero"));
    };
    Ok(Value::from(wrap(&value.to_text(), width)))
}
