//! K9: who may read the files of sessions.

use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use nuages_base::Clock;
use nuages_sessions::{FileStore, SessionSettings, Sessions};

use super::{key, stored};
use crate::engine::keys;

/// Runs this test again in a process whose files and folders everybody may write, unless it is that process.
fn is_without_umask(test: &str) -> bool {
    const AGAIN: &str = "NUAGES_TEST_WITHOUT_UMASK";
    if std::env::var_os(AGAIN).is_some() {
        return true;
    }
    let status = std::process::Command::new("sh")
        .args(["-c", "umask 0; exec \"$0\" --exact \"$1\" --nocapture"])
        .arg(std::env::current_exe().unwrap())
        .arg(test)
        .env(AGAIN, "1")
        .status();
    assert!(status.unwrap().success(), "the test fails without a umask");
    false
}

fn mode(path: &Path) -> u32 {
    std::fs::metadata(path).unwrap().permissions().mode() & 0o7777
}

/// Each file and folder, with its permissions.
fn modes(at: &Path, found: &mut Vec<(PathBuf, u32)>) {
    found.push((at.to_owned(), mode(at)));
    if at.is_dir() {
        for entry in std::fs::read_dir(at).unwrap() {
            modes(&entry.unwrap().path(), found);
        }
    }
}

#[test]
fn k9_sixteen_threads_without_a_umask_make_private_sessions_only() {
    if !is_without_umask(
        "engines::private::k9_sixteen_threads_without_a_umask_make_private_sessions_only",
    ) {
        return;
    }
    let at = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("k9-{}", std::process::id()));
    std::thread::scope(|threads| {
        for thread in 0..16 {
            let at = &at;
            threads.spawn(move || {
                let runtime = tokio::runtime::Builder::new_current_thread()
                    .build()
                    .unwrap();
                runtime.block_on(async {
                    for round in 0..15 {
                        // Some folders are everybody's, some one thread's.
                        let shared = at.join(format!("{round}/shared"));
                        let own = at.join(format!("{round}/{thread}/a/b"));
                        for folder in [shared, own] {
                            let settings = SessionSettings::default();
                            let clock = Clock::system();
                            let store =
                                FileStore::new(folder, &keys(), settings.clone(), clock.clone());
                            let sessions =
                                Sessions::new(std::sync::Arc::new(store), settings, clock);
                            // Made, changed, and given another key.
                            let known = stored(&sessions, &[("user", "ann")]).await;
                            let session = sessions.open(Some(&known));
                            session.set("cart", "tea").await.unwrap();
                            session.save().await.unwrap();
                            session.cycle_key().await.unwrap();
                            session.save().await.unwrap();
                            assert_ne!(key(&session), known);
                        }
                    }
                });
            });
        }
    });
    let mut found = Vec::new();
    modes(&at, &mut found);
    assert!(found.len() > 15 * 16 * 5);
    for (path, mode) in found {
        let wanted = if path.is_dir() { 0o700 } else { 0o600 };
        assert_eq!(mode, wanted, "{}", path.display());
    }
    // The pair: what nobody thought of is everybody's.
    std::fs::create_dir(at.join("plain")).unwrap();
    std::fs::write(at.join("plain/file"), "").unwrap();
    let plain = [at.join("plain"), at.join("plain/file")];
    assert_eq!(plain.map(|path| mode(&path)), [0o777, 0o666]);
    std::fs::remove_dir_all(at).unwrap();
}
