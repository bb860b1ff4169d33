//! `QuerySet`: which rows, in which order; and what is done with them.
//!
//! A queryset is a thin typed shell over [`Query`], which knows no types: all the work below is
//! compiled once. It does nothing until one of its `async` methods is given a database.

mod create;
mod fetch;
mod query;
mod selection;
mod values;
mod write;

use std::fmt;
use std::marker::PhantomData;

pub(crate) use query::{Ordering, Query};
pub use selection::{Columns, Selected, Selection};
pub use values::Values;

use crate::expressions::{Anchor, ModelPath as _, Node, Orders, Q};
use crate::model::Model;
use crate::relations::Relations;

/// Rows of a model: which, and in which order.
///
/// Each closure is given the model's paths, a struct with a method for each column.
/// A queryset can be cloned and changed further; the two are independent.
///
/// ```
/// # mod library { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/library.in")); }
/// # use library::{Author, Book, database};
/// use nuages_orm::Model as _;
///
/// # database(async |db| {
/// let cheap = Book::objects()
///     .filter(|b| b.author().name().icontains("ann") | b.price().gt(b.cost() * 2))
///     .order_by(|b| b.title().asc());
/// let titles: Vec<String> = cheap.clone().select(|b| b.title()).all(&db).await?;
/// assert_eq!(titles, ["Air", "Tea", "Water"]);
///
/// let tea = cheap.get(|b| b.title().eq("Tea"), &db).await?;
/// assert_eq!(tea.price, 9);
/// # Ok(()) });
/// ```
///
/// # Django
/// `QuerySet`.
#[must_use = "a queryset does nothing until it is given a database"]
pub struct QuerySet<M> {
    pub(crate) query: Query,
    model: PhantomData<fn() -> M>,
}

impl<M: Model> QuerySet<M> {
    pub(crate) fn new() -> Self {
        Self::from_query(Query::new(M::meta()))
    }

    pub(crate) fn from_query(query: Query) -> Self {
        Self {
            query,
            model: PhantomData,
        }
    }

    pub(crate) fn path(&self) -> M::Path {
        M::Path::at(Anchor::of(&self.query.root))
    }

    /// Only rows for which this holds.
    pub fn filter(mut self, condition: impl FnOnce(M::Path) -> Q) -> Self {
        let q = condition(self.path());
        self.query.restrict(q.0);
        self
    }

    /// Only rows for which this does not hold; NULL does not hold.
    pub fn exclude(mut self, condition: impl FnOnce(M::Path) -> Q) -> Self {
        let q = condition(self.path());
        self.query.restrict((!q).0);
        self
    }

    /// In this order, in place of any order before: `|p| (p.published().desc(), p.title().asc())`.
    pub fn order_by<O: Orders>(mut self, orders: impl FnOnce(M::Path) -> O) -> Self {
        let orders = orders(self.path()).into_orders();
        self.query.order = Ordering::By(orders.into_iter().map(|order| order.0).collect());
        self.query.reversed = false;
        self
    }

    /// In no order, not even in the model's own.
    ///
    /// # Django
    /// `order_by()`.
    pub fn unordered(mut self) -> Self {
        self.query.order = Ordering::By(Vec::new());
        self
    }

    /// In the order of the keys, unless it has an order already.
    pub fn or_by_key(mut self) -> Self {
        self.query.order_by_key();
        self
    }

    /// In the opposite order.
    pub fn reverse(mut self) -> Self {
        self.query.reversed = !self.query.reversed;
        self
    }

    /// At most so many rows. It is applied after all filters, wherever it stands.
    ///
    /// # Django
    /// `queryset[:limit]`.
    pub fn limit(mut self, rows: u64) -> Self {
        self.query.limit = Some(rows);
        self
    }

    /// Without the first so many rows.
    ///
    /// # Django
    /// `queryset[offset:]`.
    pub fn offset(mut self, rows: u64) -> Self {
        self.query.offset = Some(rows);
        self
    }

    /// Equal rows once.
    pub fn distinct(mut self) -> Self {
        self.query.distinct = true;
        self
    }

    /// No rows, without asking the database.
    pub fn none(mut self) -> Self {
        self.query.restrict(Node::Or(Vec::new()));
        self.query.empty = true;
        self
    }

    /// Loads the rows that these foreign keys refer to, in the same query.
    ///
    /// ```
    /// # mod library { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/library.in")); }
    /// # use library::{Book, database};
    /// use nuages_orm::Model as _;
    ///
    /// # database(async |db| {
    /// let book = Book::objects().get(|b| b.title().eq("Tea"), &db).await?;
    /// let error = book.author.loaded().unwrap_err();
    /// assert!(error.to_string().contains("add `.select_related(…)`"));
    ///
    /// let books = Book::objects().select_related(|b| b.author());
    /// let book = books.get(|b| b.title().eq("Tea"), &db).await?;
    /// assert_eq!(book.author.loaded()?.name, "Ann");
    /// # Ok(()) });
    /// ```
    pub fn select_related<R: Relations>(mut self, relations: impl FnOnce(M::Path) -> R) -> Self {
        let mut paths = Vec::new();
        relations(self.path()).collect(&mut paths);
        for path in paths {
            self.query.load(&path);
        }
        self
    }

    /// Only these expressions of each row: one gives a `Vec` of it, a tuple a `Vec` of tuples.
    ///
    /// # Django
    /// `values_list`.
    pub fn select<S: Selection>(mut self, selection: impl FnOnce(M::Path) -> S) -> Values<S::Row> {
        let mut nodes = Vec::new();
        selection(self.path()).collect(&mut nodes);
        self.query.selected = nodes.into_iter().map(|node| node.0).collect();
        Values::new(self.query)
    }
}

impl<M: Model> Default for QuerySet<M> {
    fn default() -> Self {
        Self::new()
    }
}

impl<M> Clone for QuerySet<M> {
    /// The clone has a root of its own, so that it can be a subquery of the original.
    fn clone(&self) -> Self {
        Self {
            query: self.query.rerooted(),
            model: PhantomData,
        }
    }
}

impl<M> fmt::Debug for QuerySet<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("QuerySet").field(&self.query).finish()
    }
}
