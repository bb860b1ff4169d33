//! Values written out.

use std::fmt::Write;

use super::super::grammar::write_number;
use crate::Value;
use crate::value::write_literal;

/// Writes a value as SQLite reads it.
pub(super) fn write(value: &Value, out: &mut String) {
    match value {
        Value::Null => out.push_str("NULL"),
        Value::Bool(value) => out.push(if *value { '1' } else { '0' }),
        Value::Int(value) => write_number(value, out),
        Value::Float(value) if value.is_nan() => out.push_str("NULL"),
        Value::Float(value) if value.is_infinite() => {
            out.push_str(if *value > 0.0 { "9e999" } else { "-9e999" });
        }
        // `{:?}` always has a point or an exponent, so that it stays a real number.
        Value::Float(value) => write_number(format_args!("{value:?}"), out),
        // A NUL would end the statement's text.
        Value::Text(text) if text.contains('\0') => {
            out.push_str("CAST(");
            write_blob(text.as_bytes(), out);
            out.push_str(" AS text)");
        }
        Value::Text(text) => write_text(text, out),
        Value::Bytes(bytes) => write_blob(bytes, out),
        Value::Timestamp(_) | Value::DateTime(_) | Value::Date(_) | Value::Time(_) => {
            out.push('\'');
            // Writing to a String cannot fail.
            let _ = write_literal(value, out);
            out.push('\'');
        }
    }
}

fn write_text(text: &str, out: &mut String) {
    out.push('\'');
    for part in text.split_inclusive('\'') {
        out.push_str(part);
        if part.ends_with('\'') {
            out.push('\'');
        }
    }
    out.push('\'');
}

fn write_blob(bytes: &[u8], out: &mut String) {
    out.push_str("X'");
    for byte in bytes {
        let _ = write!(out, "{byte:02x}");
    }
    out.push('\'');
}
