//! U7, U8, U11: what the system is really asked for, as `strace` sees it.
//!
//! Each test runs itself again under `strace`, and counts the calls between two marks: files that are asked for and
//! are nowhere.

use std::fs;
use std::io::Read as _;
use std::path::Path;
use std::process::Command;

use nuages::prelude::*;
use nuages::testing::TestSite;
use nuages::web::{
    FileSystemStorage, Files, ImageError, ImageLimits, PostData, UploadedFile, WebSettings,
};

use super::target::{CANARY, Folder, MULTIPART, Target, body, file};

/// Set in the process that is watched.
const WATCHED: &str = "NUAGES_TEST_WATCHED";

/// Runs the test of this name under `strace`; the calls of each part that [`mark`] divides it into.
///
/// Nothing in the process that is watched, and where there is no `strace`, which the test then says.
fn watch(test: &str) -> Option<Vec<Vec<String>>> {
    let folder = Folder::new();
    let log = folder.temporary().join("log");
    let status = Command::new("strace")
        .args(["-f", "-y", "-e", "trace=%file,read,pread64", "-o"])
        .arg(&log)
        .arg(std::env::current_exe().unwrap())
        .args(["--exact", test, "--nocapture"])
        .env(WATCHED, "1")
        .status();
    let text = fs::read_to_string(&log).unwrap_or_default();
    if !text.contains("execve") {
        nuages_tests::skip(test, "there is no strace, or it may not watch");
        return None;
    }
    assert!(status.unwrap().success(), "{test} fails when it is watched");
    let mut parts = vec![Vec::new()];
    for line in text.lines() {
        if line.contains("\"/nuages-mark\"") {
            parts.push(Vec::new());
        } else if !line.contains("<... ") {
            // The number of the process is before the call.
            let call = line.trim_start_matches(|c: char| c.is_ascii_digit()).trim();
            parts.last_mut().unwrap().push(call.to_owned());
        }
    }
    Some(parts)
}

fn is_watched() -> bool {
    std::env::var_os(WATCHED).is_some()
}

/// Ends a part of what is watched.
fn mark() {
    assert!(!Path::new("/nuages-mark").exists());
}

/// Asks what there is, without opening it.
fn is_stat(call: &str) -> bool {
    const STATS: [&str; 9] = [
        "stat(",
        "lstat(",
        "newfstatat(",
        "fstatat64(",
        "statx(",
        "access(",
        "faccessat(",
        "faccessat2(",
        "statfs(",
    ];
    STATS.iter().any(|name| call.starts_with(name))
}

fn is_open(call: &str) -> bool {
    ["open(", "openat(", "openat2(", "creat("]
        .iter()
        .any(|name| call.starts_with(name))
}

const SAVES: usize = 50;

/// What a careless storage does: it counts until a name is free.
fn save_by_counting(folder: &Path) {
    let mut path = folder.join("naive.txt");
    let mut number = 0;
    while path.exists() {
        number += 1;
        path = folder.join(format!("naive_{number}.txt"));
    }
    fs::write(path, "x").unwrap();
}

#[tokio::test]
async fn u7_cve_2014_0481_a_save_asks_three_times_at_most_and_makes_new_files_only() {
    const NAME: &str = "attacks::uploads::traced::u7_cve_2014_0481_a_save_asks_three_times_at_most_and_makes_new_files_only";
    if is_watched() {
        let folder = Folder::new();
        let files = Files::new(FileSystemStorage::new(folder.media(), "/media/"));
        let upload = UploadedFile::of_bytes("a.txt", "text/plain", "x");
        files.save("in/a.txt", &upload).await.unwrap();
        mark();
        for _ in 0..SAVES {
            files.save("in/a.txt", &upload).await.unwrap();
        }
        mark();
        for _ in 0..SAVES {
            save_by_counting(&folder.media());
        }
        mark();
        return;
    }
    let Some(parts) = watch(NAME) else { return };
    let stats = |part: &[String]| part.iter().filter(|call| is_stat(call)).count();
    let [ours, naive] = [stats(&parts[1]), stats(&parts[2])];
    assert!(
        ours > 0 && ours <= 3 * SAVES,
        "{ours} calls for {SAVES} saves"
    );
    // The pair: whoever counts asks for every file that is there.
    assert!(naive > 10 * SAVES, "{naive}");
    let made = |part: &[String]| {
        let writes = |call: &&String| is_open(call) && call.contains("O_WRONLY");
        part.iter().filter(writes).cloned().collect::<Vec<_>>()
    };
    let ours = made(&parts[1]);
    // A try at the name that is taken, and one at the next.
    assert_eq!(ours.len(), 2 * SAVES);
    assert!(
        ours.iter().all(|call| call.contains("O_CREAT|O_EXCL")),
        "{ours:?}"
    );
    assert!(!made(&parts[2]).iter().any(|call| call.contains("O_EXCL")));
}

