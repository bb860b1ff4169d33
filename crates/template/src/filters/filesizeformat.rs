//! `filesizeformat`: bytes for people, `13 KB`.
//!
//! ```
//! use nuages_template::{context, Engine, NoServices};
//! let page = Engine::default().from_str("{{ v|filesizeformat }}")?;
//! assert_eq!(page.render(&context! { v: 123_456_789 }, &NoServices)?, "117.7\u{a0}MB");
//! # Ok::<(), nuages_template::Error>(())
//! ```

use crate::error::Error;
use crate::formats::number_format;
use crate::library::FilterCall;
use crate::value::Value;

const UNITS: [&str; 5] = ["%s KB", "%s MB", "%s GB", "%s TB", "%s PB"];

pub(super) fn filesizeformat<'r>(
    value: Value<'r>,
    call: &FilterCall<'r>,
) -> Result<Value<'r>, Error> {
    let bytes = match &value {
        // Text has to be a whole number; a number may have a fraction, or more digits than 64 bits hold.
        Value::Str(_) | Value::Safe(_) => value
            .to_int()
            .and_then(|bytes| Value::Int(bytes).to_float()),
        _ => value.to_float().map(f64::trunc),
    };
    let bytes = bytes.filter(|bytes| bytes.is_finite()).unwrap_or(0.0);
    let sign = if bytes < 0.0 { "-" } else { "" };
    let mut size = bytes.abs();
    let locale = call.locale();
    let text = if size < 1024.0 {
        let count = Value::Float(size).to_int().unwrap_or(0);
        locale
            .ngettext("%(size)d byte", "%(size)d bytes", count)
            .replace("%(size)d", itoa::Buffer::new().format(count))
    } else {
        let mut unit = UNITS[0];
        for next in UNITS {
            unit = next;
            size /= 1024.0;
            if size < 1024.0 {
                break;
            }
        }
        let number = Value::from(format!("{size:.1}"));
        locale
            .gettext(unit)
            .replace("%s", &number_format(&number, Some(1), &locale))
    };
    // Spaces that do not break.
    Ok(Value::from(format!(
        "{sign}{}",
        text.replace(' ', "\u{a0}")
    )))
}
