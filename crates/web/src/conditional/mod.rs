//! Conditional requests: what the client has already is not sent again, and what somebody else has
//! changed meanwhile is not overwritten.
//!
//! - [`verify`] weighs the headers of a request against the [`Validators`] of the resource.
//! - [`ConditionLayer`] asks the view's own functions for those, before the view runs:
//!   [`View::etag`](crate::View::etag), [`View::last_modified`](crate::View::last_modified).
//! - [`ConditionalGetLayer`] needs no help of the views: it tags finished pages, and spares the way
//!   over the net.
//!
//! # Django
//! `condition`, `etag`, `last_modified`, `conditional_page`, `ConditionalGetMiddleware`.

mod answer;
mod condition;
mod etag;
mod get;
mod verify;

pub use condition::{Condition, ConditionLayer};
pub use etag::{etag_of, parse_etags, quote_etag};
pub use get::{ConditionalGet, ConditionalGetLayer, set_response_etag};
pub use verify::{Precondition, Validators, verify};

pub(crate) use answer::clock_of;
pub(crate) use verify::allows_range;
