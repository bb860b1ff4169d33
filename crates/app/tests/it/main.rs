//! The composition root, used from outside.
#![expect(
    clippy::unwrap_used,
    reason = "a test fails by panicking, also in the functions that tests share"
)]

mod apps;
mod broken_links;
mod locale;
mod order;
mod protection;
mod settings;
