//! The same migrations by real Django and by us, step by step.
//!
//! `oracle/record.py` ran them with Django; `oracle/django.txt` is what it made of the database.

use nuages_db::Db;
use nuages_migrations::operations::{
    AddConstraint, AddField, AddIndex, AlterField, AlterUniqueTogether, CreateModel, DeleteModel,
    RemoveConstraint, RemoveField, RemoveIndex, RenameField, RunSql,
};
use nuages_migrations::{AppMigrations, Executor, Field, Migration, OnDelete, Target};
use nuages_sql::{Expr, Index, IndexColumn, Select, UniqueConstraint, Value};

use crate::{database, run, schema};

const RECORDED: &str = include_str!("oracle/django.txt");

fn step(number: u32) -> Migration {
    let name = |number: u32| format!("{number:04}_step");
    let migration = Migration::new("shop", name(number));
    if number == 1 {
        return migration;
    }
    migration.depends_on("shop", name(number - 1))
}

fn author() -> Field {
    Field::foreign_key("shop.Author", OnDelete::Cascade)
}

fn book() -> CreateModel {
    let title = IndexColumn {
        name: "title".into(),
        descending: true,
    };
    CreateModel::new("Book")
        .field("id", Field::big_auto())
        .field("title", Field::varchar(200).db_index())
        .field("pages", Field::integer().null())
        .field("author", author())
        .field(
            "sequel",
            Field::foreign_key("shop.Book", OnDelete::Cascade).null(),
        )
        .unique_together(["title", "author"])
        .index(Index::new(
            "title_idx",
            [title, IndexColumn::from("author_id")],
        ))
}

fn constraint() -> UniqueConstraint {
    UniqueConstraint {
        name: "isbn_length".into(),
        columns: vec!["isbn".into(), "length".into()],
    }
}

fn executor() -> Executor {
    let migrations = [
        step(1)
            .operation(
                CreateModel::new("Author")
                    .field("id", Field::big_auto())
                    .field("name", Field::varchar(100).unique()),
            )
            .operation(book()),
        step(2)
            .operation(AddField::new(
                "Book",
                "isbn",
                Field::varchar(13).default("it's"),
            ))
            .operation(AddField::new("Book", "sold", Field::date_time().null()))
            .operation(AddField::new("Book", "editor", author().null())),
        step(3)
            .operation(AlterField::new(
                "Book",
                "pages",
                Field::positive_integer().default(7),
            ))
            .operation(AlterField::new(
                "Author",
                "name",
                Field::varchar(150).unique(),
            )),
        step(4).operation(RenameField::new("Book", "pages", "length")),
        step(5)
            .operation(AlterUniqueTogether::new("Book").set(["title", "isbn"]))
            .operation(RemoveField::new("Book", "sold"))
            .operation(RemoveField::new("Book", "editor")),
        step(6).operation(AlterField::new("Author", "id", Field::auto())),
        step(7)
            .operation(RemoveIndex::new("Book", "title_idx"))
            .operation(AddIndex::new("Book", Index::new("isbn_idx", ["isbn"])))
            .operation(AddConstraint::new("Book", constraint()))
            .operation(AlterField::new("Book", "title", Field::text().null()))
            .operation(CreateModel::new("Shelf").field("code", Field::varchar(5).primary_key())),
        step(8)
            .operation(RemoveConstraint::new("Book", "isbn_length"))
            .operation(AlterUniqueTogether::new("Book"))
            .operation(DeleteModel::new("Shelf"))
            .operation(
                RunSql::new("UPDATE shop_book SET length = length + 1")
                    .reverse("UPDATE shop_book SET length = length - 1"),
            ),
    ];
    Executor::new(&[AppMigrations::new("shop", migrations)]).unwrap()
}

/// What Django recorded after one step: the tables and indexes, then the rows.
fn recorded(title: &str) -> Vec<&'static str> {
    let lines = RECORDED.lines();
    let after = lines.skip_while(|line| *line != format!("## {title}"));
    after
        .skip(1)
        .take_while(|line| !line.starts_with("## "))
        .collect()
}

/// The rows as the recording writes them.
async fn rows(db: &Db) -> Vec<String> {
    let mut lines = Vec::new();
    for table in db.table_names().await.unwrap() {
        if !table.starts_with("shop_") {
            continue;
        }
        let all = Select::from(table.clone())
            .expr(Expr::raw(nuages_sql::RawSql::new("*")))
            .order_by(Expr::raw(nuages_sql::RawSql::new("1")).asc());
        for row in db.fetch_all(&all).await.unwrap() {
            let values: Vec<String> = row.values().iter().map(written).collect();
            lines.push(format!("-- {table}: {}", values.join(", ")));
        }
    }
    lines
}

fn written(value: &Value) -> String {
    match value {
        Value::Null => "NULL".to_owned(),
        Value::Int(number) => number.to_string(),
        Value::Text(text) => text.clone(),
        other => panic!("the recording has no {}", other.kind()),
    }
}

/// Columns in the order of the alphabet: undoing, Django puts them in an order of its own.
/// It also leaves a reference with the type that its key no longer has, until the next remake.
fn sorted(sql: &str) -> String {
    let sql = sql.replace(r#""author_id" integer"#, r#""author_id" bigint"#);
    let mut parts: Vec<&str> = sql
        .split([',', '('])
        .map(|part| part.trim().trim_end_matches(')'))
        .collect();
    parts.sort_unstable();
    parts.join("|")
}

#[tokio::test]
async fn every_step_makes_what_django_makes() {
    let db = database().await;
    let executor = executor();
    for number in 1..=8 {
        let name = format!("{number:04}_step");
        let target = Target::Migration("shop".into(), name.clone());
        executor.run(&db, &target).await.unwrap();
        if number == 1 {
            run(&db, "INSERT INTO shop_author VALUES (1, 'Ann'), (2, 'Bob')").await;
            run(
                &db,
                "INSERT INTO shop_book (id, title, pages, author_id, sequel_id) VALUES (1, 'One', NULL, 1, 2), (2, 'Two', 20, 2, NULL)",
            )
            .await;
        }
        let mut ours = schema(&db).await;
        ours.extend(rows(&db).await);
        assert_eq!(ours, recorded(&name), "{name}");
    }
    for number in (1..=7).rev() {
        let name = format!("{number:04}_step");
        let target = Target::Migration("shop".into(), name.clone());
        executor.run(&db, &target).await.unwrap();
        let title = format!("back to {name}");
        let theirs = recorded(&title);
        let theirs = theirs.iter().filter(|line| !line.starts_with("-- "));
        let theirs: Vec<String> = theirs.map(|line| sorted(line)).collect();
        let ours: Vec<String> = schema(&db).await.iter().map(|line| sorted(line)).collect();
        assert_eq!(ours, theirs, "{title}");
        assert_eq!(rows(&db).await.len(), 4, "{title}");
    }
    let sequel = Select::from("shop_book")
        .column("shop_book", "sequel_id")
        .filter(Expr::bare("id").eq(Expr::value(1)));
    assert_eq!(db.fetch_value::<i64>(&sequel).await.unwrap(), Some(2));
}
