//! Static files, served by the site itself.

mod source;

pub use source::StaticFiles;
