//! What a database does, on SQLite in memory and in a file.
//!
//! The modules are `cfg(test)` so that clippy knows their helper functions for tests.

#[cfg(test)]
mod connect;
#[cfg(test)]
mod hostile;
#[cfg(test)]
mod log;
#[cfg(test)]
mod queries;
#[cfg(test)]
mod scratch;
#[cfg(test)]
mod tasks;
#[cfg(test)]
mod transactions;
