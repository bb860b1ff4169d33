//! Carries changes of tables out.

use nuages_db::Db;
use nuages_sql::{Change, Ddl, Statement, Table};

/// Makes a table with its indexes.
pub(crate) async fn create(db: &Db, table: &Table) -> Result<(), nuages_db::Error> {
    run(db, db.dialect().create_table(table)).await
}

/// Removes a table.
pub(crate) async fn drop(db: &Db, table: &Table) -> Result<(), nuages_db::Error> {
    run(db, vec![Ddl::DropTable(table.name.clone()).into()]).await
}

/// Changes a table.
pub(crate) async fn alter(db: &Db, table: &Table, change: &Change) -> Result<(), nuages_db::Error> {
    run(db, db.dialect().alter(table, change)).await
}

/// Runs the statements of one change, all or none: a migration without a transaction must not
/// lose a table that is being remade, nor have SQLite check its references in between.
async fn run(db: &Db, statements: Vec<Statement>) -> Result<(), nuages_db::Error> {
    if db.in_transaction() {
        return each(db, &statements).await;
    }
    db.schema_atomic(async |tx: Db| each(&tx, &statements).await)
        .await
}

async fn each(db: &Db, statements: &[Statement]) -> Result<(), nuages_db::Error> {
    for statement in statements {
        db.execute(statement).await?;
    }
    Ok(())
}
