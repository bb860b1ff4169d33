//! Every tag and filter, each with examples that are tested.

#[doc = include_str!("../docs/filters.md")]
pub mod filters {}

#[doc = include_str!("../docs/tags.md")]
pub mod tags {}
