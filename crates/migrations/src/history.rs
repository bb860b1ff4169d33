//! Django's own table of what is applied.

use std::collections::BTreeSet;

use nuages_db::Db;
use nuages_sql::{Column, ColumnType, Delete, Expr, Insert, Select, Table, Value};

use crate::error::Result;
use crate::migration::Key;
use crate::schema;

const TABLE: &str = "django_migrations";

fn table() -> Table {
    Table::new(TABLE)
        .column(Column::new("id", ColumnType::BigAuto).primary_key())
        .column(Column::new("app", ColumnType::Varchar(255)))
        .column(Column::new("name", ColumnType::Varchar(255)))
        .column(Column::new("applied", ColumnType::DateTime))
}

async fn exists(db: &Db) -> Result<bool> {
    Ok(db.table_names().await?.iter().any(|name| name == TABLE))
}

/// What is applied; nothing when there is no table yet.
pub(crate) async fn applied(db: &Db) -> Result<BTreeSet<Key>> {
    if !exists(db).await? {
        return Ok(BTreeSet::new());
    }
    let select = Select::from(TABLE)
        .column(TABLE, "app")
        .column(TABLE, "name");
    let rows = db.fetch_all(&select).await?;
    let keys = rows
        .iter()
        .map(|row| Ok(Key::new(row.get::<String>(0)?, row.get::<String>(1)?)));
    Ok(keys.collect::<Result<_, nuages_db::Error>>()?)
}

/// Makes the table when it is missing.
pub(crate) async fn prepare(db: &Db) -> Result<()> {
    if !exists(db).await? {
        schema::create(db, &table()).await?;
    }
    Ok(())
}

/// Notes that a migration is applied.
pub(crate) async fn record(
    db: &Db,
    key: &Key,
    now: jiff::Timestamp,
) -> Result<(), nuages_db::Error> {
    let values: [Value; 3] = [
        key.app.clone().into(),
        key.name.clone().into(),
        Value::Timestamp(now),
    ];
    let insert = Insert::into(TABLE)
        .columns(["app", "name", "applied"])
        .row(values.map(Expr::value));
    db.execute(&insert).await?;
    Ok(())
}

/// Notes that a migration is undone.
pub(crate) async fn forget(db: &Db, key: &Key) -> Result<(), nuages_db::Error> {
    let this = Expr::bare("app")
        .eq(Expr::value(key.app.clone()))
        .and(Expr::bare("name").eq(Expr::value(key.name.clone())));
    db.execute(&Delete::from(TABLE).filter(this)).await?;
    Ok(())
}
