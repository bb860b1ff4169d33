//! Extractors of this room.

mod json;
mod path;
mod path_value;

pub use json::Json;
pub(crate) use json::read_whole;
pub use path::Path;
