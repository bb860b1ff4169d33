//! Hand-written SQL.

use std::borrow::Cow;

use crate::{Access, Value};

/// Hand-written SQL: a text known at compile time, and bound values.
///
/// The text uses the dialect's own placeholders (`?` on SQLite).
///
/// ```
/// use nuages_sql::RawSql;
///
/// let raw = RawSql::new("SELECT date('now', ?)").bind("-1 day");
/// assert_eq!(raw.params().len(), 1);
/// ```
///
/// # Security
/// A `&'static str` cannot hold text from a request, so there is nothing to escape.
/// Text made at run time needs [`RawSql::assert_safe_sql`], which a reviewer can search for.
///
/// # Django
/// `cursor.execute(sql, params)`, `RawSQL`.
#[derive(Debug, Clone, PartialEq)]
pub struct RawSql {
    sql: Cow<'static, str>,
    params: Vec<Value>,
}

impl RawSql {
    /// SQL text known at compile time.
    pub fn new(sql: &'static str) -> Self {
        Self {
            sql: Cow::Borrowed(sql),
            params: Vec::new(),
        }
    }

    /// SQL text made at run time.
    ///
    /// # Security
    /// You assert that no part of the text comes from outside. Bind values with [`RawSql::bind`].
    pub fn assert_safe_sql(sql: impl Into<String>) -> Self {
        Self {
            sql: Cow::Owned(sql.into()),
            params: Vec::new(),
        }
    }

    /// Adds the value of the next placeholder.
    pub fn bind(mut self, value: impl Into<Value>) -> Self {
        self.params.push(value.into());
        self
    }

    /// The text.
    pub fn sql(&self) -> &str {
        &self.sql
    }

    /// Whether it only reads, judged by its first word. A database that finds out that it writes
    /// after all (`WITH … INSERT`) treats it as a write.
    pub fn access(&self) -> Access {
        let word = self
            .sql
            .trim_start()
            .split(|c: char| !c.is_ascii_alphabetic())
            .next();
        let reads = ["SELECT", "WITH", "VALUES", "EXPLAIN"];
        match word {
            Some(word) if reads.iter().any(|read| word.eq_ignore_ascii_case(read)) => Access::Read,
            _ => Access::Write,
        }
    }

    /// The bound values.
    pub fn params(&self) -> &[Value] {
        &self.params
    }
}
