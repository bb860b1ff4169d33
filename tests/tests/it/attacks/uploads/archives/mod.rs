//! U10, Z2: archives that lead elsewhere, that are more than they say, and that unpack to the sky.

mod bombs;
mod packed;

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use nuages::web::{ArchiveError, Error, UnpackLimits, Unpacked, UploadedFile, unpack, unpack_file};
use nuages_tests::Peak;
use tar::EntryType;

use self::packed::{Zipped, entry, gz, pax, tar, tar_file, zip};
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

/// The same for an archive of the disk, which takes no more memory than its reader.
async fn refused_cheaply(name: &str, archive: &[u8], limits: &UnpackLimits) -> ArchiveError {
    let folder = Folder::new();
    let path = folder.temporary().join("archive");
    fs::write(&path, archive).unwrap();
    let peak = Peak::mark();
    let error = unpack_file(&path, into(&folder), limits).await.unwrap_err();
    let grown = peak.growth_in_kib();
    assert!(grown.is_none_or(|kib| kib < 8 * 1024), "{name}: {grown:?}");
    fs::remove_file(path).unwrap();
    assert_untouched(&folder);
    error
}

fn assert_untouched(folder: &Folder) {
    let left = folder.files();
    assert!(left.is_empty(), "{left:?}");
    assert_eq!(fs::read_dir(folder.media()).unwrap().count(), 0);
    assert_eq!(fs::read_dir(folder.temporary()).unwrap().count(), 0);
    assert_eq!(canary(folder), CANARY);
}

fn canary(folder: &Folder) -> String {
    fs::read_to_string(folder.media().join("../canary.txt")).unwrap()
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
