//! U: uploads, bodies, files, images.
//!
//! Archives (U10) and EXIF positions (U13) have no room yet.

mod bodies;
mod endless;
mod images;
mod names;
mod serving;
mod storing;
mod target;
