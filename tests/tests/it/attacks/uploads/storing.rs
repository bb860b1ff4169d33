//! U7: names that storages make, names that are taken, and links in the folder.

use std::sync::Arc;

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use nuages::web::{
    FileSystemStorage, Files, MemoryStorage, Storage, StorageError, StoredFile, UploadedFile,
};

use super::target::{CANARY, Folder};

fn upload(content: &'static str) -> UploadedFile {
    UploadedFile::of_bytes("a.txt", "text/plain", content)
}

fn folder_and_files() -> (Folder, Files) {
    let folder = Folder::new();
    let files = Files::new(FileSystemStorage::new(folder.media(), "/media/"));
    (folder, files)
}

fn is_suspicious<T>(result: &Result<T, StorageError>) -> bool {
    matches!(result, Err(StorageError::Suspicious(_)))
}

#[tokio::test]
async fn u7_cve_2021_45452_no_name_leads_out_of_the_storage() {
    let (folder, files) = folder_and_files();
    for name in [
        "../x",
        "tmp/../path",
        "path/to/../test.file",
        "\\tmp\\..",
        "/path/to/x",
        "/tmp/x",
        "a\\..\\..\\x",
        "..",
        ".",
        "",
        "a/",
        "a\0b",
    ] {
        assert!(
            is_suspicious(&files.save(name, &upload("x")).await),
            "save {name:?}"
        );
        assert!(is_suspicious(&files.open(name).await), "open {name:?}");
        assert!(is_suspicious(&files.delete(name).await), "delete {name:?}");
        assert!(is_suspicious(&files.exists(name).await), "exists {name:?}");
        assert!(is_suspicious(&files.url(name)), "url {name:?}");
    }
    for name in ["$.$.$", "../a.txt", "a/../b.txt", "a\\..\\b.txt", "??"] {
        assert!(is_suspicious(&files.generate_filename(name)), "{name:?}");
    }
    assert!(folder.files().is_empty());
}

/// A storage whose own names lead elsewhere.
struct Hostile {
    inner: MemoryStorage,
    valid: &'static str,
    alternative: &'static str,
    written: Option<&'static str>,
}

impl Hostile {
    fn new() -> Self {
        Self {
            inner: MemoryStorage::new("/"),
            valid: "fine.txt",
            alternative: "fine2.txt",
            written: None,
        }
    }
}

type Answer<'a, T> = BoxFuture<'a, Result<T, StorageError>>;

impl Storage for Hostile {
    fn write<'a>(&'a self, name: &'a str, file: &'a UploadedFile) -> Answer<'a, String> {
        async move {
            let name = self.inner.write(name, file).await?;
            Ok(self.written.map_or(name, str::to_owned))
        }
        .boxed()
    }

    fn open<'a>(&'a self, name: &'a str) -> Answer<'a, StoredFile> {
        self.inner.open(name)
    }

    fn delete<'a>(&'a self, name: &'a str) -> Answer<'a, ()> {
        self.inner.delete(name)
    }

    fn exists<'a>(&'a self, name: &'a str) -> Answer<'a, bool> {
        self.inner.exists(name)
    }

    fn url(&self, name: &str) -> Option<String> {
        self.inner.url(name)
    }

    fn valid_name(&self, _: &str) -> Result<String, StorageError> {
        Ok(self.valid.to_owned())
    }

    fn alternative_name(&self, _: &str, _: &str) -> String {
        self.alternative.to_owned()
    }
}

