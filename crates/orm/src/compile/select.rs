//! `SELECT`s: rows, counts, whether there are any, and subqueries.

use nuages_sql::{Expr, Order, Select};

use super::Compiler;
use super::condition::Place;
use super::scope::Scope;
use crate::error::Result;
use crate::expressions::{Anchor, Node, OrderNode};
use crate::meta::{FieldMeta, ModelMeta};
use crate::queryset::{Ordering, Query};
use crate::rows::Branch;

/// How far the default orders of related models are followed.
const DEEPEST_ORDER: usize = 4;

/// The rows of a query: what it selects, or its model's columns and those loaded with them.
pub(crate) fn rows(query: Query) -> Result<Select> {
    Compiler::default().select(query, What::Rows)
}

/// `COUNT(*)`.
pub(crate) fn count(mut query: Query) -> Result<Select> {
    if query.distinct || query.is_sliced() {
        query.branches.clear();
        if !query.is_sliced() {
            query.order = Ordering::By(Vec::new());
        }
        return Ok(Select::from_select(rows(query)?, "subquery").expr(Expr::count_all()));
    }
    query.order = Ordering::By(Vec::new());
    Compiler::default().select(query, What::Count)
}

/// One row of nothing, if there is a row.
pub(crate) fn existence(mut query: Query) -> Result<Select> {
    query.limit = Some(1);
    if query.offset.is_none() {
        query.order = Ordering::By(Vec::new());
    }
    Compiler::default().select(query, What::Nothing)
}

/// What is selected.
#[derive(Clone, Copy, PartialEq, Eq)]
enum What {
    Rows,
    Key,
    Count,
    Nothing,
}

impl Compiler {
    /// For `IN`: what the query selects, or its model's key.
    pub(super) fn subquery(&mut self, mut query: Query) -> Result<Select> {
        if !query.is_sliced() {
            query.order = Ordering::By(Vec::new());
        }
        let what = if query.selected.is_empty() {
            What::Key
        } else {
            What::Rows
        };
        self.select(query, what)
    }

    /// For `EXISTS`.
    pub(super) fn subquery_of_nothing(&mut self, mut query: Query) -> Result<Select> {
        if !query.is_sliced() {
            query.order = Ordering::By(Vec::new());
            query.distinct = false;
            query.limit = Some(1);
        }
        self.select(query, What::Nothing)
    }

    fn select(&mut self, query: Query, what: What) -> Result<Select> {
        let depth = self.scopes.len();
        self.scopes.push(Scope::new(query.root.clone(), depth));
        let mut select = Select {
            distinct: query.distinct,
            limit: query.limit,
            offset: query.offset,
            ..Select::default()
        };
        let here = Anchor::of(&query.root);
        match what {
            What::Rows if query.selected.is_empty() => {
                self.model_columns(&here, query.meta(), &query.branches, &mut select)?;
            }
            What::Rows => {
                for node in query.selected {
                    let expr = self.value(node, false)?;
                    select.columns.push(expr.into());
                }
            }
            What::Key => {
                let key = self.column(&here, query.root.meta().pk(), false)?;
                select.columns.push(key.into());
            }
            What::Count => select = select.expr_as(Expr::count_all(), "__count"),
            What::Nothing => {}
        }
        if let Some(filter) = query.filter {
            select.filter = Some(self.condition(filter, Place::OUTERMOST)?);
        }
        let terms = match query.order {
            Ordering::By(terms) => terms,
            Ordering::Default => {
                let mut terms = Vec::new();
                default_order(&here, query.root.meta(), false, &mut terms);
                terms
            }
        };
        for term in terms {
            let order = self.order(term)?;
            select.order_by.push(if query.reversed {
                order.reversed()
            } else {
                order
            });
        }
        if let Some(scope) = self.scopes.pop() {
            select.joins = scope.joins();
            select.from = Some(scope.source());
        }
        Ok(select)
    }

    /// The columns of a model, then those of the relations that are loaded with it.
    fn model_columns(
        &mut self,
        anchor: &Anchor,
        meta: &'static ModelMeta,
        branches: &[Branch],
        select: &mut Select,
    ) -> Result<()> {
        let scope = self.scope()?;
        let table = scope.reach(&anchor.hops, false);
        let alias = scope.alias(table);
        let columns = meta
            .fields
            .iter()
            .map(|field| Expr::column(alias.clone(), field.column).into());
        select.columns.extend(columns);
        for branch in branches {
            let anchor = anchor.hop(branch.field);
            self.model_columns(&anchor, branch.meta, &branch.branches, select)?;
        }
        Ok(())
    }

    fn order(&mut self, term: OrderNode) -> Result<Order> {
        let expr = self.value(term.node, false)?;
        let mut order = if term.descending {
            Order::desc(expr)
        } else {
            Order::asc(expr)
        };
        order.nulls = term.nulls;
        Ok(order)
    }
}

/// The order that a model asks for; by a foreign key is in the order of the other model.
fn default_order(
    anchor: &Anchor,
    meta: &'static ModelMeta,
    reversed: bool,
    terms: &mut Vec<OrderNode>,
) {
    for sorted in meta.ordering {
        let Some(field) = meta.field(sorted.field) else {
            continue;
        };
        let descending = sorted.descending != reversed;
        match related_order(anchor, field) {
            Some(to) => default_order(&anchor.hop(field), to, descending, terms),
            None => terms.push(OrderNode {
                node: Node::Column(anchor.clone(), field),
                descending,
                nulls: None,
            }),
        }
    }
}

/// The model that a foreign key refers to, if that one has an order of its own.
fn related_order(anchor: &Anchor, field: &FieldMeta) -> Option<&'static ModelMeta> {
    let to = field.relation?();
    (!to.ordering.is_empty() && anchor.hops.len() < DEEPEST_ORDER).then_some(to)
}
