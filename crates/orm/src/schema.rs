//! A model's table, as Django would make it.

use nuages_db::Db;
use nuages_sql::{Column, Index, IndexColumn, Name, Reference, Table, auto_index_name};

use crate::error::Result;
use crate::meta::{FieldMeta, IndexMeta, ModelMeta};
use crate::model::Model;

/// A model's table, with its constraints and indexes.
///
/// ```
/// # mod library { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/library.in")); }
/// # use library::Author;
/// use nuages_orm::{Model as _, schema};
/// use nuages_sql::{Dialect as _, SQLITE, print_inline};
///
/// let statements = SQLITE.create_table(&schema::table(Author::meta()));
/// assert_eq!(
///     print_inline(&statements[0], &SQLITE),
///     r#"CREATE TABLE "library_author" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "name" varchar(100) NOT NULL)"#,
/// );
/// ```
pub fn table(meta: &ModelMeta) -> Table {
    Table {
        name: meta.table.into(),
        columns: meta
            .fields
            .iter()
            .enumerate()
            .map(|(index, field)| column(field, index == meta.pk_index))
            .collect(),
        unique_together: meta
            .unique_together
            .iter()
            .map(|group| {
                group
                    .iter()
                    .filter_map(|name| column_name(meta, name))
                    .collect()
            })
            .collect(),
        constraints: Vec::new(),
        indexes: meta.indexes.iter().map(|one| index(meta, one)).collect(),
    }
}

/// Makes a model's table: for tests and examples. A site makes its tables by migrations.
///
/// # Errors
/// When the database refuses: there is such a table already.
pub async fn create_table<M: Model>(db: &Db) -> Result<()> {
    create(M::meta(), db).await
}

async fn create(meta: &'static ModelMeta, db: &Db) -> Result<()> {
    for statement in db.dialect().create_table(&table(meta)) {
        db.execute(&statement).await?;
    }
    Ok(())
}

fn column(field: &FieldMeta, primary_key: bool) -> Column {
    Column {
        null: field.null,
        primary_key,
        unique: field.unique,
        index: field.db_index,
        references: field.relation.map(|to| {
            let to = to();
            Reference {
                table: to.table.into(),
                column: to.pk().column.into(),
                constraint: true,
            }
        }),
        ..Column::new(field.column, field.column_type())
    }
}

fn column_name(meta: &ModelMeta, field: &str) -> Option<Name> {
    meta.field(field).map(|field| field.column.into())
}

fn index(meta: &ModelMeta, index: &IndexMeta) -> Index {
    let columns: Vec<IndexColumn> = index
        .fields
        .iter()
        .filter_map(|sorted| {
            Some(IndexColumn {
                name: column_name(meta, sorted.field)?,
                descending: sorted.descending,
            })
        })
        .collect();
    let name = index.name.map_or_else(
        || {
            let signed: Vec<String> = columns.iter().map(signed).collect();
            let signed: Vec<&str> = signed.iter().map(String::as_str).collect();
            auto_index_name(meta.table, &signed).into()
        },
        Name::Borrowed,
    );
    Index {
        name,
        columns,
        unique: false,
    }
}

/// `-name` for a column that is sorted downwards.
fn signed(column: &IndexColumn) -> String {
    let sign = if column.descending { "-" } else { "" };
    format!("{sign}{}", column.name)
}