#[tokio::test]
async fn u7_cve_2024_39330_names_of_a_storage_are_validated_at_each_stage() {
    let hostile = Hostile {
        valid: "../../evil.txt",
        ..Hostile::new()
    };
    let files = Files::new(hostile);
    let name = files.generate_filename("a.txt").unwrap();
    assert!(
        is_suspicious(&files.save(&name, &upload("x")).await),
        "{name}"
    );

    let hostile = Hostile {
        alternative: "../evil.txt",
        ..Hostile::new()
    };
    let files = Files::new(hostile);
    files.save("a.txt", &upload("x")).await.unwrap();
    assert!(is_suspicious(&files.save("a.txt", &upload("y")).await));
    assert!(is_suspicious(&files.available_name("a.txt", None).await));

    let hostile = Hostile {
        written: Some("/etc/evil.txt"),
        ..Hostile::new()
    };
    assert!(is_suspicious(
        &Files::new(hostile).save("a.txt", &upload("x")).await
    ));
}

#[tokio::test]
async fn u7_pair_an_honest_storage_keeps_them() {
    let files = Files::new(Hostile::new());
    let name = files.generate_filename("a.txt").unwrap();
    assert_eq!(files.save(&name, &upload("x")).await.unwrap(), "fine.txt");
    assert_eq!(files.save(&name, &upload("y")).await.unwrap(), "fine2.txt");
    assert_eq!(
        files.open("fine.txt").await.unwrap().read().await.unwrap(),
        "x"
    );
}

#[tokio::test]
async fn u7_cve_2014_0481_a_name_that_is_taken_gets_a_random_part_at_once() {
    let (folder, files) = folder_and_files();
    assert_eq!(
        files.save("a.tar.gz", &upload("x")).await.unwrap(),
        "a.tar.gz"
    );
    let mut names = std::collections::HashSet::new();
    for _ in 0..10_000 {
        let name = files.save("a.tar.gz", &upload("x")).await.unwrap();
        let middle = name
            .strip_prefix("a_")
            .and_then(|name| name.strip_suffix(".tar.gz"));
        assert_eq!(middle.unwrap().len(), 7, "{name}");
        assert!(names.insert(name));
    }
    assert_eq!(folder.files().len(), 10_001);
}

#[tokio::test]
async fn u7_a_name_has_at_most_the_length_of_its_column() {
    let (_folder, files) = folder_and_files();
    let long = format!("{}.txt", "a".repeat(120));
    let name = files
        .save_within(&long, &upload("x"), Some(100))
        .await
        .unwrap();
    assert!(name.len() <= 100 && name.contains("aa_"), "{name}");
    assert!(is_suspicious(
        &files
            .save_within("a.abcdefghij", &upload("x"), Some(10))
            .await
    ));
}

#[tokio::test]
async fn u7_two_who_save_one_name_at_a_time_both_keep_their_file() {
    let (_folder, files) = folder_and_files();
    let files = Arc::new(files);
    let saves = (0..20).map(|_| {
        let files = files.clone();
        tokio::spawn(async move { files.save("same.txt", &upload("x")).await.unwrap() })
    });
    let mut names: Vec<String> = Vec::new();
    for save in saves.collect::<Vec<_>>() {
        names.push(save.await.unwrap());
    }
    names.sort();
    names.dedup();
    assert_eq!(names.len(), 20);
}

#[cfg(unix)]
#[tokio::test]
async fn u7_a_link_in_the_folder_is_not_followed() {
    use std::os::unix::fs::symlink;

    let (folder, files) = folder_and_files();
    let outside = folder.temporary();
    symlink(&outside, folder.media().join("out")).unwrap();
    symlink(
        folder.media().join("../canary.txt"),
        folder.media().join("link.txt"),
    )
    .unwrap();
    symlink(
        outside.join("made.txt"),
        folder.media().join("dangling.txt"),
    )
    .unwrap();
    assert!(is_suspicious(&files.save("out/x.txt", &upload("x")).await));
    assert!(is_suspicious(&files.open("link.txt").await));
    assert!(is_suspicious(&files.delete("out/x.txt").await));
    // A link takes its name, wherever it leads.
    let name = files.save("dangling.txt", &upload("x")).await.unwrap();
    assert_ne!(name, "dangling.txt");
    assert_eq!(std::fs::read_dir(&outside).unwrap().count(), 0);
    files.delete("link.txt").await.unwrap();
    let canary = folder.media().join("../canary.txt");
    assert_eq!(std::fs::read_to_string(canary).unwrap(), CANARY);
}

