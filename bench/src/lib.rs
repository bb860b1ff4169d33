//! Measuring servers side by side: a database, servers as processes, load, and CPU out of `/proc`; and templates, in process.
//!
//! CPU of a request is what counts: requests a second depend on what else the machine does, because
//! load and server share its cores. Servers take turns, so that a busy moment hits all of them.

pub mod database;
pub mod load;
pub mod server;
pub mod table;
pub mod templates;
pub mod timing;
