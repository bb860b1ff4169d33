//! Posted forms: fields and files.

mod extract;
mod file;
mod file_name;
mod limits;
mod multipart;

pub use extract::PostData;
pub use file::UploadedFile;
