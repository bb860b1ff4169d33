//! SQLite.

mod alter;
mod column;
mod literal;

use super::{Dialect, Grammar, Vendor};
use crate::schema::{Change, Ddl, Table};
use crate::{Column, ColumnType, Function, Name, RawSql, Statement, Value};

/// SQLite's dialect.
///
/// # Django
/// `django.db.backends.sqlite3`: the same tables, indexes and names.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct Sqlite;

/// SQLite's dialect.
pub static SQLITE: Sqlite = Sqlite;

impl Dialect for Sqlite {
    fn vendor(&self) -> Vendor {
        Vendor::Sqlite
    }

    fn max_params(&self) -> usize {
        // SQLITE_MAX_VARIABLE_NUMBER of every SQLite since 3.32.
        32_766
    }

    fn max_name_length(&self) -> usize {
        200
    }

    fn column_type(&self, kind: ColumnType) -> Name {
        column::type_name(kind)
    }

    fn table_names(&self) -> RawSql {
        RawSql::new(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name <> 'sqlite_sequence' ORDER BY name",
        )
    }

    fn create_table(&self, table: &Table) -> Vec<Statement> {
        let mut statements = vec![Ddl::CreateTable(table.clone()).into()];
        statements.extend(alter::create_indexes(table, self.max_name_length()));
        statements
    }

    fn alter(&self, table: &Table, change: &Change) -> Vec<Statement> {
        alter::plan(table, change, self.max_name_length())
    }
}

impl Grammar for Sqlite {
    fn write_placeholder(&self, _: usize, out: &mut String) {
        out.push('?');
    }

    fn write_value(&self, value: &Value, out: &mut String) {
        literal::write(value, out);
    }

    fn function_name(&self, function: Function) -> &'static str {
        match function {
            Function::Abs => "ABS",
            Function::Coalesce => "COALESCE",
            Function::Greatest => "MAX",
            Function::Least => "MIN",
            Function::Length => "LENGTH",
            Function::Lower => "LOWER",
            Function::LTrim => "LTRIM",
            Function::NullIf => "NULLIF",
            Function::Replace => "REPLACE",
            Function::Round => "ROUND",
            Function::RTrim => "RTRIM",
            Function::Substr => "SUBSTR",
            Function::Trim => "TRIM",
            Function::Upper => "UPPER",
        }
    }

    fn write_column(&self, column: &Column, out: &mut String) {
        column::write(column, out);
    }

    fn no_limit(&self) -> &'static str {
        "-1"
    }
}
