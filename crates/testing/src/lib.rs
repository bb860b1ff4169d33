//! Tests of a site: a client without a network, a database for each test, a live server for browsers.
//!
//! [`TestSite`] builds a site on its own in-memory database, migrated, with a fast password hasher;
//! [`Client`] talks to it without a socket; [`LiveServer`] gives it a real address.
//!
//! Internal crate of `nuages`: versions move in lockstep, and only the facade promises stability.
//!
//! # Django
//! `django.test`.

mod client;
mod cookies;
mod live;
mod response;
mod site;

pub use client::{Client, TestRequest};
pub use cookies::Cookies;
pub use live::LiveServer;
pub use response::TestResponse;
pub use site::TestSite;
