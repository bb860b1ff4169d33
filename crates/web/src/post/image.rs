//! Images: their kind and their size, from the header alone.
//!
//! Nothing is ever unpacked, so that a small file cannot become a large image in memory.

use std::io;

use super::file::UploadedFile;

/// How much is read before the size must be known, at first and at last.
const FIRST_READ: usize = 64 * 1024;
const LAST_READ: usize = 1024 * 1024;

/// The kinds of images that are known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ImageFormat {
    /// PNG.
    Png,
    /// JPEG.
    Jpeg,
    /// GIF.
    Gif,
    /// WebP.
    WebP,
}

impl ImageFormat {
    /// The content type that goes with it, whatever the client has said.
    pub fn content_type(self) -> &'static str {
        match self {
            Self::Png => "image/png",
            Self::Jpeg => "image/jpeg",
            Self::Gif => "image/gif",
            Self::WebP => "image/webp",
        }
    }
}

/// What the header of an image says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ImageInfo {
    /// What kind of image it is.
    pub format: ImageFormat,
    /// How many pixels from left to right.
    pub width: u32,
    /// How many pixels from top to bottom.
    pub height: u32,
}

impl ImageInfo {
    /// How many pixels there are.
    pub fn pixels(self) -> u64 {
        u64::from(self.width) * u64::from(self.height)
    }
}

/// Which images are taken.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct ImageLimits {
    /// The most pixels of a side.
    pub max_side: u32,
    /// The most pixels of the whole: what a program that unpacks it has to have memory for, four times.
    pub max_pixels: u64,
    /// Which kinds.
    pub formats: Vec<ImageFormat>,
}

impl Default for ImageLimits {
    fn default() -> Self {
        use ImageFormat::{Gif, Jpeg, Png, WebP};
        Self {
            max_side: 16_384,
            max_pixels: 40_000_000,
            formats: vec![Png, Jpeg, Gif, WebP],
        }
    }
}

impl ImageLimits {
    /// Whether an image is taken.
    ///
    /// # Errors
    /// When it is of another kind, or larger than allowed.
    pub fn verify(&self, info: ImageInfo) -> Result<(), ImageError> {
        if !self.formats.contains(&info.format) {
            return Err(ImageError::NotAllowed(info.format));
        }
        if info.width.max(info.height) > self.max_side || info.pixels() > self.max_pixels {
            return Err(ImageError::TooLarge(info));
        }
        Ok(())
    }
}

/// Why a file is no image that is taken.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ImageError {
    /// It is of no known kind, or its header is broken.
    #[error(
        "Upload a valid image. The file you uploaded was either not an image or a corrupted image."
    )]
    Invalid,
    /// It is of a kind that is not allowed here.
    #[error("Images of the type {} are not allowed here.", .0.content_type())]
    NotAllowed(ImageFormat),
    /// It has too many pixels.
    #[error("The image has {} × {} pixels, which is too large.", .0.width, .0.height)]
    TooLarge(ImageInfo),
    /// It cannot be read.
    #[error("the upload cannot be read")]
    Io(#[from] io::Error),
}

impl UploadedFile {
    /// What kind of image this is and how large, when it is one that is taken.
    ///
    /// Reads only as much as the header needs: five times at most, and never more than a megabyte.
    ///
    /// ```
    /// use nuages_web::{ImageLimits, PostData, Result, UploadedFile};
    ///
    /// async fn avatar(data: PostData) -> Result<String> {
    ///     let Some(photo) = data.file("photo") else {
    ///         return Ok("Which photo?".to_owned());
    ///     };
    ///     Ok(match photo.image(&ImageLimits::default()).await {
    ///         Ok(image) => format!("{} by {} pixels", image.width, image.height),
    ///         Err(error) => error.to_string(),
    ///     })
    /// }
    /// ```
    ///
    /// # Errors
    /// When it is none, or one that is not taken; the message is for the visitor, and Django's.
    ///
    /// # Django
    /// `forms.ImageField`, but nothing of the image is unpacked.
    pub async fn image(&self, limits: &ImageLimits) -> Result<ImageInfo, ImageError> {
        let mut count = FIRST_READ;
        loop {
            let head = self.head(count).await?;
            match read(&head) {
                Header::Known(info) => return limits.verify(info).map(|()| info),
                Header::MoreNeeded if head.len() == count && count < LAST_READ => count *= 2,
                Header::MoreNeeded | Header::Invalid => return Err(ImageError::Invalid),
            }
        }
    }
}

/// What the header of an image says; `None` when it is none, or cut off.
pub fn image_info(bytes: &[u8]) -> Option<ImageInfo> {
    match read(bytes) {
        Header::Known(info) => Some(info),
        Header::MoreNeeded | Header::Invalid => None,
    }
}

enum Header {
    Known(ImageInfo),
    MoreNeeded,
    Invalid,
}

