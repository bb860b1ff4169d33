//! Archives: what is refused leaves nothing, what is not lies below the folder, with the bytes that were told.
#![no_main]

use std::cell::RefCell;
use std::fs;
use std::path::Path;

use libfuzzer_sys::fuzz_target;
use nuages_web::{UnpackLimits, UploadedFile, unpack};
use tokio::runtime::{Builder, Runtime};

thread_local! {
    static RUNTIME: RefCell<Option<Runtime>> = RefCell::new(Builder::new_current_thread().build().ok());
}

/// How many files there are below, and how many bytes they have; a link is none of them.
fn count(folder: &Path) -> (u64, u64) {
    let (mut files, mut bytes) = (0, 0);
    for entry in fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        let kind = entry.file_type().unwrap();
        assert!(kind.is_file() || kind.is_dir());
        if kind.is_dir() {
            let below = count(&entry.path());
            files += below.0;
            bytes += below.1;
        } else {
            files += 1;
            bytes += entry.metadata().unwrap().len();
        }
    }
    (files, bytes)
}

fuzz_target!(|data: &[u8]| {
    let place = std::env::temp_dir().join(format!("nuages-fuzz-{}", std::process::id()));
    let into = place.join("into");
    fs::create_dir_all(&place).unwrap();
    let mut limits = UnpackLimits::default();
    limits.max_members = 100;
    limits.max_bytes = 1 << 20;
    RUNTIME.with_borrow(|runtime| {
        let Some(runtime) = runtime else { return };
        let upload = UploadedFile::of_bytes("a", "", data.to_vec());
        match runtime.block_on(unpack(&upload, &into, &limits)) {
            Ok(unpacked) => {
                assert_eq!((unpacked.files, unpacked.bytes), count(&into));
                assert!(unpacked.bytes <= limits.max_bytes);
                fs::remove_dir_all(&into).unwrap();
            }
            Err(_) => assert!(!into.exists()),
        }
        assert_eq!(fs::read_dir(&place).unwrap().count(), 0);
    });
});
