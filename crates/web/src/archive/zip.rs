//! Zip: a list of members at the end, and before it their bytes, each with a header of its own.
//!
//! What the list says counts, and what the header before the bytes says must agree with it.
//! Members are read one after another, so that a list of a million costs no memory.

use std::io::{Read, Seek, SeekFrom};

use flate2::Crc;
use flate2::read::DeflateDecoder;

use super::member::{LONGEST_NAME, Member, is_folder_by_mode};
use super::target::{Target, broken};
use super::{ArchiveError, Result};

/// The end of the list, without the comment behind it.
const END: usize = 22;
const LIST_ENTRY: usize = 46;
const LOCAL: usize = 30;

const CUT_OFF: ArchiveError = ArchiveError::Malformed("it is cut off");
const DISAGREE: ArchiveError = ArchiveError::Malformed("its two lists of members disagree");

/// How the bytes of a member are packed.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Packing {
    Stored,
    Deflated,
}

/// What the list says about a member.
struct Entry {
    name: Vec<u8>,
    packing: Packing,
    crc: u32,
    packed: u64,
    size: u64,
    mode: u32,
    /// Where its own header is.
    at: u64,
}

pub(super) fn unpack(mut source: impl Read + Seek, size: u64, target: &mut Target) -> Result<()> {
    let list = find_list(&mut source, size)?;
    if list.count > target.members_left() {
        return Err(ArchiveError::TooMany);
    }
    let mut next = list.start;
    for _ in 0..list.count {
        target.count_member()?;
        source.seek(SeekFrom::Start(next))?;
        let (entry, length) = read_entry(&mut source)?;
        next += length;
        if next > list.end {
            return Err(DISAGREE);
        }
        unpack_member(&mut source, &entry, list.start, target)?;
    }
    if next != list.end {
        return Err(DISAGREE);
    }
    Ok(())
}

struct List {
    start: u64,
    end: u64,
    count: u64,
}

/// Finds the list by its end, which is within the last 64 KiB.
fn find_list(source: &mut (impl Read + Seek), size: u64) -> Result<List> {
    let most = (END as u64 + u64::from(u16::MAX)).min(size);
    let begin = size - most;
    source.seek(SeekFrom::Start(begin))?;
    let mut tail = Vec::new();
    source.take(most).read_to_end(&mut tail)?;
    // The comment says how long it is, and must reach to the last byte: no other end can hide in it.
    let is_end = |at: &usize| {
        let comment = short(&tail[*at..], END - 2);
        tail[*at..].starts_with(b"PK\x05\x06") && usize::from(comment) == tail.len() - at - END
    };
    let last = tail.len().checked_sub(END).ok_or(CUT_OFF)?;
    let at = (0..=last).rev().find(is_end).ok_or(CUT_OFF)?;
    let end = &tail[at..];
    let (here, all) = (short(end, 8), short(end, 10));
    let (length, start) = (long(end, 12), long(end, 16));
    let has_disks = short(end, 4) != 0 || short(end, 6) != 0 || here != all;
    if has_disks || all == u16::MAX || length == u32::MAX || start == u32::MAX {
        return Err(ArchiveError::Unsupported(
            "a zip of more than one part, or of more than 4 GB",
        ));
    }
    let list = List {
        start: start.into(),
        end: u64::from(start) + u64::from(length),
        count: all.into(),
    };
    // Bytes between the list and its end, or before the first member, are nobody's.
    if list.end != begin + at as u64 {
        return Err(DISAGREE);
    }
    Ok(list)
}

/// One entry of the list, and how long it is.
fn read_entry(source: &mut impl Read) -> Result<(Entry, u64)> {
    let mut head = [0; LIST_ENTRY];
    source.read_exact(&mut head).map_err(broken)?;
    if !head.starts_with(b"PK\x01\x02") {
        return Err(DISAGREE);
    }
    let flags = short(&head, 8);
    // Encrypted, patched, strongly encrypted, with a list that is encrypted.
    if flags & (1 | 1 << 5 | 1 << 6 | 1 << 13) != 0 {
        return Err(ArchiveError::Unsupported("an encrypted member"));
    }
    let packing = packing(short(&head, 10))?;
    let (name, extra, comment) = (short(&head, 28), short(&head, 30), short(&head, 32));
    let (packed, size, at) = (long(&head, 20), long(&head, 24), long(&head, 42));
    if [packed, size, at].contains(&u32::MAX) {
        return Err(ArchiveError::Unsupported("a member of more than 4 GB"));
    }
    let name = read_name(source, name)?;
    let length = LIST_ENTRY as u64 + name.len() as u64 + u64::from(extra) + u64::from(comment);
    let entry = Entry {
        name,
        packing,
        crc: long(&head, 16),
        packed: packed.into(),
        size: size.into(),
        mode: long(&head, 38) >> 16,
        at: at.into(),
    };
    Ok((entry, length))
}