/// Paths of requests that lead to the canary, or to a file of the system.
const PATHS: [&str; 14] = [
    "../canary.txt",
    "%2e%2e/canary.txt",
    "%2e%2e%2fcanary.txt",
    "%252e%252e/canary.txt",
    "..%5ccanary.txt",
    "a/../../canary.txt",
    "a/%2e%2e/%2e%2e/canary.txt",
    "canary.txt%00",
    ".canary.txt",
    "/etc/hostname",
    "%2fetc/hostname",
    "%2fetc%2fhostname",
    "../../../../../../../../etc/hostname",
    "file:///etc/hostname",
];

#[tokio::test]
async fn u8_noio_no_path_of_a_request_opens_what_it_names() {
    const NAME: &str = "attacks::uploads::traced::u8_noio_no_path_of_a_request_opens_what_it_names";
    if is_watched() {
        let target = Target::new().await;
        let media = target.folder.media();
        fs::write(media.join(".canary.txt"), CANARY).unwrap();
        fs::write(media.join("seen.txt"), "seen").unwrap();
        let folders = vec![media.display().to_string()];
        let site = TestSite::with(Site::new(), |settings| {
            settings.set("debug", true).unwrap();
            settings.set("staticfiles_dirs", folders).unwrap();
        })
        .await;
        mark();
        for path in PATHS {
            let media = target.client().get(&format!("/media/{path}")).await;
            let fixed = site.client().get(&format!("/static/{path}")).await;
            assert_eq!([media.status(), fixed.status()], [404; 2], "{path}");
        }
        // That something is opened at all is seen, too.
        target.client().get("/media/seen.txt").await;
        mark();
        let _ = fs::read(media.join("../canary.txt"));
        let _ = fs::read("/etc/hostname");
        mark();
        return;
    }
    let Some(parts) = watch(NAME) else { return };
    let named = |part: &[String], name: &str| {
        // What is decoded once may name a folder `%2e%2e`, which is looked for where it would be.
        let is_inside = |call: &str| call.contains("/media/%2e%2e/");
        let opens = |call: &&String| is_open(call) && call.contains(name) && !is_inside(call);
        part.iter().filter(opens).count()
    };
    assert_eq!(named(&parts[1], "canary"), 0);
    assert_eq!(named(&parts[1], "hostname"), 0);
    assert_eq!(named(&parts[1], "seen.txt"), 1);
    // The pair: whoever joins the path opens them.
    assert_eq!(named(&parts[2], "canary.txt"), 1);
    assert_eq!(named(&parts[2], "/etc/hostname"), 1);
}

/// A JPEG of two megabytes whose frame never comes, as an upload on the disk.
async fn endless_image(folder: &Folder) -> UploadedFile {
    let mut image = vec![0xff, 0xd8];
    for _ in 0..32 {
        image.extend([0xff, 0xe1, 0xff, 0xff]);
        image.extend(vec![0; 65_533]);
    }
    let settings = WebSettings {
        file_upload_max_memory_size: 0,
        file_upload_temp_dir: Some(folder.temporary().display().to_string()),
        ..WebSettings::default()
    };
    let request = http::Request::post("/")
        .header("content-type", MULTIPART)
        .body(body(&[file("a.jpg", image)]).into());
    let data = PostData::read(request.unwrap(), &settings).await.unwrap();
    data.file("file").unwrap().clone()
}

#[tokio::test]
async fn u11_cve_2012_3444_forty_reads_are_enough_to_give_an_image_up() {
    const NAME: &str =
        "attacks::uploads::traced::u11_cve_2012_3444_forty_reads_are_enough_to_give_an_image_up";
    if is_watched() {
        let folder = Folder::new();
        let upload = endless_image(&folder).await;
        mark();
        let found = upload.image(&ImageLimits::default()).await;
        mark();
        assert!(matches!(found, Err(ImageError::Invalid)), "{found:?}");
        // What Django did before: a kilobyte after the other, until the size is known.
        let mut source = fs::File::open(upload.temporary_path().unwrap()).unwrap();
        let mut piece = [0; 1024];
        while source.read(&mut piece).unwrap() > 0 {}
        mark();
        return;
    }
    let Some(parts) = watch(NAME) else { return };
    let reads = |part: &[String]| {
        let of_upload = |call: &&String| call.contains("read") && call.contains(".upload>");
        part.iter().filter(of_upload).count()
    };
    let [ours, naive] = [reads(&parts[1]), reads(&parts[2])];
    assert!(ours > 0 && ours <= 40, "{ours} reads");
    assert!(naive > 2000, "{naive} reads");
}
