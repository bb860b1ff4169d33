//! `Query`: a queryset without its model's type.

use crate::expressions::{Node, OrderNode, Root};
use crate::meta::ModelMeta;
use crate::relations::RelationPath;
use crate::rows::Branch;

/// A queryset without its model's type.
#[derive(Debug, Clone)]
pub(crate) struct Query {
    pub(crate) root: Root,
    pub(crate) filter: Option<Node>,
    pub(crate) order: Ordering,
    pub(crate) reversed: bool,
    pub(crate) limit: Option<u64>,
    pub(crate) offset: Option<u64>,
    pub(crate) distinct: bool,
    /// Known to have no rows.
    pub(crate) empty: bool,
    /// The relations that are loaded with the rows.
    pub(crate) branches: Vec<Branch>,
    /// What is selected in place of the model's columns.
    pub(crate) selected: Vec<Node>,
}

/// In which order.
#[derive(Debug, Clone)]
pub(crate) enum Ordering {
    /// The model's own.
    Default,
    By(Vec<OrderNode>),
}

impl Query {
    pub(crate) fn new(meta: &'static ModelMeta) -> Self {
        Self {
            root: Root::new(meta),
            filter: None,
            order: Ordering::Default,
            reversed: false,
            limit: None,
            offset: None,
            distinct: false,
            empty: false,
            branches: Vec::new(),
            selected: Vec::new(),
        }
    }

    pub(crate) fn meta(&self) -> &'static ModelMeta {
        self.root.meta()
    }

    /// Only rows for which this holds, too.
    pub(crate) fn restrict(&mut self, node: Node) {
        self.filter = Some(match self.filter.take() {
            None => node,
            Some(before) => before.and(node),
        });
    }

    /// Whether anything but a filter says which rows there are.
    pub(crate) fn is_sliced(&self) -> bool {
        self.limit.is_some() || self.offset.is_some()
    }

    /// Whether it has an order.
    pub(crate) fn is_ordered(&self) -> bool {
        match &self.order {
            Ordering::Default => !self.meta().ordering.is_empty(),
            Ordering::By(terms) => !terms.is_empty(),
        }
    }

    /// Loads a relation with the rows, and those on the way to it.
    pub(crate) fn load(&mut self, path: &RelationPath) {
        let mut meta = self.meta();
        let mut branches = &mut self.branches;
        let hops = path.from.hops.iter().chain(std::iter::once(&path.last));
        for field in hops {
            let known = branches
                .iter()
                .position(|branch| std::ptr::eq(branch.field, *field));
            let (Some(to), Some(index)) = (field.relation, meta.position(field.name)) else {
                return;
            };
            meta = to();
            let place = known.unwrap_or_else(|| {
                branches.push(Branch {
                    field,
                    index,
                    meta,
                    branches: Vec::new(),
                });
                branches.len() - 1
            });
            branches = &mut branches[place].branches;
        }
    }

    /// A copy with a root of its own.
    pub(crate) fn rerooted(&self) -> Self {
        let mut copy = self.clone();
        let to = Root::new(self.meta());
        copy.reroot(&self.root, &to);
        copy
    }

    /// Lets what belongs to one queryset belong to another.
    pub(crate) fn reroot(&mut self, from: &Root, to: &Root) {
        if self.root.is(from) {
            self.root = to.clone();
        }
        let order = match &mut self.order {
            Ordering::Default => [].iter_mut(),
            Ordering::By(terms) => terms.iter_mut(),
        };
        self.filter
            .iter_mut()
            .chain(&mut self.selected)
            .chain(order.map(|term| &mut term.node))
            .for_each(|node| node.reroot(from, to));
    }
}
