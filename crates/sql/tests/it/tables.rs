//! Django's own tables.

use nuages_sql::{
    Column, ColumnType, Dialect, Index, SQLITE, Table, UniqueConstraint, auto_index_name,
    index_name, print_inline,
};

fn check(table: &Table, expected: &[&str]) {
    let statements = SQLITE.create_table(table);
    let printed: Vec<String> = statements
        .iter()
        .map(|one| print_inline(one, &SQLITE))
        .collect();
    assert_eq!(printed, expected);
}

fn key() -> Column {
    Column::new("id", ColumnType::Auto).primary_key()
}

#[test]
fn permissions_are_as_django_makes_them() {
    let table = Table::new("auth_permission")
        .column(key())
        .column(
            Column::new("content_type_id", ColumnType::Integer)
                .references("django_content_type", "id"),
        )
        .column(Column::new("codename", ColumnType::Varchar(100)))
        .column(Column::new("name", ColumnType::Varchar(255)))
        .unique_together(["content_type_id", "codename"]);
    check(
        &table,
        &[
            concat!(
                r#"CREATE TABLE "auth_permission" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "#,
                r#""content_type_id" integer NOT NULL REFERENCES "django_content_type" ("id") DEFERRABLE INITIALLY DEFERRED, "#,
                r#""codename" varchar(100) NOT NULL, "name" varchar(255) NOT NULL)"#,
            ),
            r#"CREATE UNIQUE INDEX "auth_permission_content_type_id_codename_01ab375a_uniq" ON "auth_permission" ("content_type_id", "codename")"#,
            r#"CREATE INDEX "auth_permission_content_type_id_2f476e4b" ON "auth_permission" ("content_type_id")"#,
        ],
    );
}

#[test]
fn sessions_are_as_django_makes_them() {
    let table = Table::new("django_session")
        .column(Column::new("session_key", ColumnType::Varchar(40)).primary_key())
        .column(Column::new("session_data", ColumnType::Text))
        .column(Column::new("expire_date", ColumnType::DateTime).index());
    check(
        &table,
        &[
            r#"CREATE TABLE "django_session" ("session_key" varchar(40) NOT NULL PRIMARY KEY, "session_data" text NOT NULL, "expire_date" datetime NOT NULL)"#,
            r#"CREATE INDEX "django_session_expire_date_a5c62663" ON "django_session" ("expire_date")"#,
        ],
    );
}

#[test]
fn constraints_stand_in_the_table_and_indexes_beside_it() {
    let mut table = Table::new("t")
        .column(
            Column::new("n", ColumnType::PositiveInteger)
                .null()
                .unique(),
        )
        .column(Column::new("data", ColumnType::Json))
        .index(Index::new("i", ["n", "data"]));
    table.constraints.push(UniqueConstraint {
        name: "c".into(),
        columns: vec!["n".into(), "data".into()],
    });
    table.indexes[0].columns[1].descending = true;
    check(
        &table,
        &[
            concat!(
                r#"CREATE TABLE "t" ("n" integer unsigned NULL UNIQUE CHECK ("n" >= 0), "#,
                r#""data" text NOT NULL CHECK ((JSON_VALID("data") OR "data" IS NULL)), "#,
                r#"CONSTRAINT "c" UNIQUE ("n", "data"))"#,
            ),
            r#"CREATE INDEX "i" ON "t" ("n", "data" DESC)"#,
        ],
    );
}

#[test]
fn long_names_are_cut_as_django_cuts_them() {
    let columns = ["a_rather_long_column_name", "and_another_quite_long_one"];
    let name = index_name("a_table_with_a_really_long_name", &columns, "_uniq", 63);
    assert_eq!(name.len(), 63);
    assert!(
        name.starts_with("a_table_with_a_really_lo") && name.ends_with("_uniq"),
        "{name}"
    );
    assert_eq!(
        auto_index_name("app_author", &["-name", "color"]),
        "app_author_name_4e694b_idx"
    );
}
