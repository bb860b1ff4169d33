//! `Model`: a struct whose rows are in a table.

use std::future::Future;

use nuages_db::Db;
use nuages_sql::Value;
use nuages_template::{Object, ToValue};

use crate::error::Result;
use crate::expressions::{Anchor, ModelPath, Root};
use crate::fields::{FieldError, FieldType};
use crate::instance;
use crate::meta::ModelMeta;
use crate::queryset::{Columns, QuerySet};
use crate::rows::{Branch, RowReader};

/// One row, as plain functions see it: values by position.
///
/// Saving and deleting work on this, so that they are compiled once and not once a model.
pub trait Record: Object + ToValue + Send + Sync + 'static {
    /// Its model.
    #[doc(hidden)]
    fn model_meta(&self) -> &'static ModelMeta;
    /// The value of the field at a position.
    #[doc(hidden)]
    fn sql_value(&self, index: usize) -> Value;
    /// Sets the field at a position.
    #[doc(hidden)]
    fn set_sql_value(&mut self, index: usize, value: Value) -> Result<(), FieldError>;
}

/// A struct whose rows are in a table. `#[derive(Model)]` implements it.
///
/// # Django
/// `models.Model`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a model",
    label = "needs `#[derive(Model)]`"
)]
pub trait Model: Record + Sized {
    /// The struct with a method for each column.
    #[doc(hidden)]
    type Path: ModelPath + Send + Sync;
    /// The type of the primary key: `i64` for `Auto<i64>`.
    type Key: FieldType;

    /// What is known of the model: its table, columns and options.
    fn meta() -> &'static ModelMeta;

    #[doc(hidden)]
    fn from_row(row: &mut RowReader<'_>) -> Result<Self, FieldError>;

    #[doc(hidden)]
    fn load_related(
        &mut self,
        index: usize,
        branch: &Branch,
        row: &mut RowReader<'_>,
    ) -> Result<(), FieldError>;

    /// A new row with the fields' defaults, for `Post { title, ..Post::blank() }`.
    ///
    /// # Django
    /// `Post()`.
    fn blank() -> Self;

    /// The primary key, if there is one yet.
    ///
    /// # Django
    /// `pk`.
    fn key(&self) -> Option<Self::Key>;

    /// All rows.
    ///
    /// # Django
    /// `Post.objects.all()`.
    fn objects() -> QuerySet<Self> {
        QuerySet::new()
    }

    /// Saves the row: inserts it when it has no key yet, else updates it (and inserts it when
    /// there was no such row). A key that the database counts up comes back filled in.
    ///
    /// # Errors
    /// When the database refuses, or a foreign key refers to nothing.
    fn save<'a>(&'a mut self, db: &'a Db) -> impl Future<Output = Result<()>> + Send + 'a {
        instance::save(self, db)
    }

    /// Inserts the row, even when it has a key.
    ///
    /// # Errors
    /// As [`Model::save`]; also when there is a row with that key.
    ///
    /// # Django
    /// `save(force_insert=True)`.
    fn insert<'a>(&'a mut self, db: &'a Db) -> impl Future<Output = Result<()>> + Send + 'a {
        instance::insert(self, db)
    }

    /// Saves only these columns: `user.save_only(|u| (u.password(), u.last_login()), &db)`.
    ///
    /// # Errors
    /// As [`Model::save`]; also when there is no such row any more.
    ///
    /// # Django
    /// `save(update_fields=["password", "last_login"])`.
    fn save_only<'a, C: Columns>(
        &'a mut self,
        columns: impl FnOnce(Self::Path) -> C,
        db: &'a Db,
    ) -> impl Future<Output = Result<()>> + Send + 'a {
        let path = Self::Path::at(Anchor::of(&Root::new(Self::meta())));
        let mut chosen = Vec::new();
        columns(path).collect_columns(&mut chosen);
        instance::save_only(self, chosen, db)
    }

    /// As [`Model::save_only`], of fields by their names, as forms know them.
    ///
    /// # Errors
    /// As [`Model::save_only`]; also when the model has no field of a name.
    ///
    /// # Django
    /// `save(update_fields=["password", "last_login"])`.
    fn save_fields<'a>(
        &'a mut self,
        names: &'a [&str],
        db: &'a Db,
    ) -> impl Future<Output = Result<()>> + Send + 'a {
        instance::save_fields(self, names, db)
    }

    /// Deletes the row, and what refers to it as the foreign keys say.
    /// Gives the number of rows that were deleted in all.
    ///
    /// # Errors
    /// When rows that refer to it protect it, or the row was never saved.
    fn delete<'a>(&'a self, db: &'a Db) -> impl Future<Output = Result<u64>> + Send + 'a {
        instance::delete(self, db)
    }

    /// Reads the row again, as it is in the database now. Loaded relations are forgotten.
    ///
    /// # Errors
    /// When it is not there any more.
    ///
    /// # Django
    /// `refresh_from_db`.
    fn refresh<'a>(&'a mut self, db: &'a Db) -> impl Future<Output = Result<()>> + Send + 'a {
        async move {
            *self = instance::reread(self, db).await?;
            Ok(())
        }
    }
}
