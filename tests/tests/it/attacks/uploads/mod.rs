//! U: uploads, bodies, files, archives, images. More of EXIF positions (U13) lies beside their reader, in `web`.

mod archives;
mod bodies;
mod endless;
mod flooding;
mod images;
mod names;
mod positions;
mod serving;
mod storing;
mod target;
#[cfg(target_os = "linux")]
mod traced;
