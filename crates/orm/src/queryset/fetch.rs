//! Reading rows: `all`, `get`, `first`, `count`, `exists`.

use std::collections::HashMap;
use std::hash::Hash;

use nuages_db::Db;
use nuages_sql::{self as sql, Value};

use super::{Ordering, Query, QuerySet};
use crate::compile;
use crate::error::{Error, Result};
use crate::expressions::{Anchor, Members, Node, OrderNode, Q, Untyped};
use crate::fields::FieldType;
use crate::model::Model;
use crate::rows::{self, Branch};
use crate::statements::MAX_GET_RESULTS;

impl<M: Model> QuerySet<M> {
    /// All of its rows.
    ///
    /// # Errors
    /// When the database refuses, or holds a value that a field cannot.
    pub async fn all(mut self, db: &Db) -> Result<Vec<M>> {
        if self.query.empty {
            return Ok(Vec::new());
        }
        let branches = std::mem::take(&mut self.query.branches);
        self.query.branches.clone_from(&branches);
        fetch(compile::rows(self.query)?, &branches, db).await
    }

    /// The first row, if there is any. Without an order, the one with the least key.
    ///
    /// # Errors
    /// As [`QuerySet::all`].
    pub async fn first(mut self, db: &Db) -> Result<Option<M>> {
        self.query.order_by_key();
        self.query.limit = Some(1);
        Ok(self.all(db).await?.pop())
    }

    /// The last row, if there is any. Without an order, the one with the greatest key.
    ///
    /// # Errors
    /// As [`QuerySet::all`].
    pub async fn last(mut self, db: &Db) -> Result<Option<M>> {
        self.query.order_by_key();
        self.reverse().first(db).await
    }

    /// The one row for which this holds.
    ///
    /// # Errors
    /// When there is none ([`Error::is_not_found`]) or several ([`Error::is_multiple_objects`]),
    /// and as [`QuerySet::all`].
    pub async fn get(self, condition: impl FnOnce(M::Path) -> Q, db: &Db) -> Result<M> {
        let found = self.get_or_none(condition, db).await?;
        found.ok_or_else(|| Error::not_found(M::meta()))
    }

    /// The one row for which this holds, if there is one.
    ///
    /// # Errors
    /// As [`QuerySet::get`], but for a row that is not there.
    pub async fn get_or_none(
        self,
        condition: impl FnOnce(M::Path) -> Q,
        db: &Db,
    ) -> Result<Option<M>> {
        let mut only = self.filter(condition);
        if only.query.empty {
            return Ok(None);
        }
        let mut found: Vec<M> = if let Some(key) = only.query.take_key_lookup() {
            let values = [key];
            fetch(M::meta().statements.by_pk.bind(&values), &[], db).await?
        } else {
            if !only.query.is_sliced() {
                only.query.limit = Some(MAX_GET_RESULTS);
            }
            only.all(db).await?
        };
        match found.len() {
            0 | 1 => Ok(found.pop()),
            many if many as u64 >= MAX_GET_RESULTS => {
                let count = format!("more than {}", MAX_GET_RESULTS - 1);
                Err(Error::multiple(M::meta(), count))
            }
            several => Err(Error::multiple(M::meta(), several.to_string())),
        }
    }

