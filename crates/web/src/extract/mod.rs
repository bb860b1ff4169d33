//! Extractors of this room.

mod json;
mod path;
mod path_value;

pub use json::Json;
pub use path::Path;
