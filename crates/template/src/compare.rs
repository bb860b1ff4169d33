//! Python's comparisons: `==`, `<`, `in`, `is`.

use std::cmp::Ordering;

use crate::decimal::Decimal;
use crate::object::Object;
use crate::value::Value;

/// The comparison operators of `{% if %}`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Comparison {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    In,
    NotIn,
    Is,
    IsNot,
}

/// So many bytes of text are compared in the time that an item of a list takes.
const BYTES_A_STEP: usize = 256;

/// How deep nested lists are compared.
const DEEPEST: usize = 64;

impl Comparison {
    /// How many items the operator looks at, with this on its right.
    pub(crate) fn items(self, right: &Value<'_>) -> usize {
        if !matches!(self, Self::In | Self::NotIn | Self::Equal | Self::NotEqual) {
            return 0;
        }
        match right {
            Value::List(items) => items.len(),
            Value::Str(text) | Value::Safe(text) => text.len() / BYTES_A_STEP,
            Value::Object(_) | Value::Shared(_) if matches!(self, Self::In | Self::NotIn) => {
                let object = right
                    .as_object()
                    .filter(|object| object.entries().is_none());
                object.and_then(Object::len).unwrap_or(0)
            }
            _ => 0,
        }
    }

    /// The result. Values that cannot be compared are not in any relation, as in Django's `{% if %}`.
    pub(crate) fn holds(self, left: &Value<'_>, right: &Value<'_>) -> bool {
        let order = || order(left, right);
        match self {
            Self::Equal => equal(left, right),
            Self::NotEqual => !equal(left, right),
            Self::Less => order() == Some(Ordering::Less),
            Self::LessOrEqual => matches!(order(), Some(Ordering::Less | Ordering::Equal)),
            Self::Greater => order() == Some(Ordering::Greater),
            Self::GreaterOrEqual => matches!(order(), Some(Ordering::Greater | Ordering::Equal)),
            Self::In => contains(right, left) == Some(true),
            Self::NotIn => contains(right, left) == Some(false),
            Self::Is => same(left, right),
            Self::IsNot => !same(left, right),
        }
    }
}

/// `left == right`.
pub(crate) fn equal(left: &Value<'_>, right: &Value<'_>) -> bool {
    equal_at(left, right, 0)
}

fn equal_at(left: &Value<'_>, right: &Value<'_>, depth: usize) -> bool {
    if let (Some(left), Some(right)) = (left.as_str(), right.as_str()) {
        return left == right;
    }
    match (left, right) {
        (Value::None, Value::None) => return true,
        (Value::Int(left), Value::Int(right)) => return left == right,
        (Value::Date(left), Value::Date(right)) => return left == right,
        (Value::Time(left), Value::Time(right)) => return left == right,
        (Value::DateTime(left), Value::DateTime(right)) => return left == right,
        (Value::Duration(left), Value::Duration(right)) => return left == right,
        _ => {}
    }
    if let (Some(left), Some(right)) = (instant(left), instant(right)) {
        return left == right;
    }
    if let Some(order) = order_numbers(left, right) {
        return order == Ordering::Equal;
    }
    if let (Some(left), Some(right)) = (left.as_object(), right.as_object())
        && let Some(answer) = equal_objects(left, right)
    {
        return answer;
    }
    depth < DEEPEST && equal_items(left, right, depth)
}

fn equal_objects(left: &dyn Object, right: &dyn Object) -> Option<bool> {
    if std::ptr::addr_eq(left, right) {
        return Some(true);
    }
    match (left.identity(), right.identity()) {
        (Some(left), Some(right)) => Some(left.0 == right.0 && equal(&left.1, &right.1)),
        _ => None,
    }
}

fn equal_items(left: &Value<'_>, right: &Value<'_>, depth: usize) -> bool {
    if left.as_str().is_some() || right.as_str().is_some() {
        return false;
    }
    if let (Some(left), Some(right)) = (left.as_object(), right.as_object())
        && let (Some(left), Some(_)) = (left.entries(), right.entries())
    {
        let mut count = 0;
        for (key, value) in left {
            count += 1;
            if !right
                .attr(&key.to_text())
                .is_some_and(|other| equal_at(&value, &other, depth + 1))
            {
                return false;
            }
        }
        return right.len() == Some(count);
    }
    let (Some(mut left), Some(mut right)) = (left.iterate(), right.iterate()) else {
        return false;
    };
    loop {
        match (left.next(), right.next()) {
            (None, None) => return true,
            (Some(left), Some(right)) if equal_at(&left, &right, depth + 1) => {}
            _ => return false,
        }
    }
}