fn unpack_member(
    source: &mut (impl Read + Seek),
    entry: &Entry,
    list: u64,
    target: &mut Target,
) -> Result<()> {
    let member = Member::of(&entry.name)?;
    let by_mode = is_folder_by_mode(entry.mode, &entry.name)?;
    if by_mode.is_some_and(|is_folder| is_folder != member.is_folder) {
        return Err(ArchiveError::Special(
            String::from_utf8_lossy(&entry.name).into_owned(),
        ));
    }
    source.seek(SeekFrom::Start(entry.at))?;
    let mut head = [0; LOCAL];
    source.read_exact(&mut head).map_err(broken)?;
    let is_right = head.starts_with(b"PK\x03\x04") && packing(short(&head, 8))? == entry.packing;
    if !is_right || read_name(source, short(&head, 26))? != entry.name {
        return Err(DISAGREE);
    }
    // Where sizes come after the bytes, there are none before; else they must be the same.
    let comes_later = short(&head, 6) & 1 << 3 != 0;
    let sizes = [u64::from(long(&head, 18)), u64::from(long(&head, 22))];
    if !comes_later && sizes != [entry.packed, entry.size] && sizes != [u64::from(u32::MAX); 2] {
        return Err(DISAGREE);
    }
    let extra = i64::from(short(&head, 28));
    let start = source.seek(SeekFrom::Current(extra))?;
    if start.checked_add(entry.packed).is_none_or(|end| end > list) {
        return Err(DISAGREE);
    }
    if member.is_folder {
        if entry.size > 0 {
            return Err(ArchiveError::Malformed("a folder has bytes"));
        }
        return target.folder(&member.path);
    }
    let packed = source.take(entry.packed);
    let mut content = Checked {
        content: match entry.packing {
            Packing::Stored => Content::Stored(packed),
            Packing::Deflated => Content::Deflated(Box::new(DeflateDecoder::new(packed))),
        },
        crc: Crc::new(),
    };
    target.file(&member, entry.size, entry.mode, &mut content)?;
    if content.crc.sum() != entry.crc {
        return Err(ArchiveError::Malformed("a member's checksum is wrong"));
    }
    Ok(())
}

fn packing(method: u16) -> Result<Packing> {
    match method {
        0 => Ok(Packing::Stored),
        8 => Ok(Packing::Deflated),
        _ => Err(ArchiveError::Unsupported(
            "another compression than deflate",
        )),
    }
}

fn read_name(source: &mut impl Read, length: u16) -> Result<Vec<u8>> {
    let mut name = vec![0; usize::from(length).min(LONGEST_NAME + 1)];
    source.read_exact(&mut name).map_err(broken)?;
    if name.len() > LONGEST_NAME {
        let shown = String::from_utf8_lossy(&name[..200]).into_owned();
        return Err(ArchiveError::Path(shown));
    }
    Ok(name)
}

/// Unpacks, and sums up what comes out.
struct Checked<R: Read> {
    content: Content<R>,
    crc: Crc,
}

enum Content<R: Read> {
    Stored(R),
    Deflated(Box<DeflateDecoder<R>>),
}

impl<R: Read> Read for Checked<R> {
    fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
        let count = match &mut self.content {
            Content::Stored(source) => source.read(into)?,
            Content::Deflated(source) => source.read(into)?,
        };
        self.crc.update(&into[..count]);
        Ok(count)
    }
}

fn short(bytes: &[u8], at: usize) -> u16 {
    u16::from_le_bytes([bytes[at], bytes[at + 1]])
}

fn long(bytes: &[u8], at: usize) -> u32 {
    u32::from_le_bytes([bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]])
}
