//! Archives as an attacker makes them: with any name, any size, and headers that disagree.

use std::io::Write as _;

use flate2::write::{DeflateEncoder, GzEncoder};
use flate2::{Compression, Crc};
use tar::{EntryType, Header};

/// A member of a tar, with any name, kind and target.
pub(super) fn entry(kind: EntryType, name: &str, link: &str, mode: u32, content: &[u8]) -> Vec<u8> {
    let mut header = Header::new_gnu();
    let gnu = header.as_gnu_mut().unwrap();
    gnu.name[..name.len()].copy_from_slice(name.as_bytes());
    gnu.linkname[..link.len()].copy_from_slice(link.as_bytes());
    header.set_entry_type(kind);
    header.set_mode(mode);
    header.set_size(content.len() as u64);
    header.set_cksum();
    let mut bytes = header.as_bytes().to_vec();
    bytes.extend_from_slice(content);
    bytes.resize(bytes.len().next_multiple_of(512), 0);
    bytes
}

pub(super) fn tar_file(name: &str, content: &str) -> Vec<u8> {
    entry(EntryType::Regular, name, "", 0o644, content.as_bytes())
}

pub(super) fn tar(entries: &[Vec<u8>]) -> Vec<u8> {
    let mut bytes = entries.concat();
    bytes.resize(bytes.len() + 1024, 0);
    bytes
}

pub(super) fn gz(bytes: &[u8]) -> Vec<u8> {
    let mut packer = GzEncoder::new(Vec::new(), Compression::best());
    packer.write_all(bytes).unwrap();
    packer.finish().unwrap()
}

/// One line of PAX.
pub(super) fn pax(key: &str, value: &str) -> Vec<u8> {
    let rest = format!(" {key}={value}\n");
    let digits = if rest.len() < 9 { 1 } else { 2 };
    format!("{}{rest}", rest.len() + digits).into_bytes()
}

/// A member of a zip, as its two headers describe it.
#[derive(Clone)]
pub(super) struct Zipped {
    pub(super) name: String,
    pub(super) local_name: Option<String>,
    pub(super) method: u16,
    pub(super) packed: Vec<u8>,
    pub(super) size: u32,
    pub(super) crc: u32,
    pub(super) mode: u32,
}

impl Zipped {
    pub(super) fn stored(name: &str, content: &str) -> Self {
        let mut crc = Crc::new();
        crc.update(content.as_bytes());
        Self {
            name: name.to_owned(),
            local_name: None,
            method: 0,
            packed: content.as_bytes().to_vec(),
            size: u32::try_from(content.len()).unwrap(),
            crc: crc.sum(),
            mode: 0,
        }
    }

    pub(super) fn deflated(name: &str, content: &[u8]) -> Self {
        let mut packer = DeflateEncoder::new(Vec::new(), Compression::best());
        packer.write_all(content).unwrap();
        let mut crc = Crc::new();
        crc.update(content);
        Self {
            method: 8,
            packed: packer.finish().unwrap(),
            size: u32::try_from(content.len()).unwrap(),
            crc: crc.sum(),
            ..Self::stored(name, "")
        }
    }

    pub(super) fn with_mode(mut self, mode: u32) -> Self {
        self.mode = mode;
        self
    }

    pub(super) fn sizes(&self) -> Vec<u8> {
        let packed = u32::try_from(self.packed.len()).unwrap();
        [self.crc, packed, self.size].map(u32::to_le_bytes).concat()
    }

    pub(super) fn local(&self) -> Vec<u8> {
        let name = self.local_name.as_ref().unwrap_or(&self.name);
        let method = self.method.to_le_bytes();
        let mut bytes = [b"PK\x03\x04\x14\0\0\0", &method[..], &[0; 4], &self.sizes()].concat();
        bytes.extend(u16::try_from(name.len()).unwrap().to_le_bytes());
        bytes.extend([0; 2]);
        bytes.extend(name.as_bytes());
        bytes
    }

    pub(super) fn central(&self, at: usize) -> Vec<u8> {
        let method = self.method.to_le_bytes();
        let head = b"PK\x01\x02\x14\x03\x14\0\0\0";
        let mut bytes = [&head[..], &method, &[0; 4], &self.sizes()].concat();
        bytes.extend(u16::try_from(self.name.len()).unwrap().to_le_bytes());
        bytes.extend([0; 8]);
        bytes.extend((self.mode << 16).to_le_bytes());
        bytes.extend(u32::try_from(at).unwrap().to_le_bytes());
        bytes.extend(self.name.as_bytes());
        bytes
    }
}

/// The end of a zip whose members are in place.
pub(super) fn zip_end(mut bytes: Vec<u8>, central: &[Vec<u8>]) -> Vec<u8> {
    let start = u32::try_from(bytes.len()).unwrap();
    bytes.extend(central.concat());
    let length = u32::try_from(bytes.len()).unwrap() - start;
    let count = u16::try_from(central.len()).unwrap().to_le_bytes();
    bytes.extend([b"PK\x05\x06\0\0\0\0", &count[..], &count].concat());
    bytes.extend([length.to_le_bytes(), start.to_le_bytes()].concat());
    bytes.extend([0; 2]);
    bytes
}

pub(super) fn zip(members: &[Zipped]) -> Vec<u8> {
    let (mut bytes, mut central) = (Vec::new(), Vec::new());
    for member in members {
        central.push(member.central(bytes.len()));
        bytes.extend(member.local());
        bytes.extend(&member.packed);
    }
    zip_end(bytes, &central)
}

/// Members that quote each other: each is the header of the next one, and all that the next one is.
pub(super) fn overlapping(count: u32, kernel: usize) -> Vec<u8> {
    let last = Zipped::deflated(&format!("{count}"), &vec![0; kernel]);
    let (mut sum, mut size) = (Crc::new(), last.size);
    sum.update(&vec![0; kernel]);
    let mut bodies = vec![[last.local(), last.packed.clone()].concat()];
    let mut members = vec![last];
    for number in (0..count).rev() {
        let next = bodies.last().unwrap();
        let header = members.last().unwrap().local();
        // A block that is not packed, of as many bytes as the header has: deflate goes on behind it.
        let length = u16::try_from(header.len()).unwrap();
        let mut quote = vec![0];
        quote.extend([length.to_le_bytes(), (!length).to_le_bytes()].concat());
        let mut crc = Crc::new();
        crc.update(&header);
        crc.combine(&sum);
        size += u32::from(length);
        let member = Zipped {
            packed: [&quote[..], next].concat(),
            size,
            crc: crc.sum(),
            ..Zipped::deflated(&format!("{number}"), b"")
        };
        bodies.push([member.local(), quote, next.clone()].concat());
        members.push(member);
        sum = crc;
    }
    let bytes = bodies.pop().unwrap();
    let whole = bytes.len();
    let mut central = vec![members.pop().unwrap().central(0)];
    while let (Some(member), Some(body)) = (members.pop(), bodies.pop()) {
        central.push(member.central(whole - body.len()));
    }
    zip_end(bytes, &central)
}
