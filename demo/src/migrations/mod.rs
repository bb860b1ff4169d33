//! How the tables come to be: one file a step, named and kept in the database as Django does.

#[path = "0001_initial.rs"]
mod m0001_initial;

use nuages::migrations::Migration;

/// All migrations of this app, in order.
pub fn all() -> Vec<Migration> {
    vec![m0001_initial::migration()]
}
