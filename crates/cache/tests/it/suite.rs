//! What every kind of cache does: one suite over all of them.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use nuages_cache::{Cache, DummyCache, Error, ErrorKind, Value};
use serde::{Deserialize, Serialize};

use crate::bench::{Bench, every_kind};

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Tea {
    name: String,
    minutes: Option<f64>,
    kind: Kind,
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
enum Kind {
    Green,
    Blend(Vec<String>),
    Of { year: u16 },
}

#[tokio::test]
async fn values_come_back_as_they_went() {
    for Bench {
        name, ref cache, ..
    } in every_kind("values_come_back").await
    {
        let tea = Tea {
            name: "Zoë's 🙂".to_owned(),
            minutes: Some(4.5),
            kind: Kind::Blend(vec!["a".to_owned()]),
        };
        cache.set("tea", &tea).await.unwrap();
        assert_eq!(cache.get::<Tea>("tea").await.unwrap(), Some(tea), "{name}");
        for kind in [Kind::Green, Kind::Of { year: 2026 }] {
            cache.set("kind", &kind).await.unwrap();
            assert_eq!(cache.get("kind").await.unwrap(), Some(kind), "{name}");
        }
        for number in [0, -1, i64::MAX, i64::MIN] {
            cache.set("number", number).await.unwrap();
            assert_eq!(cache.get("number").await.unwrap(), Some(number), "{name}");
        }
        cache.set("number", u64::MAX).await.unwrap();
        assert_eq!(cache.get("number").await.unwrap(), Some(u64::MAX), "{name}");
        // A text of digits stays a text.
        cache.set("digits", "12").await.unwrap();
        assert_eq!(
            cache.get_value("digits").await.unwrap(),
            Some(Value::from("12")),
            "{name}"
        );
        // Nothing is a value, too.
        cache.set("nothing", None::<i64>).await.unwrap();
        assert_eq!(
            cache.get::<Option<i64>>("nothing").await.unwrap(),
            Some(None),
            "{name}"
        );
        let bytes = Value::Bytes(vec![0, 255, 10]);
        cache.set_value("bytes", bytes.clone(), None).await.unwrap();
        assert_eq!(
            cache.get_value("bytes").await.unwrap(),
            Some(bytes),
            "{name}"
        );
        assert_eq!(
            cache.get::<Vec<u8>>("bytes").await.unwrap().unwrap(),
            [0, 255, 10],
            "{name}"
        );
        let error = cache.get::<bool>("tea").await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Type, "{name}");
        assert!(!error.to_string().contains("Zo"), "{error}");
    }
}

#[tokio::test]
async fn keys_that_are_not_there_are_no_error() {
    for Bench {
        name, ref cache, ..
    } in every_kind("not_there").await
    {
        assert_eq!(cache.get::<i64>("no").await.unwrap(), None, "{name}");
        assert!(!cache.has_key("no").await.unwrap(), "{name}");
        assert!(!cache.delete("no").await.unwrap(), "{name}");
        assert!(!cache.touch("no", None).await.unwrap(), "{name}");
        let error = cache.increase("no", 1).await.unwrap_err();
        assert!(error.is_not_found(), "{name}");
        assert_eq!(error.to_string(), "Key 'no' not found");
        cache.set("yes", 1).await.unwrap();
        assert!(cache.delete("yes").await.unwrap(), "{name}");
        assert!(!cache.has_key("yes").await.unwrap(), "{name}");
    }
}

#[tokio::test]
async fn add_sets_only_what_is_not_there() {
    for bench in every_kind("add_sets").await {
        let Bench {
            name, ref cache, ..
        } = bench;
        assert!(cache.add("a", 1).await.unwrap(), "{name}");
        assert!(!cache.add("a", 2).await.unwrap(), "{name}");
        assert_eq!(cache.get("a").await.unwrap(), Some(1), "{name}");
        // Added for no time at all: said to be done, and not there.
        assert!(
            cache
                .add_value("b", 1.into(), Some(Duration::ZERO))
                .await
                .unwrap(),
            "{name}"
        );
        assert!(!cache.has_key("b").await.unwrap(), "{name}");
        // What has expired is not there.
        cache
            .set_for("c", 1, Duration::from_millis(50))
            .await
            .unwrap();
        bench.pass(Duration::from_secs(2)).await;
        assert!(cache.add("c", 2).await.unwrap(), "{name}");
        assert_eq!(cache.get("c").await.unwrap(), Some(2), "{name}");
    }
}

