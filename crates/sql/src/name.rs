//! Names of tables, columns and aliases.

use std::borrow::Cow;

/// A table's, column's, index's or alias's name, unquoted.
///
/// Mostly `&'static str` from a model's meta, so that building a query allocates nothing for it.
/// The printer quotes every name, so that any text is safe here.
pub type Name = Cow<'static, str>;
