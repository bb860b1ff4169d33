//! What other programs leave in a shared cache.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use flate2::Compression;
use flate2::write::ZlibEncoder;
use nuages_cache::{Cache, DbCache, FileCache, MemoryCache, Value, pickle};
use nuages_db::{Db, DbSettings};
use nuages_sql::{Expr, Insert};

use crate::bench::{clock, folder, table};
use crate::bomb::zlib_bomb;
use crate::peak::Peak;

#[tokio::test]
async fn k7_a_row_that_would_run_code_is_a_miss() {
    let db = Db::connect(&DbSettings::new("sqlite::memory:"))
        .await
        .unwrap();
    let store = DbCache::new(db.clone(), "cache", clock());
    store.create_table().await.unwrap();
    let cache = Cache::new(store);
    // base64 of os.system("id"), of no pickle, and no base64 at all.
    for (key, text) in [
        (":1:evil", "gASMAm9zjAZzeXN0ZW2TjAJpZIVSLg=="),
        (":1:odd", "aGVsbG8="),
        (":1:none", "!!!"),
    ] {
        let insert = Insert::into("cache")
            .columns(["cache_key", "value", "expires"])
            .row([
                Expr::value(key),
                Expr::value(text),
                Expr::value("9999-12-31 23:59:59"),
            ]);
        db.execute(&insert).await.unwrap();
    }
    for key in ["evil", "odd", "none"] {
        assert_eq!(cache.get_value(key).await.unwrap(), None, "{key}");
    }
    // A value of Django's that lives for ever is read.
    let insert = Insert::into("cache")
        .columns(["cache_key", "value", "expires"])
        .row([
            Expr::value(":1:good"),
            Expr::value("gARLBy4="),
            Expr::value("9999-12-31 23:59:59"),
        ]);
    db.execute(&insert).await.unwrap();
    assert_eq!(cache.get("good").await.unwrap(), Some(7));
}

#[tokio::test]
async fn the_table_is_django_s() {
    let db = Db::connect(&DbSettings::new("sqlite::memory:"))
        .await
        .unwrap();
    DbCache::new(db.clone(), "my_cache_table", clock())
        .create_table()
        .await
        .unwrap();
    let rows = db
        .fetch_all(nuages_sql::RawSql::new(
            "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY type DESC",
        ))
        .await
        .unwrap();
    let sql: Vec<String> = rows.iter().map(|row| row.get(0).unwrap()).collect();
    assert_eq!(
        sql,
        [
            r#"CREATE TABLE "my_cache_table" ("cache_key" varchar(255) NOT NULL PRIMARY KEY, "value" text NOT NULL, "expires" datetime NOT NULL)"#,
            r#"CREATE INDEX "my_cache_table_expires" ON "my_cache_table" ("expires")"#,
        ]
    );
}

const MEGABYTE: usize = 1 << 20;

/// A megabyte of a pickle that costs as much as it can: each with its name.
pub(crate) fn hostile_pickles() -> Vec<(&'static str, Vec<u8>)> {
    let of = |begin: &[u8], piece: &[u8], end: &[u8]| {
        let mut bytes = [b"\x80\x04", begin].concat();
        bytes.extend(piece.repeat((MEGABYTE - bytes.len() - end.len()) / piece.len()));
        bytes.extend(end);
        bytes
    };
    let long = [
        &b"B"[..],
        &1_000_000_u32.to_le_bytes(),
        &vec![b'x'; 1_000_000],
        b"\x94",
    ]
    .concat();
    let text = [
        &b"X"[..],
        &1_000_000_u32.to_le_bytes(),
        &vec![b'x'; 1_000_000],
        b"\x94",
    ]
    .concat();
    vec![
        ("nothing", of(b"(", b"N", b"t.")),
        ("lists", of(b"(", b"]", b"t.")),
        ("lists that are remembered", of(b"(", b"]\x94", b"t.")),
        ("lists of lists", of(b"(", b"]]a", b"t.")),
        ("dictionaries", of(b"(", b"}NNs", b"t.")),
        ("sets", of(b"(", b"\x8f(K\x01\x90", b"t.")),
        ("pairs", of(b"(", b"NN\x86", b"t.")),
        ("marks", of(b"", b"(", b".")),
        ("lists in lists", of(b"", b"]", b".")),
        ("numbers", of(b"(", b"K\x01", b"t.")),
        (
            "long numbers",
            of(b"(", b"\x8a\x09\xff\xff\xff\xff\xff\xff\xff\xff\x01", b"t."),
        ),
        ("texts", of(b"(", b"\x8c\x04text", b"t.")),
        ("a memo", of(b"N", b"\x94", b".")),
        (
            "one text many times",
            of(&[b"(", &text[..]].concat(), b"h\0", b"t."),
        ),
        (
            "long bytes many times",
            of(&[b"(", &long[..]].concat(), b"h\0", b"t."),
        ),
        (
            "one list many times",
            of(b"(](NNNNNNNNe\x94", b"h\0", b"t."),
        ),
        ("a list of itself", of(b"]\x94h\0a(", b"h\0", b"t.")),
        (
            "calls",
            of(b"", b"\x8c\x02os\x8c\x06system\x93\x8c\x02idR", b"."),
        ),
    ]
}

