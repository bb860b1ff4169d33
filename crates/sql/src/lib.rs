//! SQL as a value: expressions, statements and their printers, one a dialect.
//!
//! This is the only room that writes SQL text. A statement is a plain struct; a [`Dialect`] prints
//! it as text with bound parameters. Names are always quoted and values always bound, so that
//! nothing from outside can become SQL.
//!
//! ```
//! use nuages_sql::{Expr, SQLITE, Select, Value};
//!
//! let hostile = "x' OR 1=1 --";
//! let select = Select::from("user").column("user", "id")
//!     .filter(Expr::column("user", "name").eq(Expr::value(hostile)));
//! let printed = nuages_sql::print(&select, &SQLITE);
//! assert_eq!(printed.sql(), r#"SELECT "user"."id" FROM "user" WHERE "user"."name" = ?"#);
//! assert_eq!(printed.params().get(0), Some(&Value::from(hostile)));
//! ```
//!
//! - Reading and changing rows: [`Select`], [`Insert`], [`Update`], [`Delete`], made of [`Expr`].
//! - Changing tables: [`Table`], [`Change`], [`Dialect::create_table`], [`Dialect::alter`], [`Ddl`].
//! - Statements printed once and run often: [`Prepared`].
//! - Hand-written SQL: [`RawSql`].
//!
//! Internal crate of `nuages`: versions move in lockstep, and only the facade promises stability.
#![forbid(unsafe_code)]

mod dialect;
mod expr;
mod name;
mod prepared;
mod printed;
mod query;
mod raw;
mod schema;
mod statement;
mod value;

pub use dialect::{Dialect, SQLITE, Sqlite, Vendor};
pub use expr::{Aggregate, BinaryOp, Direction, Expr, Function, Lookup, Nulls, Order};
pub use name::Name;
pub use prepared::{Bound, Prepared};
pub use printed::{Access, Params, Printed, Query, print, print_inline};
pub use query::{
    ConflictAction, Delete, Insert, InsertSource, Join, JoinKind, OnConflict, Select, SelectItem,
    Source, Update,
};
pub use raw::RawSql;
pub use schema::{
    Change, Column, ColumnType, Ddl, Index, IndexColumn, Reference, Table, UniqueConstraint,
    auto_index_name, index_name, names_digest, truncate_name,
};
pub use statement::Statement;
pub use value::{Value, parse_date, parse_datetime, parse_time, parse_timestamp, write_literal};
