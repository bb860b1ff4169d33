//! Tar: one header after another, each with its bytes behind it.

use std::io::Read;

use tar::{Archive, EntryType, Header};

use super::member::{LONGEST_NAME, Member};
use super::target::{Target, broken};
use super::{ArchiveError, Result};

/// The longest header that goes before another.
const LONGEST_EXTENSION: u64 = 64 * 1024;

const NONE: ArchiveError = ArchiveError::Malformed("it is neither zip nor tar");

/// What headers before the one of a member have said about it.
#[derive(Default)]
struct Said {
    path: Option<Vec<u8>>,
    size: Option<u64>,
}

pub(super) fn unpack(source: impl Read, target: &mut Target) -> Result<()> {
    let mut archive = Archive::new(source);
    // The crate would read headers of any length, and believe the size that one of them says.
    let entries = archive.entries().map_err(malformed)?.raw(true);
    let (mut said, mut is_first) = (Said::default(), true);
    for entry in entries {
        let mut entry = entry.map_err(malformed)?;
        target.count_member()?;
        // What is no tar at all must not pass for one by chance.
        if std::mem::take(&mut is_first) && !has_magic(entry.header()) {
            return Err(NONE);
        }
        let size = entry.size();
        let kind = entry.header().entry_type();
        match kind {
            EntryType::GNULongName => {
                let mut name = extension(&mut entry, size, target)?;
                if name.last() == Some(&0) {
                    name.pop();
                }
                said.name(name)?;
                continue;
            }
            EntryType::XHeader => {
                said.read(&extension(&mut entry, size, target)?)?;
                continue;
            }
            // Those of the whole archive: a comment is one, and what would say something of a member is not.
            EntryType::XGlobalHeader => {
                let mut global = Said::default();
                global.read(&extension(&mut entry, size, target)?)?;
                if global.path.is_some() || global.size.is_some() {
                    return Err(ArchiveError::Unsupported("a name or size for all members"));
                }
                continue;
            }
            _ => {}
        }
        let Said { path, size: told } = std::mem::take(&mut said);
        let name = path.unwrap_or_else(|| entry.path_bytes().into_owned());
        let shown = || String::from_utf8_lossy(&name[..name.len().min(200)]).into_owned();
        if told.is_some_and(|told| told != size) {
            return Err(ArchiveError::Malformed("two headers say two sizes"));
        }
        let mode = entry.header().mode().map_err(malformed)?;
        let is_folder = match kind {
            EntryType::Regular | EntryType::Continuous => false,
            EntryType::Directory => true,
            EntryType::Link | EntryType::Symlink | EntryType::GNULongLink => {
                return Err(ArchiveError::Link(shown()));
            }
            _ => return Err(ArchiveError::Special(shown())),
        };
        let member = Member::of(&name)?;
        match (is_folder, member.is_folder) {
            (true, _) if size > 0 => {
                return Err(ArchiveError::Malformed("a folder has bytes"));
            }
            (true, _) => target.folder(&member.path)?,
            // Old archives have no other sign of a folder.
            (false, true) if size == 0 && kind == EntryType::Regular => {
                target.folder(&member.path)?;
            }
            (false, true) => return Err(ArchiveError::Path(shown())),
            (false, false) => target.file(&member, size, mode, &mut entry)?,
        }
    }
    if is_first {
        return Err(NONE);
    }
    Ok(())
}

fn has_magic(header: &Header) -> bool {
    header.as_ustar().is_some() || header.as_gnu().is_some()
}

fn malformed(error: std::io::Error) -> ArchiveError {
    match error.kind() {
        // What the crate says of a header that is none.
        std::io::ErrorKind::Other => ArchiveError::Malformed("a header is damaged"),
        _ => broken(error),
    }
}

/// The bytes of a header that goes before another.
fn extension(entry: &mut impl Read, size: u64, target: &mut Target) -> Result<Vec<u8>> {
    if size > LONGEST_EXTENSION {
        return Err(ArchiveError::Unsupported("a header of more than 64 KiB"));
    }
    target.count_bytes(size)?;
    let mut bytes = Vec::new();
    entry.read_to_end(&mut bytes).map_err(broken)?;
    if bytes.len() as u64 != size {
        return Err(ArchiveError::Malformed("it is cut off"));
    }
    Ok(bytes)
}

impl Said {
    fn name(&mut self, name: Vec<u8>) -> Result<()> {
        if name.len() > LONGEST_NAME {
            let shown = String::from_utf8_lossy(&name[..200]).into_owned();
            return Err(ArchiveError::Path(shown));
        }
        match &self.path {
            Some(known) if *known != name => {
                Err(ArchiveError::Malformed("two headers say two names"))
            }
            _ => {
                self.path = Some(name);
                Ok(())
            }
        }
    }

    /// Lines of PAX: how long the line is, a space, a name, `=`, a value, a line end.
    fn read(&mut self, mut lines: &[u8]) -> Result<()> {
        const BROKEN: ArchiveError = ArchiveError::Malformed("a PAX header is damaged");
        while !lines.is_empty() {
            let space = lines.iter().take(8).position(|byte| *byte == b' ');
            let space = space.ok_or(BROKEN)?;
            let length = number(&lines[..space]).ok_or(BROKEN)?;
            let length = usize::try_from(length).map_err(|_| BROKEN)?;
            let line = lines.get(space + 1..length).ok_or(BROKEN)?;
            lines = &lines[length..];
            let line = line.strip_suffix(b"\n").ok_or(BROKEN)?;
            let sign = line.iter().position(|byte| *byte == b'=').ok_or(BROKEN)?;
            let (key, value) = (&line[..sign], &line[sign + 1..]);
            match key {
                b"path" => self.name(value.to_vec())?,
                b"size" => {
                    let size = number(value).ok_or(BROKEN)?;
                    if self.size.replace(size).is_some_and(|known| known != size) {
                        return Err(ArchiveError::Malformed("two headers say two sizes"));
                    }
                }
                key if key.starts_with(b"GNU.sparse.") => {
                    return Err(ArchiveError::Unsupported("a file with holes"));
                }
                _ => {}
            }
        }
        Ok(())
    }
}

/// Digits, and nothing but digits.
fn number(digits: &[u8]) -> Option<u64> {
    let are_digits = !digits.is_empty() && digits.iter().all(u8::is_ascii_digit);
    let text = std::str::from_utf8(digits).ok().filter(|_| are_digits)?;
    text.parse().ok()
}
