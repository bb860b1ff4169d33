//! Where a photo was taken, as its Exif header says (feature `exif`).
//!
//! Nothing of the image is unpacked, and of its header only what leads to the position is looked at.

mod block;
mod gps;
#[cfg(test)]
mod tests;

use std::fs::File;
use std::io::{self, BufReader, Cursor};

use crate::post::UploadedFile;

/// Why the position of a photo cannot be told.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ExifError {
    /// The image, or what its header says of the position, is broken; the words are for the log.
    #[error("The position in the image cannot be read.")]
    Invalid(&'static str),
    /// It cannot be read.
    #[error("the upload cannot be read")]
    Io(#[source] io::Error),
}

impl From<io::Error> for ExifError {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::UnexpectedEof => Self::Invalid("the image is cut off"),
            _ => Self::Io(error),
        }
    }
}

type Result<T> = std::result::Result<T, ExifError>;

/// Longitude and latitude in degrees of where a photo was taken; `None` when it does not say.
///
/// Reads JPEG, PNG, WebP and TIFF.
///
/// ```
/// use nuages_web::gps_from_exif;
///
/// let header = [
///     &b"MM\0*\0\0\0\x08"[..],                             // big end first; the list is at 8:
///     b"\0\x01\x88\x25\0\x04\0\0\0\x01\0\0\0\x1a\0\0\0\0", // one entry: positions are at 26
///     b"\0\x04",
///     b"\0\x01\0\x02\0\0\0\x02S\0\0\0",                    // south
///     b"\0\x02\0\x05\0\0\0\x03\0\0\0\x50",                 // at 80: 33° 51' 24"
///     b"\0\x03\0\x02\0\0\0\x02E\0\0\0",                    // east
///     b"\0\x04\0\x05\0\0\0\x03\0\0\0\x68",                 // at 104: 151° 12' 54"
///     b"\0\0\0\0",
///     b"\0\0\0\x21\0\0\0\x01\0\0\0\x33\0\0\0\x01\0\0\0\x18\0\0\0\x01",
///     b"\0\0\0\x97\0\0\0\x01\0\0\0\x0c\0\0\0\x01\0\0\0\x36\0\0\0\x01",
/// ]
/// .concat();
/// let (longitude, latitude) = gps_from_exif(&header)?.ok_or("nowhere")?;
/// assert!((longitude - 151.215).abs() < 1e-9 && (latitude + 33.856_666).abs() < 1e-5);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// When there is a position and it is broken: zero denominators, more than 90 or 180 degrees, an unknown
/// hemisphere, half a position, an offset that leads nowhere. A wrong place is never told.
///
/// # Django
/// Django has none; its guides read the tags with Pillow, and take (0, 0) where there are none: here that
/// is `unwrap_or_default()`.
pub fn gps_from_exif(image: &[u8]) -> Result<Option<(f64, f64)>> {
    gps::of_image(&mut Cursor::new(image))
}

impl UploadedFile {
    /// Longitude and latitude in degrees of where this photo was taken, as [`gps_from_exif`].
    ///
    /// ```
    /// use nuages_web::{PostData, Result};
    ///
    /// async fn mark(data: PostData) -> Result<String> {
    ///     let Some(photo) = data.file("photo") else {
    ///         return Ok("Which photo?".to_owned());
    ///     };
    ///     Ok(match photo.gps().await {
    ///         Ok(Some((longitude, latitude))) => format!("{longitude} east, {latitude} north"),
    ///         Ok(None) => "somewhere".to_owned(),
    ///         Err(error) => error.to_string(),
    ///     })
    /// }
    /// ```
    ///
    /// # Errors
    /// As [`gps_from_exif`], and when the temporary file cannot be read.
    pub async fn gps(&self) -> Result<Option<(f64, f64)>> {
        let upload = self.clone();
        let Some(path) = self.temporary_path().map(std::path::Path::to_owned) else {
            return gps_from_exif(self.bytes().map_or(&[][..], |bytes| bytes));
        };
        let look = move || {
            let found = gps::of_image(&mut BufReader::with_capacity(512, File::open(path)?));
            drop(upload);
            found
        };
        let done = tokio::task::spawn_blocking(look).await;
        done.map_err(io::Error::other)?
    }
}
