//! Guides, from the folder `docs`.

#[doc = include_str!("../docs/coming-from-django.md")]
pub mod coming_from_django {}

#[doc = include_str!("../docs/without-nuages.md")]
pub mod without_nuages {}
