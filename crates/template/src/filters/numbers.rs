//! `add`, `divisibleby`, `get_digit`.
//!
//! ```
//! use nuages_template::{context, Engine, NoServices};
//! let page = Engine::default().from_str("{{ v|add:'2' }} {{ v|divisibleby:3 }} {{ 123|get_digit:2 }}")?;
//! assert_eq!(page.render(&context! { v: 4 }, &NoServices)?, "6 False 2");
//! # Ok::<(), nuages_template::Error>(())
//! ```

use crate::error::{Error, ErrorKind};
use crate::library::FilterCall;
use crate::list::List;
use crate::value::Value;

type Result<'r> = std::result::Result<Value<'r>, Error>;

/// The sum of numbers, else the two texts or lists one after the other, else nothing.
pub(super) fn add<'r>(value: Value<'r>, call: &FilterCall<'r>) -> Result<'r> {
    let Some(other) = call.argument() else {
        return Ok(value);
    };
    if let (Some(left), Some(right)) = (value.to_wide(), other.to_wide())
        && let Some(sum) = left.checked_add(right)
    {
        return Ok(Value::from(sum));
    }
    if let (Some(left), Some(right)) = (value.as_str(), other.as_str()) {
        let text = format!("{left}{right}");
        let safe = value.is_safe() && other.is_safe();
        return Ok(if safe {
            Value::assert_safe(text)
        } else {
            Value::from(text)
        });
    }
    Ok(match (&value, other) {
        (Value::Duration(length), Value::Date(date))
        | (Value::Date(date), Value::Duration(length)) => date.checked_add(*length).ok().into(),
        (Value::DateTime(at), Value::Duration(length)) => at.checked_add(*length).ok().into(),
        (Value::Timestamp(at), Value::Duration(length)) => at.checked_add(*length).ok().into(),
        (Value::Duration(left), Value::Duration(right)) => left.checked_add(*right).into(),
        _ => add_lists(&value, other, call),
    })
}

/// Lists with lists, tuples with tuples; Python adds nothing else.
fn add_lists<'r>(value: &Value<'r>, other: &Value<'r>, call: &FilterCall<'r>) -> Value<'r> {
    let (Some(tuple), Some(other_tuple)) = (shape(value), shape(other)) else {
        return Value::from("");
    };
    let (Some(mut items), Some(more)) = (call.items(value), call.items(other)) else {
        return Value::from("");
    };
    if tuple != other_tuple {
        return Value::from("");
    }
    items.extend(more);
    if tuple {
        Value::List(List::tuple(items))
    } else {
        Value::list(items)
    }
}

/// Is it a tuple (true), a list (false), or neither?
fn shape(value: &Value<'_>) -> Option<bool> {
    use crate::object::Kind;
    match value {
        Value::List(items) => Some(items.is_tuple()),
        _ => match value.as_object()?.kind() {
            Kind::List => Some(false),
            Kind::Tuple => Some(true),
            _ => None,
        },
    }
}

/// Does the argument divide the value without a rest?
pub(super) fn divisibleby<'r>(value: Value<'r>, call: &FilterCall<'r>) -> Result<'r> {
    let number = whole(&value)?;
    let by = whole(call.argument().unwrap_or(&Value::None))?;
    match number.checked_rem(by) {
        Some(rest) => Ok(Value::Bool(rest == 0)),
        None if by == -1 => Ok(Value::Bool(true)),
        None => Err(Error::new(ErrorKind::Division, "integer modulo by zero")),
    }
}

/// The whole number that a value is, or Python's error.
fn whole(value: &Value<'_>) -> std::result::Result<i128, Error> {
    value.to_wide().ok_or_else(|| {
        if value.is_number_or_text() {
            Error::value("the value is no whole number")
        } else {
            Error::wrong_type("the value is no number")
        }
    })
}

/// A digit of a whole number, the rightmost one is the first.
pub(super) fn get_digit<'r>(value: Value<'r>, call: &FilterCall<'r>) -> Result<'r> {
    let place = whole(call.argument().unwrap_or(&Value::None));
    let (number, place) = match place.and_then(|place| Ok((whole(&value)?, place))) {
        Ok(both) => both,
        Err(error) if error.kind() == ErrorKind::Type => return Err(error),
        Err(_) => return Ok(value),
    };
    if place < 1 {
        return Ok(Value::from(number));
    }
    let text = number.to_string();
    let digit = usize::try_from(place)
        .ok()
        .and_then(|place| text.bytes().nth_back(place - 1));
    match digit {
        Some(digit) if digit.is_ascii_digit() => Ok(Value::Int(i64::from(digit - b'0'))),
        Some(_) => Err(Error::value("the digit of a sign")),
        None => Ok(Value::Int(0)),
    }
}