#[cfg(unix)]
#[tokio::test]
async fn u7_pair_a_plain_folder_takes_them() {
    let (folder, files) = folder_and_files();
    assert_eq!(
        files.save("out/x.txt", &upload("x")).await.unwrap(),
        "out/x.txt"
    );
    assert_eq!(folder.files().len(), 1);
    files.delete("out/x.txt").await.unwrap();
    assert!(folder.files().is_empty());
}

#[cfg(unix)]
#[tokio::test]
async fn cve_2020_24583_and_2026_25674_every_folder_has_the_permissions_that_were_asked_for() {
    use std::os::unix::fs::PermissionsExt;

    let folder = Folder::new();
    let storage = FileSystemStorage::new(folder.media(), "/media/")
        .with_directory_permissions(Some(0o765))
        .with_file_permissions(Some(0o640));
    let files = Files::new(storage);
    let name = files
        .save("the/sub/dir/file.txt", &upload("x"))
        .await
        .unwrap();
    let mode = |path: &str| {
        let metadata = std::fs::metadata(folder.media().join(path)).unwrap();
        metadata.permissions().mode() & 0o777
    };
    assert_eq!(
        [mode("the"), mode("the/sub"), mode("the/sub/dir")],
        [0o765; 3]
    );
    assert_eq!(mode(&name), 0o640);
}

#[cfg(unix)]
#[test]
fn cve_2026_25674_no_mask_of_another_thread_takes_a_permission_away() {
    use std::os::unix::fs::PermissionsExt;
    use std::sync::atomic::{AtomicBool, Ordering};

    use rustix::fs::Mode;
    use rustix::process::umask;

    const FOLDERS: [u32; 2] = [0o700, 0o755];
    let is_over = AtomicBool::new(false);
    let folder = Folder::new();
    let before = umask(Mode::from_raw_mode(0o022));
    std::thread::scope(|threads| {
        threads.spawn(|| {
            while !is_over.load(Ordering::Relaxed) {
                umask(Mode::from_raw_mode(0o077));
                umask(Mode::from_raw_mode(0o000));
            }
        });
        let writers: Vec<_> = (0..16)
            .map(|number: usize| {
                let media = folder.media();
                threads.spawn(move || {
                    let mode = FOLDERS[number % 2];
                    let storage = FileSystemStorage::new(&media, "/media/")
                        .with_directory_permissions(Some(mode))
                        .with_file_permissions(Some(0o640));
                    let files = Files::new(storage);
                    let runtime = tokio::runtime::Runtime::new().unwrap();
                    for round in 0..20 {
                        let top = format!("{number}-{round}");
                        let name = format!("{top}/b/c/file.txt");
                        let saved = runtime.block_on(files.save(&name, &upload("x"))).unwrap();
                        let mode_of = |path: &str| {
                            let metadata = std::fs::metadata(media.join(path)).unwrap();
                            metadata.permissions().mode() & 0o777
                        };
                        let found =
                            [&*top, &format!("{top}/b"), &format!("{top}/b/c")].map(mode_of);
                        assert_eq!(found, [mode; 3], "{top}");
                        assert_eq!(mode_of(&saved), 0o640, "{top}");
                    }
                })
            })
            .collect();
        for writer in writers {
            writer.join().unwrap();
        }
        is_over.store(true, Ordering::Relaxed);
    });
    umask(before);
}

#[tokio::test]
async fn r11_a_file_that_cannot_be_written_leaves_nothing() {
    let (folder, files) = folder_and_files();
    std::fs::write(folder.media().join("plain"), "a file").unwrap();
    assert!(files.save("plain/x.txt", &upload("x")).await.is_err());
    assert_eq!(folder.files().len(), 1);
    assert!(files.save("other/x.txt", &upload("x")).await.is_ok());
}
