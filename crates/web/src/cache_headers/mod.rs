//! What caches may do with a response: `Cache-Control`, `Expires`, `Vary`.
//!
//! A view says it with [`View::cache_control`](crate::View::cache_control),
//! [`View::never_cache`](crate::View::never_cache) and
//! [`View::vary_on_headers`](crate::View::vary_on_headers); a layer or a handler that has a response
//! in hand patches its headers.
//!
//! # Django
//! `django.utils.cache`, `django.views.decorators.cache`, `django.views.decorators.vary`.

mod cache_control;
mod layer;
mod patch;

pub use cache_control::{CacheControl, InvalidMaxAge, get_max_age};
pub use layer::{PatchHeaders, PatchHeadersLayer};
pub use nuages_security::vary::{has_vary_header, patch_vary_headers};
pub use patch::{add_never_cache_headers, patch_response_headers};
