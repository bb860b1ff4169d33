//! Where in an image its Exif header is: a window, of which alone is read afterwards.

use std::io::{Read, Seek, SeekFrom};

use super::{ExifError, Result};

/// So many segments or chunks are passed on the way; a PNG of 8 KiB pieces has as many in 80 MB.
const MOST_PIECES: usize = 10_000;

const BROKEN: ExifError = ExifError::Invalid("the image is broken");

/// A part of the image that is a TIFF file of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Window {
    pub(super) start: u64,
    pub(super) length: u64,
}

/// Finds the header; `None` when the image has none, or is of an unknown kind.
pub(super) fn find(image: &mut (impl Read + Seek)) -> Result<Option<Window>> {
    let length = image.seek(SeekFrom::End(0))?;
    image.rewind()?;
    let mut head = Vec::new();
    image.take(12).read_to_end(&mut head)?;
    match head[..] {
        [0xff, 0xd8, 0xff, ..] => jpeg(image, length),
        [b'I', b'I', 42, 0, ..] | [b'M', b'M', 0, 42, ..] => Ok(Some(Window { start: 0, length })),
        _ if head.starts_with(b"\x89PNG\r\n\x1a\n") => png(image, length),
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P'] => webp(image, length),
        _ => Ok(None),
    }
}

fn read<const N: usize>(image: &mut (impl Read + Seek), at: u64) -> Result<[u8; N]> {
    let mut bytes = [0; N];
    image.seek(SeekFrom::Start(at))?;
    image.read_exact(&mut bytes)?;
    Ok(bytes)
}

/// A part of the image, none of which may be missing.
fn window(start: u64, length: u64, whole: u64) -> Result<Option<Window>> {
    let end = start.checked_add(length).ok_or(BROKEN)?;
    if end > whole {
        return Err(ExifError::Invalid("the image is cut off"));
    }
    Ok(Some(Window { start, length }))
}

/// Segments until the image itself begins; the first that is Exif.
fn jpeg(image: &mut (impl Read + Seek), whole: u64) -> Result<Option<Window>> {
    let mut at = 2;
    for _ in 0..MOST_PIECES {
        let [sign, marker] = read(image, at)?;
        match (sign, marker) {
            // Filling.
            (0xff, 0xff) => at += 1,
            (0xff, 0xd9 | 0xda) => return Ok(None),
            (0xff, 0x00 | 0x01 | 0xd0..=0xd8) => return Err(BROKEN),
            (0xff, _) => {
                let length = u64::from(u16::from_be_bytes(read(image, at + 2)?));
                let content = length.checked_sub(2).ok_or(BROKEN)?;
                if marker == 0xe1 && content >= 6 && read(image, at + 4)? == *b"Exif\0\0" {
                    return window(at + 10, content - 6, whole);
                }
                at += 2 + length;
            }
            _ => return Err(BROKEN),
        }
    }
    Err(BROKEN)
}

/// Chunks until the end; the first that is Exif.
fn png(image: &mut (impl Read + Seek), whole: u64) -> Result<Option<Window>> {
    let mut at = 8;
    for _ in 0..MOST_PIECES {
        let [a, b, c, d, kind @ ..]: [u8; 8] = read(image, at)?;
        let length = u64::from(u32::from_be_bytes([a, b, c, d]));
        match &kind {
            b"eXIf" => return window(at + 8, length, whole),
            b"IEND" => return Ok(None),
            _ if length > u64::from(u32::MAX / 2) => return Err(BROKEN),
            _ => at += 12 + length,
        }
    }
    Err(BROKEN)
}

/// Chunks until the end; the first that is Exif, with or without the words that JPEG puts before it.
fn webp(image: &mut (impl Read + Seek), whole: u64) -> Result<Option<Window>> {
    let end = 8 + u64::from(u32::from_le_bytes(read(image, 4)?));
    let mut at = 12;
    for _ in 0..MOST_PIECES {
        if at >= end {
            return Ok(None);
        }
        let [kind @ .., a, b, c, d]: [u8; 8] = read(image, at)?;
        let length = u64::from(u32::from_le_bytes([a, b, c, d]));
        if kind == *b"EXIF" {
            let has_words = length >= 6 && read(image, at + 8)? == *b"Exif\0\0";
            let words = if has_words { 6 } else { 0 };
            return window(at + 8 + words, length - words, whole);
        }
        at += 8 + length + length % 2;
    }
    Err(BROKEN)
}