pub(crate) fn assert_cheap(what: &str, peak: &Peak) {
    let growth = peak.growth_in_kib();
    assert!(
        growth.is_none_or(|kib| kib < 8 * 1024),
        "{what}: {growth:?}"
    );
}

#[test]
fn z1_a_hostile_megabyte_costs_less_than_eight() {
    for (name, bytes) in hostile_pickles() {
        assert!(bytes.len() > MEGABYTE - 64 && bytes.len() <= MEGABYTE);
        let peak = Peak::mark();
        let _ = pickle::loads(&bytes);
        assert_cheap(name, &peak);
    }
    // The pair: with other limits, one of them costs as much as it wants.
    let laughs = hostile_pickles().swap_remove(13).1;
    assert!(pickle::loads(&laughs).is_err());
    let most = pickle::Limits {
        shared: 100 << 20,
        ..pickle::Limits::default()
    };
    let few = [&laughs[..1_000_000 + 9 + 60 * 2], b"t."].concat();
    let read = pickle::loads_with(&few, most).unwrap();
    assert!(matches!(read, Value::Tuple(texts) if texts.len() > 50));
}

/// The one file of a key in a file cache.
async fn file_of(cache: &Cache, at: &Path, key: &str) -> PathBuf {
    cache.set(key, 1).await.unwrap();
    let files = std::fs::read_dir(at)
        .unwrap()
        .flatten()
        .map(|entry| entry.path());
    let mut files = files.filter(|path| path.extension().is_some());
    files.next().unwrap()
}

fn zlib(bytes: &[u8]) -> Vec<u8> {
    let mut packer = ZlibEncoder::new(Vec::new(), Compression::best());
    packer.write_all(bytes).unwrap();
    packer.finish().unwrap()
}

#[tokio::test]
async fn s10_z1_k7_no_file_of_another_program_costs_more_than_eight_megabytes() {
    let at = folder();
    let cache = Cache::new(FileCache::new(at.clone(), clock()));
    let path = file_of(&cache, &at, "a").await;
    let never = pickle::dumps(&Value::None).unwrap();
    let file = |packed: &[u8]| [&never[..], packed].concat();
    let huge = [
        &b"\x80\x04B"[..],
        &50_000_000_u32.to_le_bytes(),
        &vec![0; 50_000_000],
        b".",
    ];
    let mut foreign: Vec<_> = hostile_pickles()
        .into_iter()
        .map(|(name, bytes)| (name, file(&zlib(&bytes))))
        .collect();
    foreign.extend([
        ("a zlib bomb", file(&zlib_bomb(50))),
        ("a pickle that is one", file(&zlib(&huge.concat()))),
        ("no zlib", file(b"\x80\x04N.")),
        ("a wrong version", b"\x80\x09N.".to_vec()),
        ("a wrong version inside", file(&zlib(b"\x80\x09N."))),
        ("another program's", b"\0\x01\x02 binary".to_vec()),
        ("nothing", Vec::new()),
        ("a text for a time", b"\x80\x04\x8c\x01x.".to_vec()),
    ]);
    for (name, bytes) in foreign {
        std::fs::write(&path, &bytes).unwrap();
        drop(bytes);
        let peak = Peak::mark();
        // What is only large may be a value; what cannot be read is not there, and no error.
        let found = cache.get_value("a").await.unwrap();
        assert_cheap(name, &peak);
        let is_plain = matches!(found, None | Some(Value::Tuple(_)));
        assert!(is_plain, "{name}");
        cache.set("a", 2).await.unwrap();
        assert_eq!(cache.get("a").await.unwrap(), Some(2), "{name}");
    }
    // The pair: a value of ours that packs as far is kept unpacked, and read again.
    let zeros = vec![7_u8; 6_000_000];
    cache
        .set_value("a", Value::Bytes(zeros.clone()), None)
        .await
        .unwrap();
    assert!(std::fs::metadata(&path).unwrap().len() > 6_000_000);
    assert_eq!(
        cache.get_value("a").await.unwrap(),
        Some(Value::Bytes(zeros))
    );
    cache.set("a", "x".repeat(3_000_000)).await.unwrap();
    assert!(std::fs::metadata(&path).unwrap().len() < 10_000);
    assert_eq!(
        cache
            .get::<String>("a")
            .await
            .unwrap()
            .map(|text| text.len()),
        Some(3_000_000)
    );
    std::fs::remove_dir_all(at).unwrap();
}

