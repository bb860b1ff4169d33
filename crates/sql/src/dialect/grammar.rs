//! The places where printers ask the dialect.

use std::fmt::Write;

use crate::{Column, Function, Value};

/// The places where printers ask the dialect. Its module is private, which seals
/// [`Dialect`](super::Dialect).
pub trait Grammar {
    /// Writes the placeholder of the parameter at this position (from 0).
    fn write_placeholder(&self, index: usize, out: &mut String);

    /// Writes a value as a literal: only for what is shown to people and for DDL.
    fn write_value(&self, value: &Value, out: &mut String);

    /// A function's name.
    fn function_name(&self, function: Function) -> &'static str;

    /// Writes what follows a column's name in `CREATE TABLE` and `ADD COLUMN`.
    fn write_column(&self, column: &Column, out: &mut String);

    /// What `LIMIT` says when only an offset is wanted.
    fn no_limit(&self) -> &'static str;
}

/// Writes a name in double quotes; quotes inside it are doubled.
///
/// # Security
/// Whatever the text, it stays one name. (A NUL cannot be part of a statement at all: the
/// database refuses it.)
pub(crate) fn write_name(name: &str, out: &mut String) {
    out.push('"');
    if name.contains('"') {
        for part in name.split_inclusive('"') {
            out.push_str(part);
            if part.ends_with('"') {
                out.push('"');
            }
        }
    } else {
        out.push_str(name);
    }
    out.push('"');
}

/// Writes a number.
pub(crate) fn write_number(number: impl std::fmt::Display, out: &mut String) {
    // Writing to a String cannot fail.
    let _ = write!(out, "{number}");
}
