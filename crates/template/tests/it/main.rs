//! The template room's integration tests: the corpus of Django's behaviour, hostile input, inheritance, errors.

mod conformance;
mod hostile;
mod python;
#[path = "../../../../conformance/src/replay.rs"]
mod told;