    /// How many rows there are.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn count(self, db: &Db) -> Result<u64> {
        count(self.query, db).await
    }

    /// Whether there is a row.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn exists(self, db: &Db) -> Result<bool> {
        exists(self.query, db).await
    }

    /// Those of its rows that have one of these keys, each once, in one query (several for very many keys).
    ///
    /// A limit comes first: of a queryset's ten best rows, an eleventh is not found by its key.
    ///
    /// ```
    /// # mod library { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/library.in")); }
    /// # use library::{Book, database};
    /// use nuages_orm::Model as _;
    ///
    /// # database(async |db| {
    /// let dear = Book::objects().filter(|b| b.price().gt(5));
    /// // Of the books 1, 2 and 3, the second is cheap.
    /// assert_eq!(dear.clone().with_keys([1, 2, 3, 3], &db).await?.len(), 2);
    /// assert_eq!(dear.limit(1).with_keys([1, 3], &db).await?.len(), 1);
    /// # Ok(()) });
    /// ```
    ///
    /// # Errors
    /// As [`QuerySet::all`].
    ///
    /// # Django
    /// `filter(pk__in=keys)`, which refuses a queryset with a limit.
    pub async fn with_keys(
        self,
        keys: impl IntoIterator<Item = M::Key>,
        db: &Db,
    ) -> Result<Vec<M>> {
        let mut wanted: Vec<Value> = Vec::new();
        for key in keys {
            wanted.push(key.into_sql());
        }
        distinct(&mut wanted);
        let (pk, index) = (M::meta().pk(), M::meta().pk_index);
        if wanted.is_empty() {
            return Ok(Vec::new());
        }
        if self.query.is_sliced() {
            let mut rows = self.all(db).await?;
            rows.retain(|row| wanted.contains(&row.sql_value(index)));
            return Ok(rows);
        }
        // Half of the parameters are left for the queryset's own.
        let most = (db.dialect().max_params() / 2).max(1);
        let mut rows = Vec::new();
        for some in wanted.chunks(most) {
            let mut only = self.clone();
            let column = Node::Column(Anchor::of(&only.query.root), pk);
            let keys = some.iter().cloned().map(Node::Value).collect();
            only.query.restrict(Node::In(Box::new(column), keys));
            rows.extend(only.all(db).await?);
        }
        Ok(rows)
    }

    /// The rows with these keys, by key.
    ///
    /// # Errors
    /// As [`QuerySet::all`].
    pub async fn in_bulk(
        mut self,
        keys: impl IntoIterator<Item = M::Key>,
        db: &Db,
    ) -> Result<HashMap<M::Key, M>>
    where
        M::Key: Eq + Hash,
    {
        let keys: Vec<Node> = keys
            .into_iter()
            .map(|key| Node::Value(key.into_sql()))
            .collect();
        let pk = Node::Column(Anchor::of(&self.query.root), M::meta().pk());
        self.query.restrict(Node::In(Box::new(pk), keys));
        let rows = self.all(db).await?;
        let with_keys = rows.into_iter().filter_map(|row| Some((row.key()?, row)));
        Ok(with_keys.collect())
    }
}

/// A queryset without a `select`, inside of `in_`, is its keys.
impl<M: Model> Members<M::Key> for QuerySet<M> {
    fn contain(self, member: Untyped) -> Untyped {
        Untyped(Node::InQuery(Box::new(member.0), Box::new(self.query)))
    }
}

/// Each value once, in the order in which they came first.
fn distinct(values: &mut Vec<Value>) {
    // Values have no hash: numbers may be floating. Their text tells them apart, and their kind.
    let mut seen = std::collections::HashSet::new();
    values.retain(|value| seen.insert(format!("{value:?}")));
}

/// Runs a select of a model.
async fn fetch<M: Model>(query: impl sql::Query, branches: &[Branch], db: &Db) -> Result<Vec<M>> {
    let mut models = Vec::new();
    let mut failure = None;
    db.fetch_each(query, |row| {
        match rows::read::<M>(row, branches) {
            Ok(model) => models.push(model),
            Err(error) => failure = Some(error),
        }
        Ok(())
    })
    .await?;
    failure.map_or(Ok(models), Err)
}

/// How many rows a query has.
pub(super) async fn count(query: Query, db: &Db) -> Result<u64> {
    if query.empty {
        return Ok(0);
    }
    let select = compile::count(query)?;
    let count: Option<i64> = db.fetch_value(&select).await?;
    Ok(count.and_then(|count| count.try_into().ok()).unwrap_or(0))
}

/// Whether a query has a row.
async fn exists(query: Query, db: &Db) -> Result<bool> {
    if query.empty {
        return Ok(false);
    }
    let select = compile::existence(query)?;
    Ok(db.fetch_optional(&select).await?.is_some())
}

impl Query {
    /// Orders by the key, if it has no order.
    pub(crate) fn order_by_key(&mut self) {
        if !self.is_ordered() {
            self.order = Ordering::By(vec![OrderNode {
                node: Node::Column(Anchor::of(&self.root), self.meta().pk()),
                descending: false,
                nulls: None,
            }]);
        }
    }

    /// The key, if the query asks for nothing but the row with a key: the statement for that is
    /// printed already.
    fn take_key_lookup(&mut self) -> Option<Value> {
        let plain = self.branches.is_empty() && !self.distinct && !self.is_sliced();
        let Some(Node::Binary(column, sql::BinaryOp::Eq, value)) = &mut self.filter else {
            return None;
        };
        let (Node::Column(anchor, field), Node::Value(value)) = (&**column, &mut **value) else {
            return None;
        };
        let by_key = plain
            && anchor.hops.is_empty()
            && anchor.root.is(&self.root)
            && std::ptr::eq(*field, self.root.meta().pk());
        by_key.then(|| std::mem::take(value))
    }
}
