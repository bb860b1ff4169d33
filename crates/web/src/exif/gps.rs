//! The position in an Exif header: two lists of tags, of which the first leads to the second.
//!
//! No list is followed to its next one, so that none leads back to itself, and no count that the header
//! says is believed before it is the only right one.

use std::io::{Read, Seek, SeekFrom};

use super::block::{Window, find};
use super::{ExifError, Result};

/// The most tags of a list: cameras write some dozens.
const MOST_TAGS: usize = 1000;

/// In the first list: where the list of the position is.
const GPS_LIST: u16 = 0x8825;
const LATITUDE_REF: u16 = 1;
const LATITUDE: u16 = 2;
const LONGITUDE_REF: u16 = 3;
const LONGITUDE: u16 = 4;

/// Kinds of values.
const TEXT: u16 = 2;
const LONG: u16 = 4;
const RATIONAL: u16 = 5;
/// A place of another list, as some write it.
const PLACE: u16 = 13;

const CUT_OFF: ExifError = ExifError::Invalid("the header leads out of itself");

/// One tag: what kind of value, how many, and the value or where it is.
#[derive(Clone, Copy)]
struct Tag {
    kind: u16,
    count: u32,
    value: [u8; 4],
}

/// A header that is read piece by piece.
struct Header<'i, I> {
    image: &'i mut I,
    window: Window,
    is_big_endian: bool,
}

pub(super) fn of_image(image: &mut (impl Read + Seek)) -> Result<Option<(f64, f64)>> {
    let Some(window) = find(image)? else {
        return Ok(None);
    };
    let mut header = Header {
        image,
        window,
        is_big_endian: false,
    };
    let head: [u8; 8] = header.read(0)?;
    header.is_big_endian = match &head[..4] {
        b"II*\0" => false,
        b"MM\0*" => true,
        _ => return Err(ExifError::Invalid("the header is neither of the two kinds")),
    };
    let first = header.long([head[4], head[5], head[6], head[7]]);
    let [list] = header.tags(first, [GPS_LIST])?;
    let Some(list) = list else {
        return Ok(None);
    };
    if !matches!(list.kind, LONG | PLACE) || list.count != 1 {
        return Err(ExifError::Invalid("the place of the position is none"));
    }
    let at = header.long(list.value);
    if at == first {
        return Err(ExifError::Invalid(
            "the position leads back to the beginning",
        ));
    }
    let wanted = [LONGITUDE, LONGITUDE_REF, LATITUDE, LATITUDE_REF];
    match header.tags(at, wanted)? {
        [None, _, None, _] => Ok(None),
        [Some(longitude), Some(east), Some(latitude), Some(north)] => Ok(Some((
            header.degrees(longitude, east, [b'E', b'W'], 180.0)?,
            header.degrees(latitude, north, [b'N', b'S'], 90.0)?,
        ))),
        _ => Err(ExifError::Invalid("half a position is none")),
    }
}

impl<I: Read + Seek> Header<'_, I> {
    fn read<const N: usize>(&mut self, at: u32) -> Result<[u8; N]> {
        let mut bytes = [0; N];
        self.read_into(at, &mut bytes)?;
        Ok(bytes)
    }

    fn read_into(&mut self, at: u32, into: &mut [u8]) -> Result<()> {
        if u64::from(at) + into.len() as u64 > self.window.length {
            return Err(CUT_OFF);
        }
        self.image
            .seek(SeekFrom::Start(self.window.start + u64::from(at)))?;
        Ok(self.image.read_exact(into)?)
    }

    fn short(&self, bytes: [u8; 2]) -> u16 {
        if self.is_big_endian {
            u16::from_be_bytes(bytes)
        } else {
            u16::from_le_bytes(bytes)
        }
    }

    fn long(&self, bytes: [u8; 4]) -> u32 {
        if self.is_big_endian {
            u32::from_be_bytes(bytes)
        } else {
            u32::from_le_bytes(bytes)
        }
    }

    /// The tags of these numbers in a list, each once at most.
    fn tags<const N: usize>(&mut self, at: u32, wanted: [u16; N]) -> Result<[Option<Tag>; N]> {
        let count = self.read(at)?;
        let count = usize::from(self.short(count));
        if count > MOST_TAGS {
            return Err(ExifError::Invalid("the header has too many tags"));
        }
        let mut list = vec![0; count * 12];
        self.read_into(at.checked_add(2).ok_or(CUT_OFF)?, &mut list)?;
        let mut found = [None; N];
        for tag in list.chunks_exact(12) {
            let number = self.short([tag[0], tag[1]]);
            let Some(place) = wanted.iter().position(|wanted| *wanted == number) else {
                continue;
            };
            let tag = Tag {
                kind: self.short([tag[2], tag[3]]),
                count: self.long([tag[4], tag[5], tag[6], tag[7]]),
                value: [tag[8], tag[9], tag[10], tag[11]],
            };
            if found[place].replace(tag).is_some() {
                return Err(ExifError::Invalid("a tag comes twice"));
            }
        }
        Ok(found)
    }

    /// Degrees, minutes and seconds, and the letter of the hemisphere, the second one's negative.
    fn degrees(&mut self, value: Tag, letter: Tag, letters: [u8; 2], most: f64) -> Result<f64> {
        let is_text = letter.kind == TEXT && matches!(letter.count, 1 | 2);
        let ends = letter.count == 1 || letter.value[1] == 0;
        let sign = match letter.value[0] {
            east if is_text && ends && east == letters[0] => 1.0,
            west if is_text && ends && west == letters[1] => -1.0,
            _ => return Err(ExifError::Invalid("the hemisphere is unknown")),
        };
        if value.kind != RATIONAL || value.count != 3 {
            return Err(ExifError::Invalid("degrees are no three fractions"));
        }
        let bytes: [u8; 24] = self.read(self.long(value.value))?;
        let mut parts = [0.0; 3];
        for (part, bytes) in parts.iter_mut().zip(bytes.chunks_exact(8)) {
            let above = self.long([bytes[0], bytes[1], bytes[2], bytes[3]]);
            let below = self.long([bytes[4], bytes[5], bytes[6], bytes[7]]);
            if below == 0 {
                return Err(ExifError::Invalid("a fraction of nothing"));
            }
            *part = f64::from(above) / f64::from(below);
        }
        let [degrees, minutes, seconds] = parts;
        let sum = degrees + minutes / 60.0 + seconds / 3600.0;
        // Sixty of them are what rounding makes of 59.9999.
        if minutes > 60.0 || seconds > 60.0 || sum > most {
            return Err(ExifError::Invalid("more degrees than there are"));
        }
        Ok(sign * sum)
    }
}