#[tokio::test]
async fn values_last_as_long_as_they_are_told_to() {
    for bench in every_kind("values_last").await {
        let Bench {
            name, ref cache, ..
        } = bench;
        let second = Duration::from_secs(1);
        cache.set_for("short", 1, second).await.unwrap();
        cache.set_for("touched", 1, second).await.unwrap();
        cache.set_for("ever", 1, None).await.unwrap();
        cache.set("now", 1).await.unwrap();
        cache.set_for("now", 2, Duration::ZERO).await.unwrap();
        assert!(!cache.has_key("now").await.unwrap(), "{name}");
        assert!(cache.has_key("short").await.unwrap(), "{name}");
        assert!(cache.touch("touched", second * 60).await.unwrap(), "{name}");
        assert!(cache.touch("ever", None).await.unwrap(), "{name}");
        assert_eq!(cache.increase("short", 5).await.unwrap(), 6, "{name}");
        bench.pass(second * 2 + second / 2).await;
        assert!(
            !cache.has_key("short").await.unwrap(),
            "{name}: counting gave it no new time"
        );
        assert_eq!(cache.get("touched").await.unwrap(), Some(1), "{name}");
        assert_eq!(cache.get("ever").await.unwrap(), Some(1), "{name}");
        assert!(cache.touch("ever", Duration::ZERO).await.unwrap(), "{name}");
        assert!(!cache.has_key("ever").await.unwrap(), "{name}");
    }
}

#[tokio::test]
async fn many_at_once() {
    for Bench {
        name, ref cache, ..
    } in every_kind("many_at_once").await
    {
        cache
            .set_many([("a", 1), ("b", 2), ("c", 3)])
            .await
            .unwrap();
        let found: BTreeMap<String, i64> = cache.get_many(["a", "b", "x"]).await.unwrap();
        let expected = [("a".to_owned(), 1), ("b".to_owned(), 2)];
        assert_eq!(found, expected.into(), "{name}");
        cache.delete_many(["a", "c", "x"]).await.unwrap();
        let found: BTreeMap<String, i64> = cache.get_many(["a", "b", "c"]).await.unwrap();
        assert_eq!(found.len(), 1, "{name}");
        cache.delete_many(Vec::<String>::new()).await.unwrap();
        assert!(
            cache
                .get_many::<i64>(Vec::<String>::new())
                .await
                .unwrap()
                .is_empty()
        );
    }
}

#[tokio::test]
async fn versions_and_prefixes_do_not_meet() {
    for Bench {
        name, ref cache, ..
    } in every_kind("versions").await
    {
        cache.set("a", 1).await.unwrap();
        cache.version(2).set("a", 2).await.unwrap();
        cache
            .clone()
            .with_prefix("other")
            .set("a", 3)
            .await
            .unwrap();
        assert_eq!(cache.get("a").await.unwrap(), Some(1), "{name}");
        assert_eq!(cache.version(2).get("a").await.unwrap(), Some(2), "{name}");
        assert!(cache.move_to_version("a", 7).await.unwrap(), "{name}");
        assert!(!cache.has_key("a").await.unwrap(), "{name}");
        assert_eq!(cache.version(7).get("a").await.unwrap(), Some(1), "{name}");
        assert!(!cache.move_to_version("a", 7).await.unwrap(), "{name}");
    }
}

#[tokio::test]
async fn of_many_who_count_none_is_lost() {
    for Bench {
        name, ref cache, ..
    } in every_kind("count").await
    {
        cache.set("n", 0).await.unwrap();
        let mut tasks = Vec::new();
        for _ in 0..8 {
            let cache = cache.clone();
            tasks.push(tokio::spawn(async move {
                for _ in 0..20 {
                    cache.increase("n", 1).await.unwrap();
                }
            }));
        }
        for task in tasks {
            task.await.unwrap();
        }
        assert_eq!(cache.get("n").await.unwrap(), Some(160), "{name}");
        assert_eq!(cache.increase("n", -100).await.unwrap(), 60, "{name}");
        cache.set("text", "x").await.unwrap();
        assert_eq!(
            cache.increase("text", 1).await.unwrap_err().kind(),
            ErrorKind::Type,
            "{name}"
        );
        cache.set("big", i64::MAX).await.unwrap();
        assert_eq!(
            cache.increase("big", 1).await.unwrap_err().kind(),
            ErrorKind::Type,
            "{name}"
        );
    }
}