fn read(bytes: &[u8]) -> Header {
    let found = match bytes {
        [0x89, b'P', b'N', b'G', ..] => png(bytes),
        [0xff, 0xd8, 0xff, ..] => return jpeg(bytes),
        [b'G', b'I', b'F', ..] => gif(bytes),
        [b'R', b'I', b'F', b'F', ..] => webp(bytes),
        _ => return Header::Invalid,
    };
    found.map_or(Header::Invalid, |(format, width, height)| {
        known(format, width, height)
    })
}

fn known(format: ImageFormat, width: u32, height: u32) -> Header {
    if width == 0 || height == 0 {
        return Header::Invalid;
    }
    Header::Known(ImageInfo {
        format,
        width,
        height,
    })
}

type Found = Option<(ImageFormat, u32, u32)>;

fn big(bytes: &[u8], at: usize) -> Option<u32> {
    let four = bytes.get(at..at + 4)?;
    Some(u32::from_be_bytes(four.try_into().ok()?))
}

fn big_short(bytes: &[u8], at: usize) -> Option<u16> {
    let two = bytes.get(at..at + 2)?;
    Some(u16::from_be_bytes(two.try_into().ok()?))
}

fn little_short(bytes: &[u8], at: usize) -> Option<u16> {
    let two = bytes.get(at..at + 2)?;
    Some(u16::from_le_bytes(two.try_into().ok()?))
}

/// The first chunk must be the header, of thirteen bytes.
fn png(bytes: &[u8]) -> Found {
    let is_right = bytes.get(..16)? == b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR";
    let (width, height) = (big(bytes, 16)?, big(bytes, 20)?);
    let most = u32::MAX / 2;
    // The rest of the header and its checksum must be there.
    bytes.get(32)?;
    (is_right && width <= most && height <= most).then_some((ImageFormat::Png, width, height))
}

fn gif(bytes: &[u8]) -> Found {
    let is_right = matches!(bytes.get(..6)?, b"GIF87a" | b"GIF89a");
    let (width, height) = (little_short(bytes, 6)?, little_short(bytes, 8)?);
    bytes.get(12)?;
    is_right.then_some((ImageFormat::Gif, width.into(), height.into()))
}

/// The three kinds of a first chunk: lossy, lossless, extended.
fn webp(bytes: &[u8]) -> Found {
    if bytes.get(8..12)? != b"WEBP" {
        return None;
    }
    let body = bytes.get(20..30)?;
    let three = |at: usize| {
        u32::from(body[at]) | u32::from(body[at + 1]) << 8 | u32::from(body[at + 2]) << 16
    };
    let (width, height) = match bytes.get(12..16)? {
        b"VP8 " if body[3..6] == [0x9d, 0x01, 0x2a] => (
            u32::from(little_short(body, 6)? & 0x3fff),
            u32::from(little_short(body, 8)? & 0x3fff),
        ),
        b"VP8L" if body[0] == 0x2f => {
            let bits = u32::from_le_bytes(body[1..5].try_into().ok()?);
            ((bits & 0x3fff) + 1, (bits >> 14 & 0x3fff) + 1)
        }
        b"VP8X" => (three(4) + 1, three(7) + 1),
        _ => return None,
    };
    Some((ImageFormat::WebP, width, height))
}

