//! `filesizeformat`: bytes for people, `13 KB`.
//!
//! ```
//! use nuages_template::{context, Engine, NoServices};
//! let page = Engine::default().from_str("{{ v|filesizeformat }}")?;
//! assert_eq!(page.render(&context! { v: 123_456_789 }, &NoServices)?, "117.7\u{a0}MB");
//! # Ok::<(), nuages_template::Error>(())
//! ```

use crate::error::Error;
use crate::library::FilterCall;
use crate::value::Value;

const UNITS: [&str; 5] = ["KB", "MB", "GB", "TB", "PB"];

pub(super) fn filesizeformat<'r>(value: Value<'r>, _: &FilterCall<'r>) -> Result<Value<'r>, Error> {
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
    if size < 1024.0 {
        return Ok(Value::from(format!(
            "{sign}{size}\u{a0}byte{}",
            if (size - 1.0).abs() < f64::EPSILON {
                ""
            } else {
                "s"
            }
        )));
    }
    let mut unit = UNITS[0];
    for next in UNITS {
        unit = next;
        size /= 1024.0;
        if size < 1024.0 {
            break;
        }
    }
    Ok(Value::from(format!("{sign}{size:.1}\u{a0}{unit}")))
}
