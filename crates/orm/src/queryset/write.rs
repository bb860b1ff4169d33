//! Changing and deleting the rows of a queryset.

use nuages_db::Db;

use super::{Query, QuerySet};
use crate::compile;
use crate::deletion;
use crate::error::{Error, Result};
use crate::expressions::{Assignment, Assignments};
use crate::model::Model;

impl<M: Model> QuerySet<M> {
    /// Sets columns of all of its rows in one statement, and says how many rows there were.
    ///
    /// ```
    /// # mod library { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/library.in")); }
    /// # use library::{Book, database};
    /// use nuages_orm::Model as _;
    ///
    /// # database(async |db| {
    /// let tea = Book::objects().filter(|b| b.title().eq("Tea"));
    /// assert_eq!(tea.clone().update(|b| b.price().set(b.price() + 1), &db).await?, 1);
    /// assert_eq!(tea.select(|b| b.price()).first(&db).await?, Some(10));
    /// # Ok(()) });
    /// ```
    ///
    /// # Errors
    /// When the database refuses, or an assignment is not to a column of this model.
    pub async fn update<A: Assignments>(
        self,
        assignments: impl FnOnce(M::Path) -> A,
        db: &Db,
    ) -> Result<u64> {
        let assignments = assignments(self.path()).into_assignments();
        update(self.query, assignments, db).await
    }

    /// Deletes all of its rows, and what refers to them as the foreign keys of the
    /// [`Models`](crate::Models) say which the handle carries.
    /// Gives the number of rows that were deleted in all.
    ///
    /// # Errors
    /// When rows that refer to them protect them ([`Error::is_protected`]).
    pub async fn delete(self, db: &Db) -> Result<u64> {
        delete(self.query, db).await
    }
}

async fn update(query: Query, assignments: Vec<Assignment>, db: &Db) -> Result<u64> {
    if query.empty || assignments.is_empty() {
        return Ok(0);
    }
    let update = compile::update(query, assignments)?;
    Ok(db.execute(&update).await?)
}

async fn delete(query: Query, db: &Db) -> Result<u64> {
    if query.empty {
        return Ok(0);
    }
    if !query.selected.is_empty() || query.distinct {
        return Err(Error::query(
            "rows cannot be deleted from a `distinct` query",
        ));
    }
    deletion::delete_query(query, db).await
}
