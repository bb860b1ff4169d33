//! The SQL of querysets, without a database.
