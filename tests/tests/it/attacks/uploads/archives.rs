//! U10, Z2: archives that lead elsewhere, that are more than they say, and that unpack to the sky.

use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use flate2::write::{DeflateEncoder, GzEncoder};
use flate2::{Compression, Crc};
use nuages::web::{ArchiveError, Error, UnpackLimits, Unpacked, UploadedFile, unpack, unpack_file};
use nuages_tests::Peak;
use tar::{EntryType, Header};

use super::target::{CANARY, Folder};

/// The folder that is unpacked into; what lies beside it is nobody's business.
fn into(folder: &Folder) -> PathBuf {
    folder.media().join("out")
}

async fn unpacked_with(
    archive: &[u8],
    folder: &Folder,
    limits: &UnpackLimits,
) -> Result<Unpacked, ArchiveError> {
    let upload = UploadedFile::of_bytes("a.zip", "application/zip", archive.to_vec());
    unpack(&upload, into(folder), limits).await
}

async fn unpacked(archive: &[u8], folder: &Folder) -> Result<Unpacked, ArchiveError> {
    unpacked_with(archive, folder, &UnpackLimits::default()).await
}

/// What is refused leaves nothing: no file anywhere, and no folder where it was to go.
async fn refused(archive: &[u8]) -> ArchiveError {
    let folder = Folder::new();
    let error = unpacked(archive, &folder).await.unwrap_err();
    assert_untouched(&folder);
    error
}

fn assert_untouched(folder: &Folder) {
    assert_eq!(folder.files(), [PathBuf::new(); 0]);
    assert_eq!(fs::read_dir(folder.media()).unwrap().count(), 0);
    assert_eq!(fs::read_dir(folder.temporary()).unwrap().count(), 0);
    assert_eq!(canary(folder), CANARY);
}

fn canary(folder: &Folder) -> String {
    fs::read_to_string(folder.media().join("../canary.txt")).unwrap()
}

