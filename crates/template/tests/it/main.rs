//! The template room's integration tests: the corpus of Django's behaviour, hostile input, inheritance, errors.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test that cannot go on has failed"
)]

mod attacks;
mod checking;
mod conditions;
mod conformance;
mod django;
mod fragment_keys;
mod hostile;
mod lint;
mod loading;
mod locale;
mod reference;
#[path = "../../../../conformance/src/replay.rs"]
mod told;
