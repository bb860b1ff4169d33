//! Static files, served by the site itself.

mod name;
mod serve;
mod source;

pub use source::StaticFiles;

pub(crate) use serve::serve_static;
