//! The statements that every model needs all the time, printed once a model.

use nuages_sql::{Expr, Insert, Prepared, Select, Statement, Update};

use crate::meta::ModelMeta;

/// How many rows `get` asks for, so that its error can say how many there are.
///
/// # Django
/// `MAX_GET_RESULTS`.
pub(crate) const MAX_GET_RESULTS: u64 = 21;

/// The row of a primary key, a new row, and a changed row.
#[derive(Debug)]
pub struct Statements {
    /// All columns of the row with a primary key.
    pub(crate) by_pk: Prepared,
    /// A new row: every column but a primary key that the database counts up; gives that back.
    pub(crate) insert: Prepared,
    /// Every column of a row but its primary key, which is the last slot.
    pub(crate) update: Prepared,
}

impl Statements {
    #[doc(hidden)]
    pub const fn new(
        by_pk: fn() -> Statement,
        insert: fn() -> Statement,
        update: fn() -> Statement,
    ) -> Self {
        Self {
            by_pk: Prepared::new(by_pk),
            insert: Prepared::new(insert),
            update: Prepared::new(update),
        }
    }

    #[doc(hidden)]
    pub fn make_by_pk(meta: &'static ModelMeta) -> Statement {
        let mut select = Select::from(meta.table);
        for field in meta.fields {
            select = select.column(meta.table, field.column);
        }
        select
            .filter(Expr::column(meta.table, meta.pk().column).eq(Expr::Slot))
            .limit(MAX_GET_RESULTS)
            .into()
    }

    #[doc(hidden)]
    pub fn make_insert(meta: &'static ModelMeta) -> Statement {
        let given = || meta.fields.iter().filter(|field| !field.auto);
        Insert::into(meta.table)
            .columns(given().map(|field| field.column))
            .row(given().map(|_| Expr::Slot))
            .returning(returned(meta))
            .into()
    }

    #[doc(hidden)]
    pub fn make_update(meta: &'static ModelMeta) -> Statement {
        let pk = meta.pk();
        meta.fields
            .iter()
            .filter(|field| field.column != pk.column)
            .fold(Update::table(meta.table), |update, field| {
                update.set(field.column, Expr::Slot)
            })
            .filter(Expr::column(meta.table, pk.column).eq(Expr::Slot))
            .into()
    }
}

/// What an insert gives back: the key, when the database makes it.
pub(crate) fn returned(meta: &'static ModelMeta) -> Option<&'static str> {
    let pk = meta.pk();
    pk.auto.then_some(pk.column)
}
