//! `List`: a shared list of values.

use std::ops::Deref;
use std::sync::Arc;

use crate::value::Value;

/// A list of values that clones by counting, and that can be nested deeply without harm.
///
/// ```
/// use nuages_template::{List, Value};
/// let list = List::new(vec![Value::from(1), Value::from("a")]);
/// assert_eq!(list.len(), 2);
/// ```
#[derive(Clone, Debug, Default)]
pub struct List<'v>(Arc<Inner<'v>>);

/// Behind one pointer, so that a [`Value`] stays small.
#[derive(Debug, Default)]
struct Inner<'v> {
    items: Vec<Value<'v>>,
    shape: Shape,
}

/// How a list prints itself.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Shape {
    #[default]
    List,
    Tuple,
    /// A tuple whose items have names: the name of its type, and those of the items.
    Named(&'static str, &'static [&'static str]),
}

impl<'v> List<'v> {
    /// A list of these items.
    pub fn new(items: Vec<Value<'v>>) -> Self {
        Self(Arc::new(Inner {
            items,
            shape: Shape::List,
        }))
    }

    /// A list that prints itself as a Python tuple: `('a', 1)`.
    pub fn tuple(items: Vec<Value<'v>>) -> Self {
        Self(Arc::new(Inner {
            items,
            shape: Shape::Tuple,
        }))
    }

    /// A tuple whose items can be looked up by name, too (Python's `namedtuple`).
    ///
    /// ```
    /// use nuages_template::{List, Value};
    /// let point = Value::List(List::named("Point", &["x", "y"], vec![1.into(), 2.into()]));
    /// assert_eq!(point.attr("y").unwrap().to_text(), "2");
    /// assert_eq!(point.to_text(), "Point(x=1, y=2)");
    /// ```
    pub fn named(
        name: &'static str,
        fields: &'static [&'static str],
        items: Vec<Value<'v>>,
    ) -> Self {
        Self(Arc::new(Inner {
            items,
            shape: Shape::Named(name, fields),
        }))
    }

    /// The item with this name.
    pub fn field(&self, name: &str) -> Option<&Value<'v>> {
        let Shape::Named(_, fields) = self.0.shape else {
            return None;
        };
        self.0
            .items
            .get(fields.iter().position(|field| *field == name)?)
    }

    /// Does it print itself as a tuple?
    pub fn is_tuple(&self) -> bool {
        self.0.shape != Shape::List
    }

    pub(crate) fn shape(&self) -> Shape {
        self.0.shape
    }
}

impl<'v> Deref for List<'v> {
    type Target = [Value<'v>];

    fn deref(&self) -> &Self::Target {
        &self.0.items
    }
}

/// Lists in lists are taken apart in a loop: dropping a list nested 100,000 deep must not overflow the stack.
impl Drop for Inner<'_> {
    fn drop(&mut self) {
        if !self.items.iter().any(|item| matches!(item, Value::List(_))) {
            return;
        }
        let mut rest = std::mem::take(&mut self.items);
        while let Some(item) = rest.pop() {
            if let Value::List(mut list) = item
                && let Some(inner) = Arc::get_mut(&mut list.0)
            {
                rest.append(&mut inner.items);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_deep_list_is_dropped_without_recursion() {
        let mut value = Value::from(1);
        for _ in 0..200_000 {
            value = Value::list(vec![value]);
        }
        assert_eq!(value.len(), Some(1));
        drop(value);
    }
}
