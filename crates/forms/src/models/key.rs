//! Keys and columns of rows: from texts and values of forms, and back.

use nuages_orm::{FieldType as _, Model};
use nuages_sql::{self as sql, ColumnType};
use nuages_template::ToValue as _;

use crate::number::{Whole, parse_int};
use crate::value::Value;

/// No key of this kind looks like that.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct NoKey;

/// Does a column hold whole numbers?
pub(super) fn is_whole(column: ColumnType) -> bool {
    matches!(
        column,
        ColumnType::Auto
            | ColumnType::BigAuto
            | ColumnType::SmallAuto
            | ColumnType::SmallInteger
            | ColumnType::Integer
            | ColumnType::BigInteger
            | ColumnType::PositiveSmallInteger
            | ColumnType::PositiveInteger
            | ColumnType::PositiveBigInteger
    )
}

/// The key that a text means; `None` if it looks like one that no row can have.
pub(super) fn parse<M: Model>(text: &str) -> Result<Option<M::Key>, NoKey> {
    let given = if is_whole(M::meta().pk().column_type()) {
        match parse_int(text) {
            Some(Whole::Fits(number)) => {
                return Ok(M::Key::from_sql(sql::Value::Int(number)).ok());
            }
            Some(_) => return Ok(None),
            None => return Err(NoKey),
        }
    } else {
        sql::Value::Text(text.to_owned())
    };
    M::Key::from_sql(given).map(Some).map_err(|_| NoKey)
}

/// How a key stands in a page; the same for the same key, whatever text it came from.
pub(super) fn text<M: Model>(key: &M::Key) -> String {
    key.to_value().to_text().into_owned()
}

/// A column's value as a form's.
pub(super) fn from_sql(value: sql::Value) -> Value {
    match value {
        sql::Value::Bool(yes) => yes.into(),
        sql::Value::Int(number) => number.into(),
        sql::Value::Float(number) => number.into(),
        sql::Value::Text(text) => text.into(),
        sql::Value::Timestamp(at) => at.into(),
        sql::Value::DateTime(at) => at.into(),
        sql::Value::Date(date) => date.into(),
        sql::Value::Time(time) => time.into(),
        _ => Value::None,
    }
}

/// A form's value as a column's; nothing if no column holds it.
pub(super) fn into_sql(value: Value) -> Option<sql::Value> {
    Some(match value {
        Value::None => sql::Value::Null,
        Value::Bool(yes) => sql::Value::Bool(yes),
        Value::Int(number) => sql::Value::Int(number),
        Value::Float(number) => sql::Value::Float(number),
        Value::Str(text) => sql::Value::Text(text),
        Value::Decimal(number) => sql::Value::Text(number.to_string()),
        Value::Date(date) => sql::Value::Date(date),
        Value::Time(time) => sql::Value::Time(time),
        Value::DateTime(at) => sql::Value::DateTime(at),
        Value::Timestamp(at) => sql::Value::Timestamp(at),
        Value::List(_) | Value::File(_) | Value::StoredFile(_) | Value::Contradiction => {
            return None;
        }
    })
}
