//! Making rows: `bulk_create`, `get_or_create`, `update_or_create`.

use nuages_db::Db;

use super::QuerySet;
use crate::error::Result;
use crate::expressions::Q;
use crate::instance::{self, Conflict};
use crate::model::{Model, Record};

impl<M: Model> QuerySet<M> {
    /// Inserts many rows with few statements; keys that the database counts up come back filled in.
    ///
    /// # Errors
    /// When the database refuses; then no row is inserted.
    pub async fn bulk_create(self, mut rows: Vec<M>, db: &Db) -> Result<Vec<M>> {
        instance::insert_all(records(&mut rows), Conflict::Error, db).await?;
        Ok(rows)
    }

    /// As [`QuerySet::bulk_create`], but leaves out rows that are there already, and does not
    /// bring back any keys. Gives the number of rows that were inserted.
    ///
    /// # Errors
    /// When the database refuses; then no row is inserted.
    ///
    /// # Django
    /// `bulk_create(ignore_conflicts=True)`.
    pub async fn bulk_create_new(self, mut rows: Vec<M>, db: &Db) -> Result<u64> {
        instance::insert_all(records(&mut rows), Conflict::Ignore, db).await
    }

    /// The row for which this holds, or a new one; and whether it is new.
    ///
    /// When another one inserts the same row at the same time, that one's is given.
    ///
    /// # Errors
    /// As [`QuerySet::get`] for several rows, and as [`Model::save`].
    pub async fn get_or_create(
        self,
        condition: impl Fn(M::Path) -> Q,
        create: impl FnOnce() -> M,
        db: &Db,
    ) -> Result<(M, bool)> {
        if let Some(found) = self.clone().get_or_none(&condition, db).await? {
            return Ok((found, false));
        }
        let mut row = create();
        let transaction = db.begin().await?;
        match row.insert(transaction.db()).await {
            Ok(()) => {
                transaction.commit().await?;
                Ok((row, true))
            }
            Err(error) => {
                transaction.rollback().await?;
                if !error.is_unique_violation() {
                    return Err(error);
                }
                let found = self.get_or_none(&condition, db).await?;
                found.map(|row| (row, false)).ok_or(error)
            }
        }
    }

    /// The row for which this holds, or a new one, after `change`; and whether it is new.
    ///
    /// # Errors
    /// As [`QuerySet::get_or_create`].
    pub async fn update_or_create(
        self,
        condition: impl Fn(M::Path) -> Q,
        create: impl FnOnce() -> M,
        change: impl Fn(&mut M),
        db: &Db,
    ) -> Result<(M, bool)> {
        let transaction = db.begin().await?;
        let create = || {
            let mut row = create();
            change(&mut row);
            row
        };
        let inner = transaction.db();
        let (mut row, new) = self.get_or_create(condition, create, inner).await?;
        if !new {
            change(&mut row);
            row.save(inner).await?;
        }
        transaction.commit().await?;
        Ok((row, new))
    }
}

fn records<M: Model>(rows: &mut [M]) -> Vec<&mut dyn Record> {
    rows.iter_mut()
        .map(|row| -> &mut dyn Record { row })
        .collect()
}
