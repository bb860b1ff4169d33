//! What kinds of answers a client takes: media types and `Accept`.

mod accepted;
mod header_params;
mod media_type;

pub use accepted::AcceptedTypes;
pub use header_params::HeaderParams;
pub use media_type::MediaType;