/// Segments until the one that begins the frame; each says how long it is.
fn jpeg(bytes: &[u8]) -> Header {
    let mut at = 2;
    loop {
        let Some(rest) = bytes.get(at..) else {
            return Header::MoreNeeded;
        };
        match rest {
            [] | [0xff] => return Header::MoreNeeded,
            // Filling.
            [0xff, 0xff, ..] => at += 1,
            // The frame: baseline, progressive, and their kin, without tables and arithmetic conditioning.
            [
                0xff,
                0xc0..=0xc3 | 0xc5..=0xc7 | 0xc9..=0xcb | 0xcd..=0xcf,
                ..,
            ] => {
                let (Some(height), Some(width), Some(parts)) =
                    (big_short(rest, 5), big_short(rest, 7), rest.get(9))
                else {
                    return Header::MoreNeeded;
                };
                if big_short(rest, 2) != Some(8 + 3 * u16::from(*parts)) {
                    return Header::Invalid;
                }
                return known(ImageFormat::Jpeg, width.into(), height.into());
            }
            // The image itself, or its end, before any frame; or a marker that has no place here.
            [0xff, 0x00 | 0x01 | 0xd0..=0xda, ..] => return Header::Invalid,
            [0xff, _, ..] => match big_short(rest, 2) {
                None => return Header::MoreNeeded,
                Some(length) if length < 2 => return Header::Invalid,
                Some(length) => at += 2 + usize::from(length),
            },
            _ => return Header::Invalid,
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn png_of(width: u32, height: u32) -> Vec<u8> {
        let mut bytes = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec();
        bytes.extend(width.to_be_bytes());
        bytes.extend(height.to_be_bytes());
        bytes.extend([8, 2, 0, 0, 0, 1, 2, 3, 4]);
        bytes
    }

    fn jpeg_of(width: u16, height: u16, before: usize) -> Vec<u8> {
        let mut bytes = vec![0xff, 0xd8];
        let mut left = before;
        while left > 0 {
            let piece = left.min(60_000);
            bytes.extend([0xff, 0xe1]);
            bytes.extend(u16::try_from(piece + 2).unwrap().to_be_bytes());
            bytes.extend(vec![0; piece]);
            left -= piece;
        }
        bytes.extend([0xff, 0xc0, 0, 17, 8]);
        bytes.extend(height.to_be_bytes());
        bytes.extend(width.to_be_bytes());
        bytes.extend([3, 1, 0x22, 0, 2, 0x11, 1, 3, 0x11, 1]);
        bytes
    }

    fn samples() -> Vec<(Vec<u8>, ImageFormat)> {
        let gif = b"GIF89a\x07\0\x05\0\xf0\0\0".to_vec();
        let lossy = b"RIFF\x24\0\0\0WEBPVP8 \x18\0\0\0\x30\x01\0\x9d\x01\x2a\x07\0\x05\0".to_vec();
        let lossless = b"RIFF\x24\0\0\0WEBPVP8L\x18\0\0\0\x2f\x06\0\x01\0\0\0\0\0\0".to_vec();
        let extended = b"RIFF\x24\0\0\0WEBPVP8X\x0a\0\0\0\0\0\0\0\x06\0\0\x04\0\0".to_vec();
        vec![
            (png_of(7, 5), ImageFormat::Png),
            (jpeg_of(7, 5, 100), ImageFormat::Jpeg),
            (gif, ImageFormat::Gif),
            (lossy, ImageFormat::WebP),
            (lossless, ImageFormat::WebP),
            (extended, ImageFormat::WebP),
        ]
    }

    #[test]
    fn each_kind_says_its_size_and_nothing_when_it_is_cut_off() {
        for (bytes, format) in samples() {
            let info = image_info(&bytes).unwrap();
            assert_eq!((info.width, info.height, info.format), (7, 5, format));
        }
        for bytes in [png_of(7, 5), jpeg_of(7, 5, 100)] {
            for cut in 0..bytes.len().saturating_sub(9) {
                assert_eq!(image_info(&bytes[..cut]), None, "{cut}");
            }
        }
    }

    #[test]
    fn what_is_none_is_refused() {
        for bytes in [
            &b"<svg xmlns='http://www.w3.org/2000/svg'/>"[..],
            b"",
            b"\x89PNG",
            b"GIF88a\x07\0\x05\0\0\0\0",
        ] {
            assert_eq!(image_info(bytes), None, "{bytes:?}");
        }
        assert_eq!(image_info(&png_of(0, 5)), None);
        assert_eq!(image_info(&png_of(u32::MAX, 5)), None);
    }

    #[tokio::test]
    async fn a_bomb_is_refused_by_its_header() {
        let limits = ImageLimits::default();
        let bomb = UploadedFile::of_bytes("a.png", "image/png", png_of(100_000, 100_000));
        assert!(matches!(
            bomb.image(&limits).await,
            Err(ImageError::TooLarge(_))
        ));
        let gif = UploadedFile::of_bytes("a.gif", "image/gif", &b"GIF89a\x07\0\x05\0\xf0\0\0"[..]);
        let only_png = ImageLimits {
            formats: vec![ImageFormat::Png],
            ..limits
        };
        assert!(matches!(
            gif.image(&only_png).await,
            Err(ImageError::NotAllowed(_))
        ));
    }

    #[tokio::test]
    async fn a_header_that_comes_late_is_found_and_one_that_never_comes_is_not_sought_for_ever() {
        let image = |before| {
            let file = UploadedFile::of_bytes("a.jpg", "image/jpeg", jpeg_of(7, 5, before));
            async move { file.image(&ImageLimits::default()).await }
        };
        assert!(image(500_000).await.is_ok());
        assert!(matches!(image(2_000_000).await, Err(ImageError::Invalid)));
    }

    proptest! {
        #[test]
        fn no_bytes_make_the_reader_panic(
            sample in 0_usize..6,
            changes in prop::collection::vec((0_usize..64, any::<u8>()), 0..12),
            cut in 0_usize..200,
        ) {
            let mut bytes = samples().swap_remove(sample).0;
            for (at, byte) in changes {
                if let Some(place) = bytes.get_mut(at) {
                    *place = byte;
                }
            }
            bytes.truncate(cut);
            let _ = image_info(&bytes);
        }
    }
}
