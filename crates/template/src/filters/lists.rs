//! `first`, `last`, `length`, `join`, `slice`, `make_list`, `random`.
//!
//! ```
//! use nuages_template::{context, Engine, NoServices};
//! let page = Engine::default()
//!     .from_str("{{ v|first }} {{ v|last }} {{ v|length }} {{ v|slice:'1:'|join:'-' }} {{ v.0|make_list|join:'.' }}")?;
//! assert_eq!(page.render(&context! { v: vec!["ab", "c", "d"] }, &NoServices)?, "ab d 3 c-d a.b");
//! # Ok::<(), nuages_template::Error>(())
//! ```

use std::borrow::Cow;

use crate::chance::Chance;
use crate::error::Error;
use crate::escape::conditional_escape;
use crate::library::FilterCall;
use crate::list::List;
use crate::object::Kind;
use crate::value::Value;

type Result<'r> = std::result::Result<Value<'r>, Error>;

/// The first item, or character.
pub(super) fn first<'r>(value: Value<'r>, call: &FilterCall<'r>) -> Result<'r> {
    if !is_sequence(&value) {
        return Err(Error::wrong_type("the value has no first item"));
    }
    Ok(call.index(&value, 0).unwrap_or(Value::from("")))
}

/// The last item, or character.
pub(super) fn last<'r>(value: Value<'r>, call: &FilterCall<'r>) -> Result<'r> {
    let items = call.items(&value).filter(|_| is_sequence(&value));
    let Some(mut items) = items else {
        return Err(Error::wrong_type("the value has no last item"));
    };
    Ok(items.pop().unwrap_or(Value::from("")))
}

/// How many items or characters there are; zero for what has none.
pub(super) fn length<'r>(value: Value<'r>, _: &FilterCall<'r>) -> Result<'r> {
    Ok(Value::from(value.len().unwrap_or(0)))
}

/// The items as one text, with the argument between them.
pub(super) fn join<'r>(value: Value<'r>, call: &FilterCall<'r>) -> Result<'r> {
    let Some(separator) = call.argument() else {
        return Ok(value);
    };
    if !call.autoescape() && separator.as_str().is_none() {
        return Err(Error::value("the separator is no text"));
    }
    let Some(items) = call.items(&value) else {
        return Ok(value);
    };
    let mut out = String::new();
    if call.autoescape() {
        let separator = conditional_escape(separator);
        for (index, item) in items.iter().enumerate() {
            if index > 0 {
                out.push_str(&separator);
            }
            out.push_str(&conditional_escape(item));
            call.check_length(out.len())?;
        }
        return Ok(Value::Safe(Cow::Owned(out)));
    }
    let separator = separator.as_str().unwrap_or("");
    for (index, item) in items.iter().enumerate() {
        if index > 0 {
            out.push_str(separator);
        }
        match item.as_str() {
            Some(text) => out.push_str(text),
            // Python cannot join what is not text; the filter fails silently.
            None => return Ok(value),
        }
        call.check_length(out.len())?;
    }
    Ok(Value::Safe(Cow::Owned(out)))
}

/// A part: `"1:3"`, `":-2"`, `"::2"`.
pub(super) fn slice<'r>(value: Value<'r>, call: &FilterCall<'r>) -> Result<'r> {
    let bounds = call.text().and_then(|text| parse_bounds(&text));
    let Some(bounds) = bounds.filter(|_| is_sequence(&value)) else {
        return Ok(value);
    };
    let Some(items) = call.items(&value) else {
        return Ok(value);
    };
    let chosen = bounds
        .indices(items.len())
        .map(|index| items[index].clone());
    if value.as_str().is_some() {
        let text: String = chosen.map(|part| part.to_text().into_owned()).collect();
        return Ok(Value::from(text));
    }
    let chosen: Vec<Value<'r>> = chosen.collect();
    Ok(if is_tuple(&value) {
        Value::List(List::tuple(chosen))
    } else {
        Value::list(chosen)
    })
}

/// The characters of a text, or the digits of a number.
pub(super) fn make_list<'r>(value: Value<'r>, call: &FilterCall<'r>) -> Result<'r> {
    Ok(Value::list(call.items(&value).unwrap_or_default()))
}

/// One of the items.
pub(super) fn random<'r>(value: Value<'r>, call: &FilterCall<'r>) -> Result<'r> {
    let Some(items) = call.items(&value) else {
        return Err(Error::wrong_type("the value has no items"));
    };
    let index = Chance::new().below(items.len());
    Ok(items.get(index).cloned().unwrap_or(Value::from("")))
}

/// Has it items by number? A dictionary and a set have not.
fn is_sequence(value: &Value<'_>) -> bool {
    match value.as_object() {
        Some(object) => {
            !matches!(object.kind(), Kind::Map | Kind::Set) && object.iterate().is_some()
        }
        None => value.iterate().is_some(),
    }
}

fn is_tuple(value: &Value<'_>) -> bool {
    match value {
        Value::List(items) => items.is_tuple(),
        _ => value
            .as_object()
            .is_some_and(|object| object.kind() == Kind::Tuple),
    }
}

/// Python's slice.
#[derive(Clone, Copy)]
struct Bounds {
    start: Option<i64>,
    stop: Option<i64>,
    step: i64,
}

fn parse_bounds(text: &str) -> Option<Bounds> {
    let mut parts = Vec::new();
    for part in text.split(':').take(4) {
        parts.push(if part.is_empty() {
            None
        } else {
            Some(Value::from(part).to_int()?)
        });
    }
    let (start, stop, step) = match parts.as_slice() {
        [stop] => (None, *stop, None),
        [start, stop] => (*start, *stop, None),
        [start, stop, step] => (*start, *stop, *step),
        _ => return None,
    };
    Some(Bounds {
        start,
        stop,
        step: step.unwrap_or(1),
    })
    .filter(|bounds| bounds.step != 0)
}

impl Bounds {
    fn indices(self, length: usize) -> impl Iterator<Item = usize> {
        let length = i64::try_from(length).unwrap_or(i64::MAX);
        let (lowest, highest) = if self.step > 0 {
            (0, length)
        } else {
            (-1, length - 1)
        };
        let place = |bound: Option<i64>, default: i64| match bound {
            None => default,
            Some(bound) if bound < 0 => bound.saturating_add(length).max(lowest),
            Some(bound) => bound.min(highest),
        };
        let (start, stop) = if self.step > 0 {
            (place(self.start, lowest), place(self.stop, highest))
        } else {
            (place(self.start, highest), place(self.stop, lowest))
        };
        let step = self.step;
        std::iter::successors(Some(start), move |at| at.checked_add(step))
            .take_while(move |at| if step > 0 { *at < stop } else { *at > stop })
            .filter_map(|at| usize::try_from(at).ok())
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::render;

    #[test]
    fn slices_are_those_of_python() {
        for (bounds, expect) in [
            ("1:3", "bc"),
            (":-2", "abc"),
            ("-2:", "de"),
            ("::2", "ace"),
            ("::-1", "edcba"),
            ("3:0:-2", "db"),
            ("9:", ""),
            ("-9:2", "ab"),
            ("2", "ab"),
            ("x", "abcde"),
            ("::0", "abcde"),
        ] {
            assert_eq!(
                render(&format!("slice:'{bounds}'"), "abcde"),
                expect,
                "{bounds}"
            );
        }
    }
}