#[tokio::test]
async fn s10_z1_k7_no_row_of_another_program_costs_more_than_eight_megabytes() {
    use base64::Engine as _;
    let db = Db::connect(&DbSettings::new("sqlite::memory:"))
        .await
        .unwrap();
    let store = DbCache::new(db.clone(), "cache", clock());
    store.create_table().await.unwrap();
    let cache = Cache::new(store);
    for (name, bytes) in hostile_pickles() {
        let insert = Insert::into("cache")
            .columns(["cache_key", "value", "expires"])
            .row([
                Expr::value(format!(":1:{name}")),
                Expr::value(base64::engine::general_purpose::STANDARD.encode(bytes)),
                Expr::value("9999-12-31 23:59:59"),
            ]);
        db.execute(&insert).await.unwrap();
    }
    for (name, _) in hostile_pickles() {
        let peak = Peak::mark();
        let found = cache.get_value(name).await.unwrap();
        assert_cheap(name, &peak);
        assert!(matches!(found, None | Some(Value::Tuple(_))), "{name}");
    }
}

/// How many entries a cache holds whose room is for 300, while so many keys come, and at the end.
async fn most_entries(cache: &Cache, keys: usize, size: impl AsyncFn() -> usize) -> usize {
    let mut most = 0;
    for number in 0..keys {
        cache
            .set(&format!("visitor-{number}"), number)
            .await
            .unwrap();
        if number % 1000 == 999 || number < 400 {
            most = most.max(size().await);
        }
    }
    assert_eq!(
        cache.get(&format!("visitor-{}", keys - 1)).await.unwrap(),
        Some(keys - 1)
    );
    most.max(size().await)
}

#[tokio::test]
async fn k8_a_hundred_thousand_keys_of_a_stranger_never_are_more_than_three_hundred() {
    let cache = Cache::new(MemoryCache::new(clock()));
    let peak = Peak::mark();
    let size = async || cache.keys("").await.unwrap().len();
    let most = most_entries(&cache, 100_000, size).await;
    assert_cheap("memory", &peak);
    assert!((200..=300).contains(&most), "{most}");
    // The pair: with more room they would all be there.
    let wide = Cache::new(MemoryCache::sized(clock(), 1_000_000, 3));
    let size = async || wide.keys("").await.unwrap().len();
    assert_eq!(most_entries(&wide, 5000, size).await, 5000);
}

#[tokio::test]
async fn k8_a_table_and_a_folder_hold_three_hundred_too() {
    let cache = Cache::new(table(&clock()).await);
    let size = async || cache.keys("").await.unwrap().len();
    let most = most_entries(&cache, 20_000, size).await;
    assert!((200..=300).contains(&most), "{most}");

    let at = folder();
    let cache = Cache::new(FileCache::new(at.clone(), clock()));
    let files = async || {
        let files = std::fs::read_dir(&at).unwrap().flatten();
        files
            .filter(|entry| entry.path().extension().is_some())
            .count()
    };
    let most = most_entries(&cache, 10_000, files).await;
    assert!((200..=300).contains(&most), "{most}");
    std::fs::remove_dir_all(&at).unwrap();
}
