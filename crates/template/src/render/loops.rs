//! Loops: the state of `{% for %}` without a dictionary, and `forloop` as a value when one is asked for.

use std::sync::Arc;

use crate::object::{Entries, Items, Kind, Object};
use crate::syntax::Segment;
use crate::value::Value;

/// A running loop.
#[derive(Debug, Default)]
pub(crate) struct Loop<'r> {
    pub(crate) index: usize,
    pub(crate) len: usize,
    /// What `{% ifchanged %}` tags in this loop saw last, by the tag's address.
    pub(crate) changed: Vec<(usize, Changed<'r>)>,
}

/// What an `{% ifchanged %}` saw last.
#[derive(Debug)]
pub(crate) enum Changed<'r> {
    Output(String),
    Values(Vec<Value<'r>>),
}

/// The part of a loop that templates see.
#[derive(Clone, Copy)]
struct Position {
    index: usize,
    len: usize,
}

impl Position {
    fn get(self, name: &str) -> Option<Value<'static>> {
        let Self { index, len } = self;
        Some(match name {
            "counter" => Value::from(index + 1),
            "counter0" => Value::from(index),
            "revcounter" => Value::from(len - index),
            "revcounter0" => Value::from(len - index - 1),
            "first" => Value::Bool(index == 0),
            "last" => Value::Bool(index + 1 == len),
            "length" => Value::from(len),
            _ => return None,
        })
    }
}

/// The value of `forloop` followed by a path; the innermost loop is the last of `loops`.
pub(crate) fn forloop_path<'r>(loops: &[Loop<'_>], path: &'r [Segment]) -> Option<Value<'r>> {
    let mut level = loops.len();
    let mut path = path;
    while let [Segment { name, .. }, rest @ ..] = path {
        if &**name != "parentloop" {
            let current = loops.get(level.checked_sub(1)?)?;
            let position = Position {
                index: current.index,
                len: current.len,
            };
            return rest.is_empty().then(|| position.get(name)).flatten();
        }
        level = level.checked_sub(1)?;
        path = rest;
    }
    let positions = loops
        .get(..level)?
        .iter()
        .map(|of| Position {
            index: of.index,
            len: of.len,
        })
        .collect();
    Some(Value::Shared(Arc::new(Forloop { positions })))
}

/// `forloop` as a value of its own, for `{% include .. with outer=forloop %}`.
struct Forloop {
    positions: Vec<Position>,
}

const NAMES: [&str; 7] = [
    "length",
    "counter0",
    "counter",
    "revcounter",
    "revcounter0",
    "first",
    "last",
];

impl Object for Forloop {
    fn kind(&self) -> Kind {
        Kind::Map
    }

    fn attr(&self, name: &str) -> Option<Value<'_>> {
        match (name, self.positions.as_slice()) {
            ("parentloop", [outer @ .., _]) => Some(Value::Shared(Arc::new(Forloop {
                positions: outer.to_vec(),
            }))),
            (_, [.., last]) => last.get(name),
            _ => None,
        }
    }

    fn iterate(&self) -> Option<Items<'_>> {
        Some(Box::new(self.entries()?.map(|(key, _)| key)))
    }

    fn entries(&self) -> Option<Entries<'_>> {
        let names: &[&str] = if self.positions.is_empty() {
            &[]
        } else {
            &NAMES
        };
        let parent = self
            .attr("parentloop")
            .map(|parent| (Value::from("parentloop"), parent));
        Some(Box::new(parent.into_iter().chain(names.iter().filter_map(
            |name| Some((Value::from(*name), self.attr(name)?)),
        ))))
    }

    fn len(&self) -> Option<usize> {
        Some(if self.positions.is_empty() {
            0
        } else {
            NAMES.len() + 1
        })
    }
}
