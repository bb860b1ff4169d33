//! The schema, the content types and the permissions are Django's.

use std::path::Path;

use nuages_auth::{Created, models, post_migrate};
use nuages_db::{Db, DbSettings};
use nuages_migrations::{AppMigrations, Executor, Target};
use nuages_sql::RawSql;
use tokio::sync::OnceCell;

/// Runs a future on a runtime of its own.
pub(crate) fn run<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap()
        .block_on(future)
}

pub(crate) fn all_migrations() -> Vec<AppMigrations> {
    let mut apps = nuages_auth::app_migrations();
    apps.push(nuages_sessions::app_migrations());
    apps
}

/// A database in memory, migrated step by step.
async fn migrated() -> Db {
    let db = Db::connect(&DbSettings::new("sqlite::memory:"))
        .await
        .unwrap();
    let executor = Executor::new(&all_migrations()).unwrap();
    executor.run(&db, &Target::All).await.unwrap();
    let mut all = models();
    all.extend(nuages_sessions::models());
    post_migrate(&db, &all).await.unwrap();
    db
}

/// What makes a migrated database at once, taken from one that went step by step.
async fn image() -> &'static [&'static str] {
    static IMAGE: OnceCell<Vec<&'static str>> = OnceCell::const_new();
    let make = async || {
        let db = migrated().await;
        let mut all = schema(&db).await;
        let permissions = RawSql::new(
            "SELECT 'INSERT INTO auth_permission (id, content_type_id, codename, name) VALUES (' || id || ', ' || content_type_id || ', ' || quote(codename) || ', ' || quote(name) || ')' FROM auth_permission",
        );
        let types = RawSql::new(
            "SELECT 'INSERT INTO django_content_type VALUES (' || id || ', ' || quote(app_label) || ', ' || quote(model) || ')' FROM django_content_type",
        );
        for query in [types, permissions] {
            for row in db.fetch_all(query).await.unwrap() {
                all.push(row.get(0).unwrap());
            }
        }
        // Tables before their indexes.
        all.sort_by_key(|sql| !sql.starts_with("CREATE TABLE"));
        all.into_iter().map(|sql| &*sql.leak()).collect()
    };
    IMAGE.get_or_init(make).await
}

/// A migrated database in memory.
pub(crate) async fn database() -> Db {
    let image = image().await;
    let db = Db::connect(&DbSettings::new("sqlite::memory:"))
        .await
        .unwrap();
    db.atomic(async |tx: Db| {
        for sql in image {
            tx.execute(RawSql::new(sql)).await?;
        }
        Ok::<_, nuages_db::Error>(())
    })
    .await
    .unwrap();
    db
}

/// All statements that make the schema, without what SQLite and the migrations keep for themselves.
async fn schema(db: &Db) -> Vec<String> {
    let rows = db
        .fetch_all(RawSql::new(
            "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY name",
        ))
        .await
        .unwrap();
    let sql = rows.iter().map(|row| row.get::<String>(0).unwrap());
    sql.filter(|sql| !sql.contains("sqlite_sequence") && !sql.contains("django_migrations"))
        .collect()
}

#[test]
fn the_schema_is_django_s() {
    let path =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/bench/schema/sqlite.sql");
    let Ok(text) = std::fs::read_to_string(&path) else {
        println!("skipped: there is no schema at {}", path.display());
        return;
    };
    run(async {
        let mut ours = schema(&migrated().await).await;
        // The one table that Django does not have has a label of its own.
        ours.retain(|sql| !sql.contains("\"nuages_login_attempt"));
        let mut theirs: Vec<&str> = text
            .lines()
            .filter(|line| line.starts_with("CREATE"))
            .filter(|line| {
                ["\"auth_", "\"django_content_type", "\"django_session"]
                    .iter()
                    .any(|table| {
                        line.contains(&format!("TABLE {table}"))
                            || line.contains(&format!("ON {table}"))
                    })
            })
            .map(|line| line.trim_end_matches(';'))
            .collect();
        let name = |sql: &str| sql.split('"').nth(1).unwrap().to_owned();
        theirs.sort_by_key(|sql| name(sql));
        assert_eq!(ours, theirs);
    });
}

#[test]
fn content_types_and_permissions_are_django_s() {
    run(async {
        let db = migrated().await;
        let rows = db
            .fetch_all(RawSql::new(
                "SELECT app_label, model, codename, p.name FROM auth_permission p JOIN django_content_type c ON c.id = content_type_id ORDER BY p.id",
            ))
            .await
            .unwrap();
        let text = |row: &nuages_db::Row, at| row.get::<String>(at).unwrap();
        let all: Vec<_> = rows
            .iter()
            .map(|row| {
                format!(
                    "{}.{} {} {}",
                    text(row, 0),
                    text(row, 1),
                    text(row, 2),
                    text(row, 3)
                )
            })
            .collect();
        assert_eq!(all.len(), 20);
        assert_eq!(all[0], "auth.permission add_permission Can add permission");
        assert_eq!(all[9], "auth.user change_user Can change user");
        assert_eq!(
            all[14],
            "contenttypes.contenttype delete_contenttype Can delete content type"
        );
        assert_eq!(all[19], "sessions.session view_session Can view session");
        // Once more adds nothing.
        let again = post_migrate(&db, &models()).await.unwrap();
        assert_eq!(again, Created::default());
    });
}

#[test]
fn every_migration_can_be_undone() {
    run(async {
        let db = migrated().await;
        let before = schema(&db).await;
        let executor = Executor::new(&all_migrations()).unwrap();
        for app in ["sessions", "nuages_auth", "auth", "contenttypes"] {
            executor
                .run(&db, &Target::Migration(app.to_owned(), "zero".to_owned()))
                .await
                .unwrap();
        }
        assert_eq!(schema(&db).await, Vec::<String>::new());
        executor.run(&db, &Target::All).await.unwrap();
        assert_eq!(schema(&db).await, before);
    });
}