/// The order of two values, if they have one.
pub(crate) fn order(left: &Value<'_>, right: &Value<'_>) -> Option<Ordering> {
    order_at(left, right, 0)
}

fn order_at(left: &Value<'_>, right: &Value<'_>, depth: usize) -> Option<Ordering> {
    if let (Some(left), Some(right)) = (left.as_str(), right.as_str()) {
        return Some(left.cmp(right));
    }
    match (left, right) {
        (Value::Date(left), Value::Date(right)) => return Some(left.cmp(right)),
        (Value::Time(left), Value::Time(right)) => return Some(left.cmp(right)),
        (Value::DateTime(left), Value::DateTime(right)) => return Some(left.cmp(right)),
        (Value::Duration(left), Value::Duration(right)) => return Some(left.cmp(right)),
        _ => {}
    }
    if let (Some(left), Some(right)) = (instant(left), instant(right)) {
        return Some(left.cmp(&right));
    }
    order_numbers(left, right).or_else(|| order_items(left, right, depth))
}

fn order_items(left: &Value<'_>, right: &Value<'_>, depth: usize) -> Option<Ordering> {
    if depth >= DEEPEST || left.as_str().is_some() || right.as_str().is_some() {
        return None;
    }
    let (mut left, mut right) = (left.iterate()?, right.iterate()?);
    loop {
        match (left.next(), right.next()) {
            (None, None) => return Some(Ordering::Equal),
            (None, Some(_)) => return Some(Ordering::Less),
            (Some(_), None) => return Some(Ordering::Greater),
            (Some(left), Some(right)) => {
                if !equal_at(&left, &right, depth + 1) {
                    return order_at(&left, &right, depth + 1);
                }
            }
        }
    }
}

fn instant(value: &Value<'_>) -> Option<jiff::Timestamp> {
    match value {
        Value::Timestamp(at) => Some(*at),
        Value::Zoned(at) | Value::Local(at) => Some(at.timestamp()),
        _ => None,
    }
}

fn order_numbers(left: &Value<'_>, right: &Value<'_>) -> Option<Ordering> {
    match (whole(left), whole(right)) {
        (Some(left), Some(right)) => return Some(left.cmp(&right)),
        _ if !is_number(left) || !is_number(right) => return None,
        _ => {}
    }
    if let (Value::Float(left), Value::Float(right)) = (left, right) {
        return left.partial_cmp(right);
    }
    // Exact: a 64-bit integer has more digits than a float can hold.
    Some(Decimal::from_value(left)?.compare(&Decimal::from_value(right)?))
}

fn whole(value: &Value<'_>) -> Option<i64> {
    match value {
        Value::Int(number) => Some(*number),
        Value::Bool(yes) => Some((*yes).into()),
        _ => None,
    }
}

fn is_number(value: &Value<'_>) -> bool {
    matches!(
        value,
        Value::Int(_) | Value::Bool(_) | Value::Float(_) | Value::Decimal(_)
    )
}

/// `item in container`; nothing when the container is none.
pub(crate) fn contains(container: &Value<'_>, item: &Value<'_>) -> Option<bool> {
    if let Some(text) = container.as_str() {
        return item.as_str().map(|part| text.contains(part));
    }
    if let Some(object) = container.as_object()
        && object.entries().is_some()
        && let Some(key) = item.as_str()
    {
        return Some(object.attr(key).is_some());
    }
    Some(container.iterate()?.any(|known| equal(&known, item)))
}

/// `left is right`.
fn same(left: &Value<'_>, right: &Value<'_>) -> bool {
    match (left, right) {
        (Value::None, Value::None) => true,
        (Value::Bool(left), Value::Bool(right)) => left == right,
        (Value::Int(left), Value::Int(right)) => left == right,
        (Value::Str(left), Value::Str(right)) | (Value::Safe(left), Value::Safe(right)) => {
            left == right
        }
        _ => match (left.as_object(), right.as_object()) {
            (Some(left), Some(right)) => std::ptr::addr_eq(left, right),
            _ => false,
        },
    }
}
