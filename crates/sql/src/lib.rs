//! SQL as a value: expressions, statements and their printers, one a dialect.
