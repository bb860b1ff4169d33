//! U: uploads, bodies, files, archives, images. Those of EXIF positions (U13) lie beside their reader, in `web`.

mod archives;
mod bodies;
mod endless;
mod flooding;
mod images;
mod names;
mod serving;
mod storing;
mod target;
#[cfg(target_os = "linux")]
mod traced;
