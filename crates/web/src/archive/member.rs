//! Where the name of a member leads: below the folder, or nowhere.

use std::path::PathBuf;

use super::{ArchiveError, Result};

/// The longest name, in bytes.
pub(super) const LONGEST_NAME: usize = 1024;

/// A name that leads below the folder; a slash at its end makes it a folder's.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Member {
    /// The parts of the name, none of them special.
    pub(super) path: PathBuf,
    pub(super) is_folder: bool,
}

impl Member {
    /// # Errors
    /// When the name leads elsewhere, for any system: archives are made on one and unpacked on another.
    pub(super) fn of(name: &[u8]) -> Result<Self> {
        let Ok(text) = std::str::from_utf8(name) else {
            return Err(ArchiveError::Unsupported("a name that is not UTF-8"));
        };
        let refused = || ArchiveError::Path(text.chars().take(200).collect());
        let has_drive = matches!(name, [letter, b':', ..] if letter.is_ascii_alphabetic());
        let is_odd = |c: char| c.is_control() || c == '\\' || (cfg!(windows) && c == ':');
        if name.len() > LONGEST_NAME || text.starts_with('/') || has_drive || text.contains(is_odd)
        {
            return Err(refused());
        }
        let mut path = PathBuf::new();
        for part in text.split('/') {
            match part {
                "" | "." => {}
                ".." => return Err(refused()),
                part => path.push(part),
            }
        }
        let is_folder = text.ends_with('/') || text.ends_with("/.") || text == ".";
        if path.as_os_str().is_empty() && !is_folder {
            return Err(refused());
        }
        Ok(Self { path, is_folder })
    }
}

/// What a member is, by the bits of its mode that say so; `true` for a folder.
pub(super) fn is_folder_by_mode(mode: u32, name: &[u8]) -> Result<Option<bool>> {
    let shown = || String::from_utf8_lossy(&name[..name.len().min(200)]).into_owned();
    match mode & 0o170_000 {
        0 => Ok(None),
        0o100_000 => Ok(Some(false)),
        0o040_000 => Ok(Some(true)),
        0o120_000 => Err(ArchiveError::Link(shown())),
        _ => Err(ArchiveError::Special(shown())),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn names_lead_below_or_nowhere() {
        for (name, path, is_folder) in [
            ("a", "a", false),
            ("a/b.txt", "a/b.txt", false),
            ("./a//b", "a/b", false),
            ("a/", "a", true),
            ("./", "", true),
            (".", "", true),
            ("..a/b..", "..a/b..", false),
            ("x:y", "x:y", false),
        ] {
            if cfg!(windows) && name.contains(':') {
                continue;
            }
            // A drive is a letter and a colon, wherever it is unpacked.
            if name == "x:y" {
                assert!(Member::of(name.as_bytes()).is_err());
                continue;
            }
            let member = Member::of(name.as_bytes()).unwrap();
            assert_eq!(member.path, PathBuf::from(path), "{name}");
            assert_eq!(member.is_folder, is_folder, "{name}");
        }
        let long = "a".repeat(LONGEST_NAME + 1);
        for name in [
            "",
            "/",
            "/a",
            "..",
            "../a",
            "a/..",
            "a/../b",
            "a/../../b",
            "a\\b",
            "..\\a",
            "C:/a",
            "c:a",
            "a\0b",
            "a\nb",
            &long,
        ] {
            assert!(Member::of(name.as_bytes()).is_err(), "{name:?}");
        }
        assert!(Member::of(b"\xff").is_err());
    }

    proptest! {
        #[test]
        fn no_name_leads_out(name in "[./\\\\a:~ ]{0,12}|\\PC{0,20}") {
            if let Ok(member) = Member::of(name.as_bytes()) {
                let plain = |part| matches!(part, std::path::Component::Normal(_));
                prop_assert!(member.path.components().all(plain), "{}", name);
            }
        }
    }
}
