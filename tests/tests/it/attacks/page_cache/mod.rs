//! K, C6, S15: what the page cache must give to nobody else, over the whole site.

mod keys;
mod private;
mod stampede;
mod target;
mod visitors;

/// The caches that pages are kept in: memory, files, and a Redis server where the tests have one.
fn kinds(test: &str) -> Vec<(&'static str, serde_json::Value)> {
    let folder = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("pages-{test}"));
    let _ = std::fs::remove_dir_all(&folder);
    let mut kinds = vec![
        (
            "memory",
            serde_json::json!({"default": {"backend": "memory"}}),
        ),
        (
            "file",
            serde_json::json!({"default": {"backend": "file", "location": folder.to_string_lossy()}}),
        ),
    ];
    match std::env::var_os("NUAGES_TEST_REDIS").and_then(|text| text.into_string().ok()) {
        Some(address) => {
            let now = nuages::base::Clock::system().now().as_nanosecond();
            let prefix = format!("pages-{test}-{now}");
            let redis = serde_json::json!({"default": {"backend": "redis", "location": address, "key_prefix": prefix}});
            kinds.push(("redis", redis));
        }
        None => nuages_tests::skip(test, "no Redis server (NUAGES_TEST_REDIS is not set)"),
    }
    kinds
}
