//! Guides, from the folder `docs`.

#[doc = include_str!("../docs/several-forms.md")]
pub mod several_forms {}
