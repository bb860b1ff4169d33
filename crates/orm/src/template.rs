//! What templates see of a model beyond its fields.

use std::borrow::Cow;
use std::fmt;

use nuages_sql::Value;
use nuages_template::Value as Shown;

use crate::model::Record;

/// `author_id`: the value of a foreign key, whether its row is loaded or not.
#[doc(hidden)]
pub fn attribute<'v>(record: &dyn Record, name: &str) -> Option<Shown<'v>> {
    let mut fields = record.model_meta().fields.iter();
    let index = fields.position(|field| field.relation.is_some() && field.attname == name)?;
    Some(shown(record.sql_value(index)))
}

/// Why a relation is missing: the hint of the template's error.
#[doc(hidden)]
pub fn unloaded(record: &dyn Record, name: &str) -> Option<Cow<'static, str>> {
    let meta = record.model_meta();
    let field = meta.field(name).filter(|field| field.relation.is_some())?;
    let letter: String = meta
        .name
        .chars()
        .take(1)
        .flat_map(char::to_lowercase)
        .collect();
    Some(Cow::Owned(format!(
        "{model}.{field} was not loaded: add `.select_related(|{letter}| {letter}.{field}())` to the query of {model}",
        model = meta.name,
        field = field.name,
    )))
}

/// `Post object (1)`, as Django prints a model without `__str__`.
#[doc(hidden)]
pub fn display(record: &dyn Record, out: &mut dyn fmt::Write) -> fmt::Result {
    let meta = record.model_meta();
    let key = shown(record.sql_value(meta.pk_index));
    write!(out, "{} object ({key})", meta.name)
}

/// Rows are the same when they are of the same table and have the same key.
#[doc(hidden)]
pub fn identity<'v>(record: &dyn Record) -> Option<(&'static str, Shown<'v>)> {
    let meta = record.model_meta();
    let key = record.sql_value(meta.pk_index);
    (!key.is_null()).then(|| (meta.table, shown(key)))
}

/// A database's value as a template's.
fn shown<'v>(value: Value) -> Shown<'v> {
    match value {
        Value::Bool(yes) => Shown::Bool(yes),
        Value::Int(number) => Shown::Int(number),
        Value::Float(number) => Shown::Float(number),
        Value::Text(text) => Shown::Str(Cow::Owned(text)),
        Value::Timestamp(at) => Shown::Timestamp(at),
        Value::DateTime(at) => Shown::DateTime(at),
        Value::Date(date) => Shown::Date(date),
        Value::Time(time) => Shown::Time(time),
        _ => Shown::None,
    }
}
