//! `Values`: a queryset that selects expressions in place of whole rows.

use std::fmt;
use std::marker::PhantomData;

use nuages_db::Db;

use super::fetch;
use super::{Query, Selected};
use crate::compile;
use crate::error::{Error, Result};
use crate::expressions::{Members, Node, Untyped};
use crate::fields::SqlType;
use crate::rows::RowReader;

/// A queryset that selects expressions in place of whole rows; made by
/// [`QuerySet::select`](super::QuerySet::select).
///
/// # Django
/// `values_list`.
#[must_use = "it does nothing until it is given a database"]
pub struct Values<R> {
    query: Query,
    row: PhantomData<fn() -> R>,
}

impl<R: Selected> Values<R> {
    pub(super) fn new(query: Query) -> Self {
        Self {
            query,
            row: PhantomData,
        }
    }

    /// Equal rows once.
    pub fn distinct(mut self) -> Self {
        self.query.distinct = true;
        self
    }

    /// All of its rows.
    ///
    /// # Errors
    /// When the database refuses, or a value does not have the type that was selected.
    pub async fn all(self, db: &Db) -> Result<Vec<R>> {
        if self.query.empty {
            return Ok(Vec::new());
        }
        let model = self.query.meta().name;
        let select = compile::rows(self.query)?;
        let mut rows = Vec::new();
        let mut failure = None;
        db.fetch_each(&select, |row| {
            match R::read(&mut RowReader::new(row)) {
                Ok(values) => rows.push(values),
                Err(error) => failure = Some(error),
            }
            Ok(())
        })
        .await?;
        match failure {
            None => Ok(rows),
            Some(error) => Err(Error::value(model, "select(…)", error)),
        }
    }

    /// The first row, if there is any. Without an order, of the row with the least key.
    ///
    /// # Errors
    /// As [`Values::all`].
    pub async fn first(mut self, db: &Db) -> Result<Option<R>> {
        self.query.order_by_key();
        self.query.limit = Some(1);
        Ok(self.all(db).await?.pop())
    }

    /// How many rows there are.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn count(self, db: &Db) -> Result<u64> {
        fetch::count(self.query, db).await
    }
}

impl<T, R: SqlType<Scalar = T>> Members<T> for Values<R> {
    fn contain(self, member: Untyped) -> Untyped {
        Untyped(Node::InQuery(Box::new(member.0), Box::new(self.query)))
    }
}

impl<R> Clone for Values<R> {
    fn clone(&self) -> Self {
        Self {
            query: self.query.rerooted(),
            row: PhantomData,
        }
    }
}

impl<R> fmt::Debug for Values<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Values").field(&self.query).finish()
    }
}
