//! Responses that are more than a page: downloads, files, streams.

mod disposition;
mod file;
mod header_text;
mod http_response;
mod json;
mod mime;
mod range;
mod status;
mod stream;

pub use disposition::content_disposition;
pub(crate) use file::Content;
pub use file::FileResponse;
pub use header_text::BadHeader;
pub use http_response::{HttpResponse, ResponseError};
pub use json::{JsonResponse, JsonStyle};
pub use mime::guess_content_type;
pub use stream::StreamResponse;
