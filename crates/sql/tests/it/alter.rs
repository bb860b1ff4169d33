//! Changes to tables.

use nuages_sql::{Change, Column, ColumnType, Dialect, Index, SQLITE, Table, Value, print_inline};

fn table() -> Table {
    Table::new("p")
        .column(Column::new("id", ColumnType::BigAuto).primary_key())
        .column(Column::new("a", ColumnType::Varchar(9)).null())
        .column(Column::new("b", ColumnType::Integer))
        .column(Column::new("c_id", ColumnType::BigInteger).references("c", "id"))
        .unique_together(["a", "b"])
}

fn check(change: &Change, expected: &[&str]) {
    let statements = SQLITE.alter(&table(), change);
    let printed: Vec<String> = statements
        .iter()
        .map(|one| print_inline(one, &SQLITE))
        .collect();
    assert_eq!(printed, expected);
}

const ID: &str = r#""id" integer NOT NULL PRIMARY KEY AUTOINCREMENT"#;
const C_ID: &str = r#""c_id" bigint NOT NULL REFERENCES "c" ("id") DEFERRABLE INITIALLY DEFERRED"#;

#[test]
fn a_column_with_null_is_added_in_place() {
    let column = Column::new("d_id", ColumnType::Integer)
        .null()
        .references("d", "id");
    check(
        &Change::AddColumn {
            column,
            fill: Value::Null,
        },
        &[
            r#"ALTER TABLE "p" ADD COLUMN "d_id" integer NULL REFERENCES "d" ("id") DEFERRABLE INITIALLY DEFERRED"#,
            r#"CREATE INDEX "p_d_id_ff8845e8" ON "p" ("d_id")"#,
        ],
    );
}

#[test]
fn an_altered_column_comes_last_and_takes_the_indexes_along() {
    let change = Change::AlterColumn {
        name: "a".into(),
        to: Column::new("z", ColumnType::Varchar(20)),
        fill: Value::from("it's"),
        related: vec![],
    };
    check(
        &change,
        &[
            &format!(
                r#"CREATE TABLE "new__p" ({ID}, "b" integer NOT NULL, {C_ID}, "z" varchar(20) NOT NULL)"#
            ),
            r#"INSERT INTO "new__p" ("id", "b", "c_id", "z") SELECT "id", "b", "c_id", COALESCE("a", 'it''s') FROM "p""#,
            r#"DROP TABLE "p""#,
            r#"ALTER TABLE "new__p" RENAME TO "p""#,
            r#"CREATE UNIQUE INDEX "p_z_b_7c6e9730_uniq" ON "p" ("z", "b")"#,
            r#"CREATE INDEX "p_c_id_01ced8be" ON "p" ("c_id")"#,
        ],
    );
}

#[test]
fn a_mere_name_is_changed_in_place() {
    let change = Change::AlterColumn {
        name: "b".into(),
        to: Column::new("z", ColumnType::Integer),
        fill: Value::Null,
        related: vec![],
    };
    check(&change, &[r#"ALTER TABLE "p" RENAME COLUMN "b" TO "z""#]);
}

#[test]
fn a_key_of_another_type_remakes_the_tables_that_refer_to_it() {
    let related =
        Table::new("r").column(Column::new("p_id", ColumnType::BigInteger).references("p", "id"));
    let change = Change::AlterColumn {
        name: "id".into(),
        to: Column::new("id", ColumnType::Uuid).primary_key(),
        fill: Value::Null,
        related: vec![related],
    };
    let statements = SQLITE.alter(&table(), &change);
    let printed: Vec<String> = statements
        .iter()
        .map(|one| print_inline(one, &SQLITE))
        .collect();
    assert!(
        printed
            .iter()
            .any(|sql| sql.starts_with(r#"CREATE TABLE "new__r""#)),
        "{printed:#?}"
    );
}

#[test]
fn columns_are_unique_together_in_place_and_no_longer_by_a_remake() {
    let more = vec![
        vec!["a".into(), "b".into()],
        vec!["b".into(), "c_id".into()],
    ];
    check(
        &Change::UniqueTogether(more),
        &[r#"CREATE UNIQUE INDEX "p_b_c_id_b7d19bb7_uniq" ON "p" ("b", "c_id")"#],
    );
    // Whatever the index is called there, it is gone.
    let statements = SQLITE.alter(&table(), &Change::UniqueTogether(vec![]));
    let printed: Vec<String> = statements
        .iter()
        .map(|one| print_inline(one, &SQLITE))
        .collect();
    assert!(printed[0].starts_with(r#"CREATE TABLE "new__p""#));
    assert_eq!(
        printed[4..],
        [r#"CREATE INDEX "p_c_id_01ced8be" ON "p" ("c_id")"#]
    );
}

#[test]
fn indexes_come_and_go_by_name() {
    check(
        &Change::AddIndex(Index::new("i", ["b"]).unique()),
        &[r#"CREATE UNIQUE INDEX "i" ON "p" ("b")"#],
    );
    check(&Change::DropIndex("i".into()), &[r#"DROP INDEX "i""#]);
    check(
        &Change::Rename("q".into()),
        &[r#"ALTER TABLE "p" RENAME TO "q""#],
    );
}
