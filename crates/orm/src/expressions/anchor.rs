//! Where a path begins and which way it goes: what makes captured outer columns work.

use std::sync::Arc;

use crate::meta::{FieldMeta, ModelMeta};

/// The identity of one queryset: every path made by it carries it.
///
/// Two querysets over the same model have two roots, so that a column of an enclosing queryset
/// inside of a subquery is known to be the outer one, without a name for it.
#[derive(Debug, Clone)]
pub(crate) struct Root {
    meta: &'static ModelMeta,
    /// Its address is what tells it from others.
    identity: Arc<()>,
}

impl Root {
    pub(crate) fn new(meta: &'static ModelMeta) -> Self {
        Self {
            meta,
            identity: Arc::new(()),
        }
    }

    pub(crate) fn meta(&self) -> &'static ModelMeta {
        self.meta
    }

    pub(crate) fn is(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.identity, &other.identity)
    }
}

/// A model at the end of a path: the queryset's own, or one that relations lead to.
#[derive(Debug, Clone)]
pub struct Anchor {
    pub(crate) root: Root,
    /// The foreign keys on the way.
    pub(crate) hops: Vec<&'static FieldMeta>,
}

impl Anchor {
    pub(crate) fn of(root: &Root) -> Self {
        Self {
            root: root.clone(),
            hops: Vec::new(),
        }
    }

    /// One relation further.
    pub(crate) fn hop(&self, field: &'static FieldMeta) -> Self {
        let mut hops = Vec::with_capacity(self.hops.len() + 1);
        hops.extend_from_slice(&self.hops);
        hops.push(field);
        Self {
            root: self.root.clone(),
            hops,
        }
    }
}

/// The struct with a method for each column that a derive writes.
#[doc(hidden)]
pub trait ModelPath: Clone {
    /// The columns of the model at this place.
    fn at(anchor: Anchor) -> Self;
    /// The place.
    fn anchor(&self) -> &Anchor;
}
