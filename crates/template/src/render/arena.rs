//! `Arena`: what a rendering has to keep alive until it is over.
//!
//! Values borrow for as long as a rendering lasts.
//! A template that is included, an object that an attribute made, a string that a `{% with %}` holds:
//! each is put here once and borrowed from then on, without a lock and without `unsafe`.

use std::cell::{Cell, OnceCell};
use std::sync::Arc;

use crate::formats::LocaleState;
use crate::object::Object;
use crate::template::Compiled;

/// A list that only grows, and so can lend its items while it grows.
pub(crate) struct Kept<T> {
    len: Cell<usize>,
    chunks: [OnceCell<Box<[OnceCell<T>]>>; CHUNKS],
}

/// Chunk `k` holds `FIRST << k` items: 40 chunks are more than memory can hold.
const CHUNKS: usize = 40;
const FIRST: usize = 16;

impl<T> Default for Kept<T> {
    fn default() -> Self {
        Self {
            len: Cell::new(0),
            chunks: [const { OnceCell::new() }; CHUNKS],
        }
    }
}

impl<T> Kept<T> {
    /// Keeps the item and lends it.
    pub(crate) fn keep(&self, item: T) -> &T {
        let at = self.len.get();
        self.len.set(at + 1);
        let chunk = ((at / FIRST) + 1).ilog2() as usize;
        let start = FIRST * ((1 << chunk) - 1);
        let items = self.chunks[chunk]
            .get_or_init(|| (0..FIRST << chunk).map(|_| OnceCell::new()).collect());
        items[at - start].get_or_init(|| item)
    }
}

/// The kinds of things that renderings keep.
#[derive(Default)]
pub(crate) struct Arena {
    pub(crate) objects: Kept<Arc<dyn Object>>,
    pub(crate) strings: Kept<String>,
    pub(crate) templates: Kept<Arc<Compiled>>,
    /// The language and time zone that a rendering begins with: most need no other.
    pub(crate) first_locale: OnceCell<LocaleState>,
    pub(crate) locales: Kept<LocaleState>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_item_stays_where_it_is() {
        let kept = Kept::default();
        let items: Vec<&String> = (0..1000).map(|n: usize| kept.keep(n.to_string())).collect();
        assert!(
            items
                .iter()
                .enumerate()
                .all(|(n, item)| **item == n.to_string())
        );
    }
}
