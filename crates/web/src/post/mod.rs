//! Posted forms: fields and files.

mod extract;
mod file;
mod file_name;
mod image;
mod limits;
mod multipart;
mod sniff;

pub use extract::PostData;
pub use file::UploadedFile;
pub use image::{ImageError, ImageFormat, ImageInfo, ImageLimits, image_info};
pub use sniff::sniff_content_type;
