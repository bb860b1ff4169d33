//! A: guessing, probing and flooding the login, each in a pair: refused with the protection, succeeding without it.
//!
//! The names begin with the id in the catalogue of attacks. What needs a whole site is in the crate `tests`.

mod counting;
mod door;
mod enumeration;
mod flood;
mod garbage;
mod identity;
mod long;
mod register;
mod throttle;
mod typed;
