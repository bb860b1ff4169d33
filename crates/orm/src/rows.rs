//! Rows into models, column by column, in the order in which they were selected.

use nuages_db::Row;
use nuages_sql::Value;

use crate::error::Error;
use crate::fields::{Field, FieldError, SqlType};
use crate::meta::{FieldMeta, ModelMeta};
use crate::model::Model;

/// Reads a row from left to right.
#[derive(Debug)]
pub struct RowReader<'r> {
    row: &'r mut Row,
    position: usize,
}

impl<'r> RowReader<'r> {
    pub(crate) fn new(row: &'r mut Row) -> Self {
        Self { row, position: 0 }
    }

    /// The next column, as a model's field.
    ///
    /// # Errors
    /// When the field cannot hold the value.
    #[inline]
    #[expect(
        clippy::should_implement_trait,
        reason = "each call may give another type"
    )]
    pub fn next<F: Field>(&mut self) -> Result<F, FieldError> {
        F::read(self.value())
    }

    /// The next column, as what an expression gives.
    pub(crate) fn decode<T: SqlType>(&mut self) -> Result<T, FieldError> {
        T::decode(self.value())
    }

    fn value(&mut self) -> Value {
        let value = self.row.take(self.position).unwrap_or_default();
        self.position += 1;
        value
    }

    /// Leaves out some columns.
    pub(crate) fn skip(&mut self, columns: usize) {
        self.position += columns;
    }
}

/// A relation that a query loads with its rows, and the relations that it loads beyond.
///
/// The tree is walked twice in the same order: when the columns are selected, and when a row is
/// read.
#[derive(Debug, Clone)]
pub struct Branch {
    /// The foreign key.
    pub(crate) field: &'static FieldMeta,
    /// Its position in its model.
    pub(crate) index: usize,
    /// The model that it refers to.
    pub(crate) meta: &'static ModelMeta,
    pub(crate) branches: Vec<Branch>,
}

impl Branch {
    /// How many columns it has, those beyond included.
    pub(crate) fn width(&self) -> usize {
        self.meta.fields.len() + self.branches.iter().map(Self::width).sum::<usize>()
    }
}

/// Reads one row of a model, with what is loaded with it.
#[inline]
pub(crate) fn read<M: Model>(row: &mut Row, branches: &[Branch]) -> Result<M, Error> {
    let mut reader = RowReader::new(row);
    read_with(&mut reader, branches).map_err(|error| misread(M::meta(), branches, &reader, error))
}

/// As [`read`], wherever the reader stands.
pub(crate) fn read_with<M: Model>(
    reader: &mut RowReader<'_>,
    branches: &[Branch],
) -> Result<M, FieldError> {
    let mut model = M::from_row(reader)?;
    for branch in branches {
        model.load_related(branch.index, branch, reader)?;
    }
    Ok(model)
}

/// Says which field could not hold its value: the one that was read last.
#[cold]
fn misread(
    meta: &'static ModelMeta,
    branches: &[Branch],
    reader: &RowReader<'_>,
    error: FieldError,
) -> Error {
    let mut columns = columns(meta, branches).into_iter();
    let last = columns.nth(reader.position.saturating_sub(1));
    let (model, field) = last.unwrap_or((meta.name, "?"));
    Error::value(model, field, error)
}

/// Model and field of every selected column, in order.
fn columns(meta: &'static ModelMeta, branches: &[Branch]) -> Vec<(&'static str, &'static str)> {
    let own = meta.fields.iter().map(|field| (meta.name, field.name));
    let beyond = branches
        .iter()
        .flat_map(|branch| columns(branch.meta, &branch.branches));
    own.chain(beyond).collect()
}
