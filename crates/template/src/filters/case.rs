//! `lower`, `upper`, `title`, `capfirst`: the case of letters.
//!
//! ```
//! use nuages_template::{context, Engine, NoServices};
//! let page = Engine::default().from_str("{{ v|lower }} {{ v|upper }} {{ v|title }} {{ v|capfirst }}")?;
//! assert_eq!(page.render(&context! { v: "red bAR" }, &NoServices)?, "red bar RED BAR Red Bar Red bAR");
//! # Ok::<(), nuages_template::Error>(())
//! ```

use crate::chars::push_title;
use crate::error::Error;
use crate::library::FilterCall;
use crate::text;
use crate::value::Value;

type Result<'r> = std::result::Result<Value<'r>, Error>;

/// Small letters.
pub(super) fn lower<'r>(value: Value<'r>, _: &FilterCall<'r>) -> Result<'r> {
    Ok(Value::from(value.to_text().to_lowercase()))
}

/// Capital letters. Not safe even for safe input: `&lt;` would become `&LT;`.
pub(super) fn upper<'r>(value: Value<'r>, _: &FilterCall<'r>) -> Result<'r> {
    Ok(Value::from(value.to_text().to_uppercase()))
}

/// The first letter as a capital.
pub(super) fn capfirst<'r>(value: Value<'r>, _: &FilterCall<'r>) -> Result<'r> {
    Ok(Value::from(text::capfirst(&value.to_text())))
}

/// The first letter of each word as a capital; a letter behind an apostrophe or a digit does not begin a word.
pub(super) fn title<'r>(value: Value<'r>, _: &FilterCall<'r>) -> Result<'r> {
    let text = value.to_text();
    let mut out = String::with_capacity(text.len());
    let (mut before, mut last) = (' ', ' ');
    for c in text.chars() {
        let start = out.len();
        if last.is_lowercase() || last.is_uppercase() {
            out.extend(c.to_lowercase());
        } else {
            push_title(&mut out, c);
        }
        let apostrophe = last == '\'' && before.is_ascii_lowercase();
        if (apostrophe || last.is_numeric())
            && out[start..].starts_with(|c: char| c.is_ascii_uppercase())
        {
            out[start..].make_ascii_lowercase();
        }
        before = last;
        last = out[start..].chars().last().unwrap_or(c);
    }
    Ok(Value::from(out))
}
