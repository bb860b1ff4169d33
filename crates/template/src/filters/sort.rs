//! `dictsort` and `dictsortreversed`: a list of objects sorted by an attribute.
//!
//! ```
//! use nuages_template::{context, Engine, NoServices};
//! let page = Engine::default().from_str("{% for p in v|dictsort:1 %}{{ p.0 }}{% endfor %}")?;
//! assert_eq!(page.render(&context! { v: vec![("a", 2), ("b", 1)] }, &NoServices)?, "ba");
//! # Ok::<(), nuages_template::Error>(())
//! ```
//!
//! # Security
//! The attribute may come from a visitor: names with an underscore in front are refused,
//! and nothing is called on the way, so that sorting by `password.0` or `delete` tells and does nothing.

use std::cmp::Ordering;

use crate::compare::{equal, order};
use crate::error::Error;
use crate::library::FilterCall;
use crate::value::Value;

/// Sorted by the attribute that the argument names.
pub(super) fn dictsort<'r>(value: Value<'r>, call: &FilterCall<'r>) -> Result<Value<'r>, Error> {
    Ok(sorted(&value, call, false).unwrap_or(Value::from("")))
}

/// The same, the largest first.
pub(super) fn dictsortreversed<'r>(
    value: Value<'r>,
    call: &FilterCall<'r>,
) -> Result<Value<'r>, Error> {
    Ok(sorted(&value, call, true).unwrap_or(Value::from("")))
}

fn sorted<'r>(value: &Value<'r>, call: &FilterCall<'r>, reversed: bool) -> Option<Value<'r>> {
    let argument = call.argument().filter(|key| key.is_number_or_text())?;
    let mut keyed: Vec<(Value<'r>, Value<'r>)> = Vec::new();
    for item in call.items(value)? {
        keyed.push((key(&item, argument, call)?, item));
    }
    // Keys that have no order among them cannot be sorted: found out before, so that sorting is total.
    if keyed
        .windows(2)
        .any(|pair| compare(&pair[0].0, &pair[1].0).is_none())
    {
        return None;
    }
    keyed.sort_by(|left, right| {
        let order = compare(&left.0, &right.0).unwrap_or(Ordering::Equal);
        if reversed { order.reverse() } else { order }
    });
    Some(Value::list(
        keyed.into_iter().map(|(_, item)| item).collect(),
    ))
}

fn compare(left: &Value<'_>, right: &Value<'_>) -> Option<Ordering> {
    if equal(left, right) && !left.is_none() {
        Some(Ordering::Equal)
    } else {
        order(left, right)
    }
}

/// The item at an index, which counts from the end when it is negative.
fn at<'r>(item: &Value<'r>, index: i64, call: &FilterCall<'r>) -> Option<Value<'r>> {
    if let Ok(index) = usize::try_from(index) {
        return call.index(item, index);
    }
    let back = usize::try_from(index.unsigned_abs()).ok()?;
    call.items(item)?.into_iter().nth_back(back - 1)
}

/// The attribute of an item: a path of names, or an index.
fn key<'r>(item: &Value<'r>, argument: &Value<'r>, call: &FilterCall<'r>) -> Option<Value<'r>> {
    if let Some(text) = argument
        .as_str()
        .filter(|text| text.trim().parse::<f64>().is_err())
    {
        if text.starts_with('_') || text.contains("._") {
            return None;
        }
        let mut found = item.clone();
        for part in text.split('.') {
            found = call.attr(&found, part)?;
        }
        return Some(found);
    }
    match argument {
        Value::Int(index) => at(item, *index, call),
        Value::Bool(yes) => at(item, (*yes).into(), call),
        _ => call.attr(item, &argument.to_text()),
    }
}