/// A member of a tar, with any name, kind and target.
fn entry(kind: EntryType, name: &str, link: &str, mode: u32, content: &[u8]) -> Vec<u8> {
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

fn tar_file(name: &str, content: &str) -> Vec<u8> {
    entry(EntryType::Regular, name, "", 0o644, content.as_bytes())
}

fn tar(entries: &[Vec<u8>]) -> Vec<u8> {
    let mut bytes = entries.concat();
    bytes.resize(bytes.len() + 1024, 0);
    bytes
}

fn gz(bytes: &[u8]) -> Vec<u8> {
    let mut packer = GzEncoder::new(Vec::new(), Compression::best());
    packer.write_all(bytes).unwrap();
    packer.finish().unwrap()
}

/// One line of PAX.
fn pax(key: &str, value: &str) -> Vec<u8> {
    let rest = format!(" {key}={value}\n");
    let digits = if rest.len() < 9 { 1 } else { 2 };
    format!("{}{rest}", rest.len() + digits).into_bytes()
}

/// A member of a zip, as its two headers describe it.
#[derive(Clone)]
struct Zipped {
    name: String,
    local_name: Option<String>,
    method: u16,
    packed: Vec<u8>,
    size: u32,
    crc: u32,
    mode: u32,
}

impl Zipped {
    fn stored(name: &str, content: &str) -> Self {
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

    fn deflated(name: &str, content: &[u8]) -> Self {
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

    fn with_mode(mut self, mode: u32) -> Self {
        self.mode = mode;
        self
    }

    fn sizes(&self) -> Vec<u8> {
        let packed = u32::try_from(self.packed.len()).unwrap();
        [self.crc, packed, self.size].map(u32::to_le_bytes).concat()
    }

    fn local(&self) -> Vec<u8> {
        let name = self.local_name.as_ref().unwrap_or(&self.name);
        let method = self.method.to_le_bytes();
        let mut bytes = [b"PK\x03\x04\x14\0\0\0", &method[..], &[0; 4], &self.sizes()].concat();
        bytes.extend(u16::try_from(name.len()).unwrap().to_le_bytes());
        bytes.extend([0; 2]);
        bytes.extend(name.as_bytes());
        bytes
    }

    fn central(&self, at: usize) -> Vec<u8> {
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
fn zip_end(mut bytes: Vec<u8>, central: &[Vec<u8>]) -> Vec<u8> {
    let start = u32::try_from(bytes.len()).unwrap();
    bytes.extend(central.concat());
    let length = u32::try_from(bytes.len()).unwrap() - start;
    let count = u16::try_from(central.len()).unwrap().to_le_bytes();
    bytes.extend([b"PK\x05\x06\0\0\0\0", &count[..], &count].concat());
    bytes.extend([length.to_le_bytes(), start.to_le_bytes()].concat());
    bytes.extend([0; 2]);
    bytes
}

fn zip(members: &[Zipped]) -> Vec<u8> {
    let (mut bytes, mut central) = (Vec::new(), Vec::new());
    for member in members {
        central.push(member.central(bytes.len()));
        bytes.extend(member.local());
        bytes.extend(&member.packed);
    }
    zip_end(bytes, &central)
}

fn zip_file(name: &str) -> Vec<u8> {
    zip(&[
        Zipped::stored("first.txt", "1"),
        Zipped::stored(name, "evil"),
    ])
}

/// What a careless program does with a tar: whatever it says.
fn naive(archive: &[u8], into: &Path, may: impl Fn(&Path) -> bool) -> io::Result<()> {
    for entry in tar::Archive::new(archive).entries()? {
        let mut entry = entry?;
        let path = into.join(&*String::from_utf8_lossy(&entry.path_bytes()));
        if !may(&path) {
            continue;
        }
        fs::create_dir_all(path.parent().unwrap())?;
        let link = entry.link_name()?.map(std::borrow::Cow::into_owned);
        match (entry.header().entry_type(), link) {
            #[cfg(unix)]
            (EntryType::Symlink, Some(link)) => std::os::unix::fs::symlink(link, path)?,
            (EntryType::Link, Some(link)) => fs::hard_link(into.join(link), path)?,
            _ => drop(io::copy(&mut entry, &mut fs::File::create(path)?)?),
        }
    }
    Ok(())
}

const OUTSIDE: [&str; 12] = [
    "../evil.txt",
    "../../evil.txt",
    "a/../../evil.txt",
    "a/b/../../../evil.txt",
    "/evil.txt",
    "//evil.txt",
    "..",
    "C:/evil.txt",
    "c:evil.txt",
    "..\\evil.txt",
    "a\\..\\..\\evil.txt",
    "a\nb",
];

#[tokio::test]
async fn u10_cve_2021_3281_no_member_leads_out_of_the_folder() {
    for name in OUTSIDE {
        let hostile = tar(&[tar_file("first.txt", "1"), tar_file(name, "evil")]);
        for archive in [zip_file(name), gz(&hostile), hostile] {
            let error = refused(&archive).await;
            assert!(matches!(error, ArchiveError::Path(_)), "{name:?}: {error}");
            assert_eq!(Error::from(error).status(), 400, "{name:?}");
        }
        // The same in a header of its own before that of the member.
        for header in [
            entry(EntryType::XHeader, "x", "", 0, &pax("path", name)),
            entry(
                EntryType::GNULongName,
                "././@LongLink",
                "",
                0,
                name.as_bytes(),
            ),
        ] {
            if name.contains('\n') {
                continue;
            }
            let error = refused(&tar(&[header, tar_file("fine.txt", "evil")])).await;
            assert!(matches!(error, ArchiveError::Path(_)), "{name:?}: {error}");
        }
    }
    let error = refused(&tar(&[tar_file("../evil.txt", "evil")])).await;
    assert_eq!(
        error.to_string(),
        "Archive contains invalid path: '../evil.txt'"
    );
}

#[test]
fn u10_pair_whoever_joins_the_names_writes_beside_the_folder() {
    let folder = Folder::new();
    let archive = tar(&[tar_file("../../evil.txt", "evil")]);
    naive(&archive, &into(&folder), |_| true).unwrap();
    assert!(folder.media().join("../evil.txt").exists());
}

/// The path without its dots, as it is compared with the folder.
fn plain(path: &Path) -> String {
    let mut parts: Vec<_> = Vec::new();
    for part in path.components() {
        match part {
            std::path::Component::ParentDir => drop(parts.pop()),
            part => parts.push(part.as_os_str()),
        }
    }
    parts.into_iter().collect::<PathBuf>().display().to_string()
}

#[tokio::test]
async fn u10_cve_2025_59682_a_folder_of_the_same_beginning_is_another_one() {
    let name = "../outabc/evil.txt";
    for archive in [zip_file(name), tar(&[tar_file(name, "evil")])] {
        assert!(matches!(refused(&archive).await, ArchiveError::Path(_)));
    }
    // The pair: as a text, the other path begins with this one.
    let folder = Folder::new();
    let begins = plain(&into(&folder));
    let archive = tar(&[tar_file(name, "evil")]);
    naive(&archive, &into(&folder), |path| {
        plain(path).starts_with(&begins)
    })
    .unwrap();
    assert!(folder.media().join("outabc/evil.txt").exists());
}

#[cfg(unix)]
#[tokio::test]
async fn u10_no_link_is_made_and_none_is_written_through() {
    let folder = Folder::new();
    let outside = folder.temporary();
    let outside = outside.to_str().unwrap();
    let canary_path = "../../canary.txt";
    let soft = tar(&[
        entry(EntryType::Symlink, "link", outside, 0o777, b""),
        tar_file("link/evil.txt", "evil"),
    ]);
    let hard = tar(&[
        entry(EntryType::Link, "link", canary_path, 0o644, b""),
        tar_file("link", "evil"),
    ]);
    let zipped = zip(&[
        Zipped::stored("link", outside).with_mode(0o120_777),
        Zipped::stored("link/evil.txt", "evil"),
    ]);
    let named = tar(&[
        entry(
            EntryType::GNULongLink,
            "././@LongLink",
            "",
            0,
            outside.as_bytes(),
        ),
        entry(EntryType::Symlink, "link", "short", 0o777, b""),
    ]);
    for archive in [&soft, &hard, &zipped, &named, &gz(&soft)] {
        let error = refused(archive).await;
        assert!(matches!(error, ArchiveError::Link(_)), "{error}");
    }
    // The pair: whoever makes them writes where they lead.
    naive(&soft, &into(&folder), |_| true).unwrap();
    assert!(folder.temporary().join("evil.txt").exists());
    fs::remove_file(into(&folder).join("link")).unwrap();
    naive(&hard, &into(&folder), |_| true).unwrap();
    assert_eq!(canary(&folder), "evil");
}

#[tokio::test]
async fn u10_what_is_no_file_and_no_folder_is_refused() {
    for kind in [
        EntryType::Char,
        EntryType::Block,
        EntryType::Fifo,
        EntryType::GNUSparse,
        EntryType::new(b'V'),
        EntryType::new(b'Z'),
    ] {
        let error = refused(&tar(&[entry(kind, "dev", "", 0o666, b"")])).await;
        assert!(
            matches!(error, ArchiveError::Special(_)),
            "{kind:?}: {error}"
        );
    }
    for mode in [0o020_666, 0o060_666, 0o010_666, 0o140_666, 0o040_755] {
        let error = refused(&zip(&[Zipped::stored("dev", "").with_mode(mode)])).await;
        assert!(
            matches!(error, ArchiveError::Special(_)),
            "{mode:o}: {error}"
        );
    }
    let sparse = entry(
        EntryType::XHeader,
        "x",
        "",
        0,
        &pax("GNU.sparse.major", "1"),
    );
    let error = refused(&tar(&[sparse, tar_file("a", "b")])).await;
    assert!(matches!(error, ArchiveError::Unsupported(_)), "{error}");
}

#[tokio::test]
async fn u10_two_headers_that_say_two_things_are_refused() {
    // For whoever believes the first header, the member's bytes hold another member.
    let hidden = tar_file("hidden.txt", "evil");
    let size = entry(EntryType::XHeader, "x", "", 0, &pax("size", "0"));
    let desync = tar(&[
        size,
        entry(EntryType::Regular, "fine.txt", "", 0o644, &hidden),
    ]);
    let error = refused(&desync).await;
    assert!(matches!(error, ArchiveError::Malformed(_)), "{error}");

    // The pair: two readings of the same bytes.
    let names = |raw| {
        let mut archive = tar::Archive::new(&desync[..]);
        let entries = archive.entries().unwrap().raw(raw);
        let name = |entry: io::Result<tar::Entry<'_, _>>| {
            String::from_utf8_lossy(&entry.unwrap().path_bytes()).into_owned()
        };
        entries.map(name).collect::<Vec<_>>()
    };
    assert_eq!(names(true), ["x", "fine.txt"]);
    assert_eq!(names(false), ["fine.txt", "hidden.txt"]);

    let header = |lines: &[u8]| entry(EntryType::XHeader, "x", "", 0, lines);
    let global = |lines: &[u8]| entry(EntryType::XGlobalHeader, "g", "", 0, lines);
    for hostile in [
        header(&[pax("path", "a"), pax("path", "b")].concat()),
        header(&[pax("size", "1"), pax("size", "2")].concat()),
        header(b"9999999999999999999999 path=a\n"),
        header(b"+8 path=a\n"),
        header(b"5 path=a\n"),
        header(b"0 path=a\n"),
        header(b"path=a\n"),
        header(b"10 path=a"),
        header(b"9 path\0a\n"),
        global(&pax("path", "a")),
        global(&pax("size", "0")),
    ] {
        let error = refused(&tar(&[hostile, tar_file("a", "b")])).await;
        assert!(
            matches!(
                error,
                ArchiveError::Malformed(_) | ArchiveError::Unsupported(_)
            ),
            "{error}"
        );
    }

    // Zip: the list and the header before the bytes.
    let member = || Zipped::stored("a", "content");
    let other_name = Zipped {
        local_name: Some("b".to_owned()),
        ..member()
    };
    let wrong_sum = Zipped { crc: 7, ..member() };
    let shorter = Zipped {
        size: 3,
        ..member()
    };
    let longer = Zipped {
        size: 30,
        ..member()
    };
    let unknown = Zipped {
        method: 12,
        ..member()
    };
    for hostile in [other_name, wrong_sum, shorter, longer, unknown] {
        let error = refused(&zip(&[hostile])).await;
        assert!(
            matches!(
                error,
                ArchiveError::Malformed(_) | ArchiveError::Unsupported(_)
            ),
            "{error}"
        );
    }
    // A list that counts one member less than there are.
    let mut two = zip(&[member(), Zipped::stored("b", "hidden")]);
    let at = two.len() - 22;
    two[at + 8] = 1;
    two[at + 10] = 1;
    assert!(matches!(refused(&two).await, ArchiveError::Malformed(_)));
    // A second list behind the first one, of which other programs read the first.
    let mut hidden = zip(&[Zipped::stored("hidden", "x")]);
    hidden.extend(zip(&[member()]));
    assert!(matches!(refused(&hidden).await, ArchiveError::Malformed(_)));
}

#[tokio::test]
async fn u10_no_member_is_written_over_another() {
    for names in [
        ["a", "a"],
        ["a", "./a"],
        ["a", "a/b"],
        ["a/b", "a"],
        ["a/", "a"],
    ] {
        let tarred = tar(&names.map(|name| {
            let is_folder = name.ends_with('/');
            let kind = if is_folder {
                EntryType::Directory
            } else {
                EntryType::Regular
            };
            entry(kind, name, "", 0o755, if is_folder { b"" } else { b"x" })
        }));
        let zipped = zip(
            &names.map(|name| Zipped::stored(name, if name.ends_with('/') { "" } else { "x" }))
        );
        for archive in [tarred, zipped] {
            let error = refused(&archive).await;
            assert!(
                matches!(error, ArchiveError::Duplicate(_)),
                "{names:?}: {error}"
            );
        }
    }
    // And none over what was there: neither in a folder, nor where a link leads.
    let folder = Folder::new();
    let archive = tar(&[tar_file("a", "b")]);
    fs::create_dir(into(&folder)).unwrap();
    fs::write(into(&folder).join("mine"), "mine").unwrap();
    let error = unpacked(&archive, &folder).await.unwrap_err();
    assert!(matches!(error, ArchiveError::Exists), "{error}");
    assert_eq!(folder.files().len(), 1);
    fs::remove_dir_all(into(&folder)).unwrap();
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink(folder.temporary(), into(&folder)).unwrap();
        let error = unpacked(&archive, &folder).await.unwrap_err();
        assert!(matches!(error, ArchiveError::Exists), "{error}");
        fs::remove_file(into(&folder)).unwrap();
    }
    assert_untouched(&folder);
    // The pair: an empty folder gives way.
    fs::create_dir(into(&folder)).unwrap();
    assert_eq!(unpacked(&archive, &folder).await.unwrap().files, 1);
}

#[tokio::test]
async fn u10_a_million_members_are_not_read_to_their_end() {
    // Two thousand headers are packed, and what they are packed to comes five hundred times.
    let folder = entry(EntryType::Directory, "a/", "", 0o755, b"");
    let million = gz(&folder.repeat(2000)).repeat(500);
    // The same of headers without members, and a list of files without a byte.
    let comment = entry(EntryType::XGlobalHeader, "g", "", 0, &pax("comment", "x"));
    let comments = gz(&comment.repeat(2000)).repeat(500);
    let many: Vec<_> = (0..20_000)
        .map(|at| Zipped::stored(&format!("{at}"), ""))
        .collect();
    let many = zip(&many);
    let peak = Peak::mark();
    for archive in [&million, &comments, &many] {
        assert!(matches!(refused(archive).await, ArchiveError::TooMany));
    }
    let grown = peak.growth_in_kib();
    assert!(grown.is_none_or(|kib| kib < 8 * 1024), "{grown:?}");
    // Folders that are only named count as well. The pair: whoever allows as many gets them.
    let deep = |number: usize| tar_file(&format!("{number}/{}f", "d/".repeat(40)), "");
    let deep = tar(&(0..10).map(deep).collect::<Vec<_>>());
    let mut limits = UnpackLimits::default();
    for (most, is_enough) in [(400, false), (420, true)] {
        limits.max_members = most;
        let folder = Folder::new();
        let found = unpacked_with(&deep, &folder, &limits).await;
        assert_eq!(found.is_ok(), is_enough, "{found:?}");
        assert!(is_enough || matches!(found, Err(ArchiveError::TooMany)));
    }
}

/// Members that quote each other: each is the header of the next one, and all that the next one is.
fn overlapping(count: u32, kernel: usize) -> Vec<u8> {
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

#[tokio::test]
async fn u10_z2_forty_two_kilobytes_that_would_be_four_gigabytes_stop_at_the_cap() {
    let bomb = overlapping(400, 10_500_000);
    assert!(bomb.len() < 55_000, "{}", bomb.len());
    // By their ratio, they are refused before the first byte.
    let peak = Peak::mark();
    assert!(matches!(refused(&bomb).await, ArchiveError::TooLarge));
    // By their number of bytes, as soon as it is reached.
    let mut limits = UnpackLimits::default();
    limits.max_ratio = u64::MAX;
    limits.max_bytes = 32 * 1024 * 1024;
    let folder = Folder::new();
    let error = unpacked_with(&bomb, &folder, &limits).await.unwrap_err();
    assert!(matches!(error, ArchiveError::TooLarge), "{error}");
    assert_untouched(&folder);
    let grown = peak.growth_in_kib();
    assert!(grown.is_none_or(|kib| kib < 8 * 1024), "{grown:?}");
    // The pair: a cap that allows for it gets a thousand times its size, for it is an archive as any other.
    let small = overlapping(2, 5_000_000);
    let found = unpacked_with(&small, &folder, &limits).await.unwrap();
    assert_eq!(found.files, 3);
    assert!(found.bytes > 1000 * small.len() as u64);
}

#[tokio::test]
async fn u10_z2_what_is_larger_than_it_says_is_read_no_further_than_it_says() {
    let zeros = vec![0; 4_000_000];
    let lying = Zipped {
        size: 1000,
        ..Zipped::deflated("a", &zeros)
    };
    let peak = Peak::mark();
    assert!(matches!(
        refused(&zip(&[lying])).await,
        ArchiveError::Malformed(_)
    ));
    // A long name, a long list of names: a gigabyte before the first member.
    let mut header = Header::new_gnu();
    header.set_entry_type(EntryType::GNULongName);
    header.set_size(1 << 30);
    header.set_cksum();
    let mut long = gz(header.as_bytes());
    long.extend(gz(&zeros).repeat(270));
    assert!(matches!(refused(&long).await, ArchiveError::Unsupported(_)));
    // Many such headers, each as long as one may be.
    let comment = pax("comment", "");
    let full = entry(
        EntryType::XHeader,
        "x",
        "",
        0,
        &comment.repeat(65_536 / comment.len()),
    );
    let many = gz(&full.repeat(16)).repeat(400);
    let mut limits = UnpackLimits::default();
    limits.max_bytes = 8 * 1024 * 1024;
    let folder = Folder::new();
    let error = unpacked_with(&many, &folder, &limits).await.unwrap_err();
    assert!(matches!(error, ArchiveError::TooLarge), "{error}");
    // A member that says a terabyte.
    let mut header = Header::new_gnu();
    header.set_entry_type(EntryType::Regular);
    header.set_mode(0o644);
    header.as_gnu_mut().unwrap().name[0] = b'a';
    header.set_size(1 << 40);
    header.set_cksum();
    assert!(matches!(
        refused(header.as_bytes()).await,
        ArchiveError::TooLarge
    ));
    let grown = peak.growth_in_kib();
    assert!(grown.is_none_or(|kib| kib < 8 * 1024), "{grown:?}");
}

#[tokio::test]
async fn u10_damaged_archives_leave_nothing() {
    let members = [
        Zipped::stored("a/b", "one"),
        Zipped::deflated("c", b"two two two two"),
    ];
    let zipped = zip(&members);
    let tarred = tar(&[tar_file("a/b", "one"), tar_file("c", "two")]);
    let packed = gz(&tarred);
    for cut in (0..zipped.len()).step_by(3) {
        refused(&zipped[..cut]).await;
    }
    for cut in (1..tarred.len() - 1024)
        .step_by(61)
        .filter(|cut| cut % 1024 > 0)
    {
        refused(&tarred[..cut]).await;
    }
    for cut in (0..packed.len() - 20).step_by(3) {
        refused(&packed[..cut]).await;
    }
    // Whatever one byte becomes: it is refused, or the same names come out.
    for (archive, step) in [(&zipped, 2), (&packed, 2), (&tarred, 29)] {
        for at in (0..archive.len()).step_by(step) {
            let mut changed = archive.clone();
            changed[at] ^= 0x41;
            let folder = Folder::new();
            if unpacked(&changed, &folder).await.is_err() {
                assert_untouched(&folder);
            } else {
                let below = into(&folder);
                assert!(
                    folder.files().iter().all(|file| file.starts_with(&below)),
                    "{at}"
                );
            }
        }
    }
}

#[tokio::test]
async fn u10_pair_honest_archives_unpack() {
    let members = [
        Zipped::stored("site/", "").with_mode(0o040_755),
        Zipped::stored("site/readme.txt", "hello").with_mode(0o100_644),
        Zipped::deflated("site/a/b/run.sh", &b"#!/bin/sh\n".repeat(1000)).with_mode(0o106_755),
        Zipped::stored("site/é.txt", ""),
    ];
    let run = b"#!/bin/sh\n".repeat(1000);
    let long = format!("site/{}/name.txt", "long".repeat(40));
    let tarred = tar(&[
        entry(
            EntryType::XGlobalHeader,
            "pax_global_header",
            "",
            0,
            &pax("comment", "0123abc"),
        ),
        entry(EntryType::Directory, "site/", "", 0o755, b""),
        tar_file("site/readme.txt", "hello"),
        entry(EntryType::Regular, "site/a/b/run.sh", "", 0o6755, &run),
        tar_file("site/é.txt", ""),
        entry(
            EntryType::GNULongName,
            "././@LongLink",
            "",
            0,
            format!("{long}\0").as_bytes(),
        ),
        tar_file("cut", "long"),
        entry(
            EntryType::XHeader,
            "x",
            "",
            0,
            &[pax("path", "site/ø"), pax("mtime", "1.5")].concat(),
        ),
        tar_file("o", "pax"),
    ]);
    for (archive, files) in [(zip(&members), 3), (gz(&tarred), 5), (tarred, 5)] {
        for strip in [false, true] {
            let folder = Folder::new();
            let mut limits = UnpackLimits::default();
            limits.strip_leading_folder = strip;
            // Once from memory, once from the disk.
            let found = if strip {
                let path = folder.temporary().join("archive");
                fs::write(&path, &archive).unwrap();
                let found = unpack_file(&path, into(&folder), &limits).await;
                fs::remove_file(path).unwrap();
                found.unwrap()
            } else {
                unpacked_with(&archive, &folder, &limits).await.unwrap()
            };
            assert_eq!(found.files, files);
            assert_eq!(folder.files().len() as u64, files);
            let top = if strip {
                into(&folder)
            } else {
                into(&folder).join("site")
            };
            assert_eq!(fs::read_to_string(top.join("readme.txt")).unwrap(), "hello");
            assert_eq!(fs::read(top.join("a/b/run.sh")).unwrap(), run);
            assert!(top.join("é.txt").exists());
            assert_eq!(fs::read_dir(folder.media()).unwrap().count(), 1);
            if files == 5 {
                let long = long.strip_prefix("site/").unwrap();
                assert_eq!(fs::read_to_string(top.join(long)).unwrap(), "long");
                assert_eq!(fs::read_to_string(top.join("ø")).unwrap(), "pax");
            }
            #[cfg(unix)]
            {
                use std::os::unix::fs::PermissionsExt;
                // The right to run is kept; those of its owner's and group's are not.
                let mode = |path: &str| {
                    fs::metadata(top.join(path)).unwrap().permissions().mode() & 0o7777
                };
                assert_eq!(mode("a/b/run.sh") & !0o022, 0o755);
                assert_eq!(mode("readme.txt") & !0o022, 0o644);
                assert_eq!(mode("a") & 0o7000, 0);
            }
        }
    }
    // Nothing at all is an archive of zip, and none of tar.
    let folder = Folder::new();
    assert_eq!(unpacked(&zip(&[]), &folder).await.unwrap().files, 0);
    for none in [
        &b""[..],
        b"PK",
        b"no archive at all",
        &[0; 1024],
        &gz(b""),
        b"Rar!\x1a\x07",
    ] {
        let error = refused(none).await;
        assert!(matches!(error, ArchiveError::Malformed(_)), "{error}");
    }
}
