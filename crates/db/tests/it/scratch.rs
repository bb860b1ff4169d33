//! Databases to try things on.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

use nuages_db::{Db, DbSettings};
use nuages_sql::RawSql;

/// A folder that is gone at the end of the test.
pub(crate) struct Folder(PathBuf);

impl Folder {
    pub(crate) fn new() -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let name = format!("nuages-db-{}-{count}", std::process::id());
        let path = std::env::temp_dir().join(name);
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    pub(crate) fn path(&self) -> &Path {
        &self.0
    }

    pub(crate) fn settings(&self) -> DbSettings {
        DbSettings {
            base_dir: Some(self.0.clone()),
            ..DbSettings::new("sqlite:///db.sqlite3")
        }
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

const TABLES: [&str; 2] = [
    "CREATE TABLE tea (id integer NOT NULL PRIMARY KEY AUTOINCREMENT, name varchar(50) NOT NULL UNIQUE, \
     grams integer NULL CHECK (grams > 0))",
    "CREATE TABLE cup (id integer NOT NULL PRIMARY KEY AUTOINCREMENT, \
     tea_id bigint NOT NULL REFERENCES tea (id) DEFERRABLE INITIALLY DEFERRED)",
];

/// Makes the tables in a database.
pub(crate) async fn with_tables(settings: &DbSettings) -> Db {
    let db = Db::connect(settings).await.unwrap();
    for table in TABLES {
        db.execute(RawSql::new(table)).await.unwrap();
    }
    db
}

/// Tables in memory.
pub(crate) async fn memory() -> Db {
    with_tables(&DbSettings::default()).await
}

/// How many teas there are.
pub(crate) async fn teas(db: &Db) -> i64 {
    let count = RawSql::new("SELECT COUNT(*) FROM tea");
    db.fetch_value(count).await.unwrap().unwrap()
}

/// Adds a tea.
pub(crate) fn insert(name: &str) -> RawSql {
    RawSql::new("INSERT INTO tea (name) VALUES (?)").bind(name)
}
