//! Responses that are more than a page: downloads, files, streams.

mod disposition;
mod file;
mod mime;
mod range;
mod stream;

pub use disposition::content_disposition;
pub(crate) use file::Content;
pub use file::FileResponse;
pub use mime::guess_content_type;
pub use stream::StreamResponse;
