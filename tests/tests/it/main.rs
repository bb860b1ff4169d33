//! Whole-site tests in one binary: browser journeys, Django beside us, and the shape of the tree.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test fails by panicking, also in the functions that tests share"
)]

mod attacks;
mod browser;
mod django;
mod journeys;
mod tidy;
