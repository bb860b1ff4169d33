//! The layers of this room, and the service in their middle.

mod common;
mod dispatch;
mod resolve;
mod trace;

pub use common::{Common, CommonLayer};
pub use dispatch::{Dispatch, ErrorPages};
pub(crate) use resolve::Nowhere;
pub use resolve::{Resolve, ResolveLayer};
pub use trace::{Trace, TraceLayer};
