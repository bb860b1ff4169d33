//! Changes to tables that hold rows: the rows, the references and the indexes stay.

use nuages_db::Db;
use nuages_migrations::operations::{
    AddField, AddIndex, AlterField, AlterUniqueTogether, DeleteModel, RemoveField, RenameField,
    RenameModel,
};
use nuages_migrations::{Field, Migration, Operation, Target};
use nuages_sql::Index;

use crate::{database, executor, initial, migrate, run, schema, texts};

/// A database with an author and a post, and the second migration that changes them.
async fn changed(
    operations: impl FnOnce(Migration) -> Migration,
) -> (Db, nuages_migrations::Executor) {
    let db = database().await;
    migrate(&db, &executor([initial()]), &Target::All).await;
    run(&db, "INSERT INTO blog_author (id, name) VALUES (7, 'Ann')").await;
    run(
        &db,
        "INSERT INTO blog_post (id, title, author_id) VALUES (1, 'Tea', 7)",
    )
    .await;
    let second =
        operations(Migration::new("blog", "0002_change").depends_on("blog", "0001_initial"));
    let executor = executor([initial(), second]);
    migrate(&db, &executor, &Target::All).await;
    (db, executor)
}

/// Forwards, then back: the schema is what it was, and the rows are still there.
async fn there_and_back(operation: impl Operation + 'static) -> Vec<String> {
    let before = database().await;
    migrate(&before, &executor([initial()]), &Target::All).await;
    let (db, executor) = changed(|migration| migration.operation(operation)).await;
    let after = schema(&db).await;
    migrate(
        &db,
        &executor,
        &Target::Migration("blog".into(), "0001".into()),
    )
    .await;
    let mut back = schema(&db).await;
    let mut was = schema(&before).await;
    back.sort();
    was.sort();
    assert_eq!(back, was);
    after
}

