//! Integration tests of the sessions room.

mod corpus;
mod layer;
mod messages;
mod site;
