//! Integration tests of the sessions room.

mod corpus;
mod database;
mod layer;
mod messages;
mod site;
