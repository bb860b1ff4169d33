//! The crate from outside: Django's recorded behaviour, hostile input, templates.

mod cves;
mod formsets;
mod hostile;
mod models;
mod replay;
mod templates;
#[path = "../../../../conformance/src/replay.rs"]
mod told;
mod typed;
