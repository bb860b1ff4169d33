//! Integration tests of the auth room.

mod corpus;
mod hashers;