#[tokio::test]
async fn a_field_is_added_with_its_default_and_removed_again() {
    let after = there_and_back(AddField::new(
        "Post",
        "slug",
        Field::varchar(50).default("none"),
    ))
    .await;
    assert!(
        after
            .iter()
            .any(|sql| sql.contains(r#""slug" varchar(50) NOT NULL"#)),
        "{after:#?}"
    );
    let (db, _) = changed(|m| {
        m.operation(AddField::new(
            "Post",
            "slug",
            Field::varchar(50).default("none"),
        ))
    })
    .await;
    assert_eq!(
        texts(&db, "SELECT slug FROM blog_post").await,
        [Some("none".into())]
    );
}

#[tokio::test]
async fn a_longer_column_keeps_rows_references_and_indexes() {
    let after = there_and_back(AlterField::new(
        "Author",
        "name",
        Field::varchar(150).unique(),
    ))
    .await;
    assert!(
        after
            .iter()
            .any(|sql| sql.contains(r#""name" varchar(150) NOT NULL UNIQUE"#)),
        "{after:#?}"
    );
    let (db, _) = changed(|m| {
        m.operation(AlterField::new(
            "Author",
            "name",
            Field::varchar(150).unique(),
        ))
    })
    .await;
    let joined =
        "SELECT a.name || ':' || p.title FROM blog_post p JOIN blog_author a ON a.id = p.author_id";
    assert_eq!(texts(&db, joined).await, [Some("Ann:Tea".into())]);
    assert!(texts(&db, "PRAGMA foreign_key_check").await.is_empty());
    // The reference still points to the table of that name.
    let error = db
        .execute(nuages_sql::RawSql::new(
            "INSERT INTO blog_post (title, author_id) VALUES ('x', 99)",
        ))
        .await;
    assert!(error.unwrap_err().is_foreign_key_violation());
}

#[tokio::test]
async fn null_becomes_the_default_where_it_is_no_longer_allowed() {
    let (db, _) = changed(|m| {
        m.operation(AddField::new("Post", "note", Field::varchar(20).null()))
            .operation(AlterField::new(
                "Post",
                "note",
                Field::varchar(20).default("-"),
            ))
    })
    .await;
    assert_eq!(
        texts(&db, "SELECT note FROM blog_post").await,
        [Some("-".into())]
    );
}

#[tokio::test]
async fn a_field_and_a_model_are_renamed_with_what_is_in_them() {
    let (db, executor) = changed(|m| {
        m.operation(RenameField::new("Post", "title", "heading"))
            .operation(RenameModel::new("Post", "Article"))
    })
    .await;
    assert_eq!(
        texts(&db, "SELECT heading FROM blog_article").await,
        [Some("Tea".into())]
    );
    migrate(
        &db,
        &executor,
        &Target::Migration("blog".into(), "0001".into()),
    )
    .await;
    assert_eq!(
        texts(&db, "SELECT title FROM blog_post").await,
        [Some("Tea".into())]
    );
}

#[tokio::test]
async fn a_removed_field_takes_its_index_along_and_comes_back_empty() {
    let (db, executor) = changed(|m| m.operation(RemoveField::new("Post", "title"))).await;
    assert!(!schema(&db).await.iter().any(|sql| sql.contains("title")));
    assert_eq!(
        texts(&db, "SELECT CAST(id AS text) FROM blog_post").await,
        [Some("1".into())]
    );
    migrate(
        &db,
        &executor,
        &Target::Migration("blog".into(), "0001".into()),
    )
    .await;
    assert_eq!(
        texts(&db, "SELECT title FROM blog_post").await,
        [Some(String::new())]
    );
}

#[tokio::test]
async fn named_indexes_and_unique_together_come_and_go() {
    let after = there_and_back(AddIndex::new(
        "Post",
        Index::new("post_both", ["title", "author_id"]),
    ))
    .await;
    assert!(
        after
            .iter()
            .any(|sql| sql.starts_with(r#"CREATE INDEX "post_both""#))
    );
    let after = there_and_back(AlterUniqueTogether::new("Post").set(["title", "author"])).await;
    assert!(
        after
            .iter()
            .any(|sql| sql.starts_with(r#"CREATE UNIQUE INDEX "blog_post_title_author_id_"#)),
        "{after:#?}"
    );
}

#[tokio::test]
async fn a_deleted_model_comes_back_empty() {
    let (db, executor) = changed(|m| m.operation(DeleteModel::new("Post"))).await;
    assert!(
        !schema(&db)
            .await
            .iter()
            .any(|sql| sql.contains("blog_post"))
    );
    migrate(
        &db,
        &executor,
        &Target::Migration("blog".into(), "0001".into()),
    )
    .await;
    assert!(texts(&db, "SELECT title FROM blog_post").await.is_empty());
}

#[tokio::test]
async fn a_name_that_is_not_there_is_a_clear_error() {
    let db = database().await;
    let wrong = Migration::new("blog", "0002_wrong")
        .depends_on("blog", "0001_initial")
        .operation(RemoveField::new("Post", "titel"));
    let error = executor([initial(), wrong])
        .run(&db, &Target::All)
        .await
        .unwrap_err();
    assert_eq!(
        error.to_string(),
        "migration blog.0002_wrong: blog.Post has no field titel"
    );
}

#[tokio::test]
async fn a_migration_without_a_transaction_keeps_rows_and_references() {
    let db = database().await;
    let longer = Migration::new("blog", "0002_longer")
        .depends_on("blog", "0001_initial")
        .non_atomic()
        .operation(AlterField::new(
            "Author",
            "name",
            Field::varchar(300).unique(),
        ));
    migrate(&db, &executor([initial()]), &Target::All).await;
    run(&db, "INSERT INTO blog_author (id, name) VALUES (1, 'Ann')").await;
    run(
        &db,
        "INSERT INTO blog_post (title, author_id) VALUES ('One', 1)",
    )
    .await;
    migrate(&db, &executor([initial(), longer]), &Target::All).await;
    assert_eq!(
        texts(
            &db,
            "SELECT name FROM blog_post JOIN blog_author ON author_id = blog_author.id"
        )
        .await,
        [Some("Ann".into())]
    );
}