#[tokio::test]
async fn a_value_is_replaced_only_where_it_is_still_the_one_that_was_read() {
    for Bench {
        name, ref cache, ..
    } in every_kind("replace").await
    {
        cache.set("a", vec![1]).await.unwrap();
        let (_, token) = cache.get_with_token("a").await.unwrap().unwrap();
        let day = Some(Duration::from_hours(24));
        assert!(
            cache
                .replace("a", &token, "mine".into(), day)
                .await
                .unwrap(),
            "{name}"
        );
        assert!(
            !cache
                .replace("a", &token, "late".into(), day)
                .await
                .unwrap(),
            "{name}"
        );
        let (value, token) = cache.get_with_token("a").await.unwrap().unwrap();
        assert_eq!(value, "mine".into(), "{name}");
        cache.delete("a").await.unwrap();
        assert!(
            !cache
                .replace("a", &token, "risen".into(), None)
                .await
                .unwrap(),
            "{name}"
        );
        assert!(!cache.has_key("a").await.unwrap(), "{name}");
        // The pair: setting brings it back.
        cache.set("a", "risen").await.unwrap();
        assert!(cache.has_key("a").await.unwrap(), "{name}");
    }
}

#[tokio::test]
async fn of_many_who_miss_one_works_it_out() {
    for Bench {
        name, ref cache, ..
    } in every_kind("stampede").await
    {
        let (made, mut tasks) = (Arc::new(AtomicU32::new(0)), Vec::new());
        for _ in 0..50 {
            let (cache, made) = (cache.clone(), made.clone());
            tasks.push(tokio::spawn(async move {
                let make = async || {
                    made.fetch_add(1, Ordering::SeqCst);
                    tokio::time::sleep(Duration::from_millis(30)).await;
                    Ok::<_, Error>("made".to_owned())
                };
                cache.get_or_set("page", make).await.unwrap()
            }));
        }
        for task in tasks {
            assert_eq!(task.await.unwrap(), "made");
        }
        assert_eq!(made.load(Ordering::SeqCst), 1, "{name}");
    }
}

#[tokio::test]
async fn keys_are_listed_where_they_are_known() {
    for Bench {
        name, ref cache, ..
    } in every_kind("listed").await
    {
        cache.set("session*abc", 1).await.unwrap();
        cache.set("session*def", 1).await.unwrap();
        cache.set("sessionXghi", 1).await.unwrap();
        match cache.keys("session*").await {
            Ok(mut keys) => {
                keys.sort();
                assert_eq!(keys, ["session*abc", "session*def"], "{name}");
            }
            Err(error) => {
                assert_eq!(name, "file");
                assert_eq!(error.kind(), ErrorKind::Unsupported);
            }
        }
    }
}

#[tokio::test]
async fn a_full_cache_makes_room() {
    let clock = crate::bench::clock();
    let at = crate::bench::folder();
    let (table, file) = (
        crate::bench::table(&clock).await.sized(30, 3),
        nuages_cache::FileCache::new(at.clone(), clock.clone()).sized(30, 3),
    );
    let memory = nuages_cache::MemoryCache::sized(clock.clone(), 30, 3);
    for (name, cache) in [
        ("memory", Cache::new(memory)),
        ("db", Cache::new(table)),
        ("file", Cache::new(file)),
    ] {
        for number in 0..200 {
            cache.set(&format!("k{number}"), number).await.unwrap();
        }
        let mut kept = 0;
        for number in 0..200 {
            kept += usize::from(cache.has_key(&format!("k{number}")).await.unwrap());
        }
        assert!((10..=30).contains(&kept), "{name}: {kept}");
        assert!(
            cache.has_key("k199").await.unwrap() || name != "memory",
            "{name}"
        );
    }
    std::fs::remove_dir_all(at).unwrap();
}

#[tokio::test]
async fn a_dummy_keeps_nothing() {
    let cache = Cache::new(DummyCache);
    cache.set("a", 1).await.unwrap();
    assert!(cache.add("a", 1).await.unwrap());
    assert_eq!(cache.get::<i64>("a").await.unwrap(), None);
    assert!(cache.increase("a", 1).await.unwrap_err().is_not_found());
    let made = cache.get_or_set("a", async || Ok::<_, Error>(7)).await;
    assert_eq!(made.unwrap(), 7);
}
