//! Extractors of this room.

mod json;
mod path;
mod path_value;
mod raw_body;

pub use json::Json;
pub(crate) use json::read_whole;
pub use path::Path;
pub use raw_body::RawBody;
