//! Applying, undoing, and keeping Django's history.

use nuages_db::Db;
use nuages_migrations::operations::{CreateModel, RunRust, RunSql};
use nuages_migrations::{AppMigrations, Executor, Field, Migration, Target};

use crate::{database, executor, initial, migrate, run, schema, texts};

#[tokio::test]
async fn tables_and_indexes_are_djangos_own() {
    let db = database().await;
    assert_eq!(
        migrate(&db, &executor([initial()]), &Target::All).await,
        ["apply blog.0001_initial"]
    );
    assert_eq!(
        schema(&db).await,
        [
            r#"CREATE TABLE "blog_author" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "name" varchar(100) NOT NULL UNIQUE)"#,
            r#"CREATE TABLE "blog_post" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "title" varchar(200) NOT NULL, "author_id" bigint NOT NULL REFERENCES "blog_author" ("id") DEFERRABLE INITIALLY DEFERRED)"#,
            r#"CREATE INDEX "blog_post_author_id_dd7a8485" ON "blog_post" ("author_id")"#,
            r#"CREATE INDEX "blog_post_title_adf2f203" ON "blog_post" ("title")"#,
        ]
    );
    assert_eq!(
        texts(&db, "SELECT app || '.' || name FROM django_migrations").await,
        [Some("blog.0001_initial".into())]
    );
}

#[tokio::test]
async fn a_second_run_does_nothing() {
    let db = database().await;
    let executor = executor([initial()]);
    migrate(&db, &executor, &Target::All).await;
    assert!(migrate(&db, &executor, &Target::All).await.is_empty());
}

#[tokio::test]
async fn a_history_that_django_wrote_is_left_alone() {
    let db = database().await;
    run(&db, r#"CREATE TABLE "django_migrations" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "app" varchar(255) NOT NULL, "name" varchar(255) NOT NULL, "applied" datetime NOT NULL)"#).await;
    run(&db, "INSERT INTO django_migrations (app, name, applied) VALUES ('blog', '0001_initial', '2026-11-23 01:53:34.492563')").await;
    assert!(
        migrate(&db, &executor([initial()]), &Target::All)
            .await
            .is_empty()
    );
    assert!(schema(&db).await.is_empty());
}

#[tokio::test]
async fn undoing_everything_leaves_nothing() {
    let db = database().await;
    let executor = executor([initial()]);
    migrate(&db, &executor, &Target::All).await;
    let zero = Target::Migration("blog".into(), "zero".into());
    assert_eq!(
        migrate(&db, &executor, &zero).await,
        ["unapply blog.0001_initial"]
    );
    assert!(schema(&db).await.is_empty());
    assert!(
        texts(&db, "SELECT name FROM django_migrations")
            .await
            .is_empty()
    );
}

#[tokio::test]
async fn a_migration_that_fails_leaves_no_trace_and_names_its_operation() {
    let db = database().await;
    let broken = Migration::new("blog", "0002_broken")
        .depends_on("blog", "0001_initial")
        .operation(CreateModel::new("Tag").field("id", Field::big_auto()))
        .operation(RunSql::new("INSERT INTO nowhere VALUES (1)"));
    let error = executor([initial(), broken])
        .run(&db, &Target::All)
        .await
        .unwrap_err();
    assert!(
        error
            .to_string()
            .starts_with("migration blog.0002_broken: run SQL: "),
        "{error}"
    );
    assert!(!schema(&db).await.iter().any(|sql| sql.contains("blog_tag")));
    assert_eq!(
        texts(&db, "SELECT name FROM django_migrations").await,
        [Some("0001_initial".into())]
    );
}

#[tokio::test]
async fn an_applied_migration_whose_dependency_is_not_is_refused() {
    let db = database().await;
    let second = Migration::new("blog", "0002_more").depends_on("blog", "0001_initial");
    let executor = executor([initial(), second]);
    migrate(&db, &executor, &Target::All).await;
    run(
        &db,
        "DELETE FROM django_migrations WHERE name = '0001_initial'",
    )
    .await;
    let error = executor.run(&db, &Target::All).await.unwrap_err();
    assert!(error.to_string().starts_with(
        "migration blog.0002_more is applied before its dependency blog.0001_initial"
    ));
}

#[tokio::test]
async fn a_data_migration_runs_in_the_transaction_and_back() {
    let db = database().await;
    let fill = async |db: Db, sql: &'static str| {
        db.execute(nuages_sql::RawSql::new(sql)).await.map(|_| ())
    };
    let data = Migration::new("blog", "0002_data")
        .depends_on("blog", "0001_initial")
        .operation(
            RunRust::new(move |db| async move {
                fill(db, "INSERT INTO blog_author (name) VALUES ('Ann')").await
            })
            .reverse(move |db| async move { fill(db, "DELETE FROM blog_author").await }),
        );
    let executor = executor([initial(), data]);
    migrate(&db, &executor, &Target::All).await;
    assert_eq!(
        texts(&db, "SELECT name FROM blog_author").await,
        [Some("Ann".into())]
    );
    migrate(
        &db,
        &executor,
        &Target::Migration("blog".into(), "0001".into()),
    )
    .await;
    assert!(texts(&db, "SELECT name FROM blog_author").await.is_empty());
}

#[tokio::test]
async fn what_cannot_be_undone_says_so() {
    let db = database().await;
    let once = Migration::new("blog", "0002_once")
        .depends_on("blog", "0001_initial")
        .operation(RunSql::new("SELECT 1"));
    let executor = executor([initial(), once]);
    migrate(&db, &executor, &Target::All).await;
    let error = executor
        .run(&db, &Target::Migration("blog".into(), "0001".into()))
        .await
        .unwrap_err();
    assert_eq!(
        error.to_string(),
        "migration blog.0002_once: the operation `run SQL` cannot be undone"
    );
}

#[tokio::test]
async fn the_list_says_what_is_applied() {
    let db = database().await;
    let apps = [
        AppMigrations::new("blog", [initial()]),
        AppMigrations::new("shop", [Migration::new("shop", "0001_initial")]),
    ];
    let executor = Executor::new(&apps).unwrap();
    migrate(&db, &executor, &Target::App("blog".into())).await;
    let found = executor.show(&db).await.unwrap();
    assert_eq!(
        found,
        [
            ("blog".into(), "0001_initial".into(), true),
            ("shop".into(), "0001_initial".into(), false)
        ]
    );
}
