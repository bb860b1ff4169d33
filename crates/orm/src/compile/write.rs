//! `UPDATE` and `DELETE`.

use nuages_sql::{Delete, Expr, Update};

use super::condition::Place;
use super::scope::Scope;
use super::{Compiler, trim};
use crate::error::{Error, Result};
use crate::expressions::{Anchor, Assignment, Node, Root};
use crate::queryset::Query;

/// Sets columns of the rows of a query.
pub(crate) fn update(query: Query, assignments: Vec<Assignment>) -> Result<Update> {
    let root = query.root.clone();
    let mut compiler = Compiler::default();
    compiler.scopes.push(Scope::new(root.clone(), 0));
    let mut update = Update::table(root.meta().table);
    for assignment in assignments {
        let Node::Column(anchor, field) = assignment.column else {
            return Err(Error::query("only a column can be set"));
        };
        if !anchor.root.is(&root) || !anchor.hops.is_empty() {
            return Err(Error::query(
                "an update sets columns of its own model only, not of related ones",
            ));
        }
        let value = compiler.value(assignment.value, false)?;
        update.assignments.push((field.column.into(), value));
    }
    if compiler.scope()?.has_joins() {
        return Err(Error::query(
            "an update cannot set a column to one of a related model",
        ));
    }
    update.filter = compiler.which(query)?;
    Ok(update)
}

/// Deletes the rows of a query, and nothing else.
pub(crate) fn delete(query: Query) -> Result<Delete> {
    let root = query.root.clone();
    let mut compiler = Compiler::default();
    compiler.scopes.push(Scope::new(root.clone(), 0));
    let mut delete = Delete::from(root.meta().table);
    delete.filter = compiler.which(query)?;
    Ok(delete)
}

impl Compiler {
    /// Which rows: a condition on the table, or, where that takes more than one table or a limit,
    /// the keys of a subquery.
    fn which(&mut self, mut query: Query) -> Result<Option<Expr>> {
        let root = query.root.clone();
        let joins = query.filter.as_ref().is_some_and(|node| joins(node, &root));
        if !joins && !query.is_sliced() {
            let filter = query
                .filter
                .map(|node| self.condition(node, Place::OUTERMOST));
            return filter.transpose();
        }
        query.selected.clear();
        let key = self.column(&Anchor::of(&root), root.meta().pk(), false)?;
        Ok(Some(key.in_select(self.subquery(query)?)))
    }
}

/// Whether a condition needs other tables than the queryset's own (subqueries aside).
fn joins(node: &Node, root: &Root) -> bool {
    let any = |nodes: &[Node]| nodes.iter().any(|node| joins(node, root));
    match node {
        Node::Column(anchor, field) => {
            anchor.root.is(root) && !trim(&anchor.hops, field).0.is_empty()
        }
        Node::Value(_) | Node::Mistake(_) => false,
        Node::Not(inner) | Node::IsNull(inner, _) => joins(inner, root),
        Node::Binary(left, _, right) | Node::Text(left, _, right) => {
            joins(left, root) || joins(right, root)
        }
        Node::Between(node, low, high) => {
            joins(node, root) || joins(low, root) || joins(high, root)
        }
        Node::And(nodes) | Node::Or(nodes) | Node::Call(_, nodes) => any(nodes),
        Node::In(node, list) => joins(node, root) || any(list),
        // What a subquery joins of the outer one would be joined there.
        Node::InQuery(node, query) => joins(node, root) || query_joins(query, root),
        Node::Exists(query) => query_joins(query, root),
    }
}

fn query_joins(query: &Query, root: &Root) -> bool {
    let mut nodes = query.filter.iter().chain(&query.selected);
    nodes.any(|node| joins(node, root))
}
