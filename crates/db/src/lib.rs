//! Talk to a database: connections, rows, transactions, the query log.
