//! Archives that would be more than anybody wants: members, bytes, headers without end.

use nuages::web::{ArchiveError, UnpackLimits};
use tar::{EntryType, Header};

use super::packed::{Zipped, entry, gz, overlapping, pax, tar, tar_file, zip};
use super::{refused_cheaply, unpacked_with};
use crate::attacks::uploads::target::Folder;

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
    let limits = UnpackLimits::default();
    for (name, archive) in [
        ("folders", &million),
        ("comments", &comments),
        ("files", &many),
    ] {
        let error = refused_cheaply(name, archive, &limits).await;
        assert!(matches!(error, ArchiveError::TooMany), "{name}: {error}");
    }
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

#[tokio::test]
async fn u10_z2_forty_two_kilobytes_that_would_be_four_gigabytes_stop_at_the_cap() {
    let bomb = overlapping(400, 10_500_000);
    assert!(bomb.len() < 55_000, "{}", bomb.len());
    // By their ratio, they are refused before the first byte.
    let mut limits = UnpackLimits::default();
    let error = refused_cheaply("ratio", &bomb, &limits).await;
    assert!(matches!(error, ArchiveError::TooLarge), "{error}");
    // By their number of bytes, as soon as it is reached.
    limits.max_ratio = u64::MAX;
    limits.max_bytes = 32 * 1024 * 1024;
    let error = refused_cheaply("bytes", &bomb, &limits).await;
    assert!(matches!(error, ArchiveError::TooLarge), "{error}");
    // The pair: a cap that allows for it gets a thousand times its size, for it is an archive as any other.
    let small = overlapping(2, 5_000_000);
    let folder = Folder::new();
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
    let mut limits = UnpackLimits::default();
    let error = refused_cheaply("lie", &zip(&[lying]), &limits).await;
    assert!(matches!(error, ArchiveError::Malformed(_)), "{error}");
    // A name of a gigabyte before the first member.
    let mut header = Header::new_gnu();
    header.set_entry_type(EntryType::GNULongName);
    header.set_size(1 << 30);
    header.set_cksum();
    let mut long = gz(header.as_bytes());
    long.extend(gz(&zeros).repeat(270));
    let error = refused_cheaply("long name", &long, &limits).await;
    assert!(matches!(error, ArchiveError::Unsupported(_)), "{error}");
    // A member that says a terabyte.
    let mut header = Header::new_gnu();
    header.set_entry_type(EntryType::Regular);
    header.set_mode(0o644);
    header.as_gnu_mut().unwrap().name[0] = b'a';
    header.set_size(1 << 40);
    header.set_cksum();
    let error = refused_cheaply("terabyte", header.as_bytes(), &limits).await;
    assert!(matches!(error, ArchiveError::TooLarge), "{error}");
    // Many headers before a member, each as long as one may be.
    let comment = pax("comment", "");
    let lines = comment.repeat(65_536 / comment.len());
    let full = entry(EntryType::XHeader, "x", "", 0, &lines);
    let many = gz(&full.repeat(16)).repeat(400);
    limits.max_bytes = 8 * 1024 * 1024;
    let error = refused_cheaply("headers", &many, &limits).await;
    assert!(matches!(error, ArchiveError::TooLarge), "{error}");
}
