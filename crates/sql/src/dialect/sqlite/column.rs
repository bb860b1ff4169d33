//! Columns as Django's SQLite backend spells them.

use super::super::grammar::write_name;
use crate::{Column, ColumnType, Name};

/// The name of a type.
pub(super) fn type_name(kind: ColumnType) -> Name {
    Name::Borrowed(match kind {
        // SQLite counts only columns that are `integer` to the letter.
        ColumnType::Auto | ColumnType::BigAuto | ColumnType::SmallAuto | ColumnType::Integer => {
            "integer"
        }
        ColumnType::Boolean => "bool",
        ColumnType::SmallInteger => "smallint",
        ColumnType::BigInteger | ColumnType::Duration => "bigint",
        ColumnType::PositiveSmallInteger => "smallint unsigned",
        ColumnType::PositiveInteger => "integer unsigned",
        ColumnType::PositiveBigInteger => "bigint unsigned",
        ColumnType::Varchar(length) => return Name::Owned(format!("varchar({length})")),
        ColumnType::Text | ColumnType::Json => "text",
        ColumnType::DateTime => "datetime",
        ColumnType::Date => "date",
        ColumnType::Time => "time",
        ColumnType::Float => "real",
        ColumnType::Decimal { .. } => "decimal",
        ColumnType::Binary => "BLOB",
        ColumnType::Uuid => "char(32)",
        ColumnType::IpAddress => "char(39)",
    })
}

/// Everything after the name: type, NULL, keys, checks, foreign key.
pub(super) fn write(column: &Column, out: &mut String) {
    out.push_str(&type_name(column.kind));
    out.push_str(if column.null { " NULL" } else { " NOT NULL" });
    if column.primary_key {
        out.push_str(" PRIMARY KEY");
    } else if column.unique {
        out.push_str(" UNIQUE");
    }
    write_check(column, out);
    if column.kind.is_auto() {
        out.push_str(" AUTOINCREMENT");
    }
    if let Some(to) = column.references.as_ref().filter(|to| to.constraint) {
        out.push_str(" REFERENCES ");
        write_name(&to.table, out);
        out.push_str(" (");
        write_name(&to.column, out);
        out.push_str(") DEFERRABLE INITIALLY DEFERRED");
    }
}

fn write_check(column: &Column, out: &mut String) {
    match column.kind {
        ColumnType::PositiveSmallInteger
        | ColumnType::PositiveInteger
        | ColumnType::PositiveBigInteger => {
            out.push_str(" CHECK (");
            write_name(&column.name, out);
            out.push_str(" >= 0)");
        }
        ColumnType::Json => {
            out.push_str(" CHECK ((JSON_VALID(");
            write_name(&column.name, out);
            out.push_str(") OR ");
            write_name(&column.name, out);
            out.push_str(" IS NULL))");
        }
        _ => {}
    }
}
