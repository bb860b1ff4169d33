//! Migrations against a real SQLite database.
#![expect(
    clippy::unwrap_used,
    reason = "a test fails by panicking, also in the functions that tests share"
)]

mod apply;
mod change;
mod django;

use nuages_db::{Db, DbSettings};
use nuages_migrations::operations::CreateModel;
use nuages_migrations::{AppMigrations, Executor, Field, Migration, OnDelete, Target};
use nuages_sql::RawSql;

/// An empty database.
async fn database() -> Db {
    Db::connect(&DbSettings::new("sqlite::memory:"))
        .await
        .unwrap()
}

/// Authors and their posts.
fn initial() -> Migration {
    Migration::new("blog", "0001_initial")
        .operation(
            CreateModel::new("Author")
                .field("id", Field::big_auto())
                .field("name", Field::varchar(100).unique()),
        )
        .operation(
            CreateModel::new("Post")
                .field("id", Field::big_auto())
                .field("title", Field::varchar(200).db_index())
                .field(
                    "author",
                    Field::foreign_key("blog.Author", OnDelete::Cascade),
                ),
        )
}

fn executor(migrations: impl IntoIterator<Item = Migration>) -> Executor {
    Executor::new(&[AppMigrations::new("blog", migrations)]).unwrap()
}

/// Runs to the target, and says what was done.
async fn migrate(db: &Db, executor: &Executor, target: &Target) -> Vec<String> {
    executor
        .run(db, target)
        .await
        .unwrap()
        .iter()
        .map(ToString::to_string)
        .collect()
}

/// The tables and indexes as SQLite keeps them.
async fn schema(db: &Db) -> Vec<String> {
    let select = "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%' \
                  AND name <> 'django_migrations' ORDER BY type DESC, name";
    let rows = db.fetch_all(RawSql::new(select)).await.unwrap();
    rows.iter()
        .map(|row| row.get::<String>(0).unwrap())
        .collect()
}

async fn run(db: &Db, sql: &'static str) {
    db.execute(RawSql::new(sql)).await.unwrap();
}

async fn texts(db: &Db, sql: &'static str) -> Vec<Option<String>> {
    let rows = db.fetch_all(RawSql::new(sql)).await.unwrap();
    rows.iter()
        .map(|row| row.get::<Option<String>>(0).unwrap())
        .collect()
}
