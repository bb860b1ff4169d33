//! The folder of a file cache.

use std::time::Duration;

use nuages_cache::{Cache, CacheBackend, FileCache};

use crate::bench::{clock, folder};

#[cfg(unix)]
#[tokio::test]
async fn cve_2020_24584_k9_only_the_owner_may_read() {
    use std::os::unix::fs::PermissionsExt;

    let at = folder();
    let deep = at.join("one/two");
    let cache = Cache::new(FileCache::new(deep.clone(), clock()));
    cache.set("a", 1).await.unwrap();
    cache.add("b", 1).await.unwrap();
    let mode =
        |path: &std::path::Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    for folder in [&at, &at.join("one"), &deep] {
        assert_eq!(mode(folder), 0o700, "{}", folder.display());
    }
    for entry in std::fs::read_dir(&deep).unwrap() {
        let path = entry.unwrap().path();
        let wanted = if path.is_dir() { 0o700 } else { 0o600 };
        assert_eq!(mode(&path), wanted, "{}", path.display());
    }
    std::fs::remove_dir_all(at).unwrap();
}

/// Runs this test again in a process whose files and folders everybody may write, unless it is that process.
#[cfg(unix)]
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

/// Each file and folder, with its permissions.
#[cfg(unix)]
fn modes(at: &std::path::Path, found: &mut Vec<(std::path::PathBuf, u32)>) {
    use std::os::unix::fs::PermissionsExt;
    let mode = std::fs::metadata(at).unwrap().permissions().mode() & 0o7777;
    found.push((at.to_owned(), mode));
    if at.is_dir() {
        for entry in std::fs::read_dir(at).unwrap() {
            modes(&entry.unwrap().path(), found);
        }
    }
}

#[cfg(unix)]
#[test]
fn k9_cve_2020_24584_sixteen_threads_without_a_umask_make_private_files_only() {
    use std::os::unix::fs::PermissionsExt;
    if !is_without_umask(
        "files::k9_cve_2020_24584_sixteen_threads_without_a_umask_make_private_files_only",
    ) {
        return;
    }
    let at = folder();
    std::thread::scope(|threads| {
        for thread in 0..16 {
            let at = &at;
            threads.spawn(move || {
                let runtime = tokio::runtime::Builder::new_current_thread()
                    .build()
                    .unwrap();
                runtime.block_on(async {
                    for round in 0..25 {
                        // Some folders are everybody's, some one thread's.
                        let shared = at.join(format!("{round}/shared"));
                        let own = at.join(format!("{round}/{thread}/a/b"));
                        for folder in [shared, own] {
                            let cache = Cache::new(FileCache::new(folder, clock()));
                            cache.set("set", thread).await.unwrap();
                            cache.add(&format!("add{thread}"), 1).await.unwrap();
                            cache.increase(&format!("add{thread}"), 1).await.unwrap();
                            cache.touch("set", Duration::from_secs(9)).await.unwrap();
                        }
                    }
                });
            });
        }
    });
    let mut found = Vec::new();
    modes(&at, &mut found);
    assert!(found.len() > 25 * 16 * 4);
    for (path, mode) in found {
        let wanted = if path.is_dir() { 0o700 } else { 0o600 };
        assert_eq!(mode, wanted, "{}", path.display());
    }
    // The pair: what nobody thought of is everybody's.
    std::fs::create_dir(at.join("plain")).unwrap();
    std::fs::write(at.join("plain/file"), "").unwrap();
    let mode = |path: &str| {
        std::fs::metadata(at.join(path))
            .unwrap()
            .permissions()
            .mode()
            & 0o777
    };
    assert_eq!([mode("plain"), mode("plain/file")], [0o777, 0o666]);
    std::fs::remove_dir_all(at).unwrap();
}

#[tokio::test]
async fn damaged_files_are_misses() {
    let at = folder();
    let store = FileCache::new(at.clone(), clock());
    let cache = Cache::new(store.clone());
    cache.set("a", "value").await.unwrap();
    let mut paths = std::fs::read_dir(&at)
        .unwrap()
        .flatten()
        .map(|entry| entry.path());
    let path = paths.find(|path| path.extension().is_some()).unwrap();
    let whole = std::fs::read(&path).unwrap();
    for end in 0..whole.len() {
        std::fs::write(&path, &whole[..end]).unwrap();
        assert_eq!(cache.get::<String>("a").await.unwrap(), None, "{end}");
    }
    std::fs::write(&path, &whole).unwrap();
    assert_eq!(
        cache.get::<String>("a").await.unwrap().as_deref(),
        Some("value")
    );
    std::fs::remove_dir_all(at).unwrap();
}

#[tokio::test]
async fn expired_files_are_swept() {
    let (at, clock) = (folder(), clock());
    let store = FileCache::new(at.clone(), clock.clone());
    let cache = Cache::new(store.clone());
    cache
        .set_for("a", 1, Duration::from_secs(10))
        .await
        .unwrap();
    cache.set_for("b", 1, None).await.unwrap();
    clock.advance(jiff::SignedDuration::from_secs(11));
    assert_eq!(store.clear_expired().await.unwrap(), 1);
    assert!(cache.has_key("b").await.unwrap());
    cache.clear().await.unwrap();
    assert!(!cache.has_key("b").await.unwrap());
    std::fs::remove_dir_all(at).unwrap();
}

#[tokio::test]
async fn k9_many_writers_never_leave_half_a_file() {
    let at = folder();
    let cache = Cache::new(FileCache::new(at.clone(), clock()));
    let mut tasks = Vec::new();
    for task in 0..16_u8 {
        let cache = cache.clone();
        tasks.push(tokio::spawn(async move {
            let mine = vec![task; 20_000];
            for _ in 0..20 {
                cache.set("shared", &mine).await.unwrap();
                let read: Vec<u8> = cache.get("shared").await.unwrap().unwrap();
                assert!(read.len() == 20_000 && read.iter().all(|byte| *byte == read[0]));
            }
        }));
    }
    for task in tasks {
        task.await.unwrap();
    }
    std::fs::remove_dir_all(at).unwrap();
}

#[tokio::test]
async fn django_and_we_share_a_file_cache() {
    let at = folder();
    let store = FileCache::new(at.clone(), nuages_base::Clock::system());
    let cache = Cache::new(store);
    cache.set("ours", ("zwei", 2)).await.unwrap();
    cache.set_for("ever", 1, None).await.unwrap();
    let program = format!(
        "import django\nfrom django.conf import settings\n\
         settings.configure(CACHES={{'default': {{'BACKEND': 'django.core.cache.backends.filebased.FileBasedCache', 'LOCATION': '{}'}}}})\n\
         from django.core.cache import cache\n\
         assert cache.get('ours') == ('zwei', 2), cache.get('ours')\nassert cache.get('ever') == 1\n\
         cache.set('theirs', {{'a': [1, None]}}, 60)\ncache.set('for ever', 'x', None)\nprint('same')",
        at.display()
    );
    if let Some(said) = crate::python::python("django_files", &program, b"") {
        assert_eq!(said, b"same\n");
        let theirs: std::collections::BTreeMap<String, Vec<Option<i64>>> =
            cache.get("theirs").await.unwrap().unwrap();
        assert_eq!(theirs["a"], [Some(1), None]);
        assert_eq!(
            cache.get::<String>("for ever").await.unwrap().as_deref(),
            Some("x")
        );
    }
    std::fs::remove_dir_all(at).unwrap();
}
