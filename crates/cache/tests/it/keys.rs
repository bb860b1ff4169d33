//! Keys: Django's form, one's own, and those that would be dangerous elsewhere.

use nuages_cache::{Cache, KeyFunction, MemoryCache, django_key};

use crate::bench::{Bench, clock, every_kind};

#[test]
fn keys_are_django_s() {
    let cache = Cache::new(MemoryCache::new(clock()));
    assert_eq!(cache.make_key("a"), ":1:a");
    assert_eq!(
        cache.version(3).with_prefix("blog").make_key("a"),
        "blog:3:a"
    );
    assert_eq!(django_key("", 1, "é"), ":1:é");
    let own = KeyFunction::new(|prefix, version, key| format!("CUSTOM-{prefix}-{version}-{key}"));
    assert_eq!(
        cache.with_key_function(own).with_prefix("p").make_key("a"),
        "CUSTOM-p-1-a"
    );
}

#[tokio::test]
async fn k7_hostile_keys_are_kept_to_the_byte() {
    let long = "x".repeat(1_000_000);
    for Bench {
        name, ref cache, ..
    } in every_kind("k7_keys").await
    {
        let keys = [
            "a b",
            "a\r\nset x",
            "a\0b",
            "../../etc/passwd",
            "",
            "*",
            "%s",
            "' OR 1=1 --",
            "{",
            long.as_str(),
        ];
        for (number, key) in keys.iter().enumerate() {
            cache.set(key, number).await.unwrap();
        }
        for (number, key) in keys.iter().enumerate() {
            assert_eq!(
                cache.get(key).await.unwrap(),
                Some(number),
                "{name}: {number}"
            );
        }
    }
}

#[tokio::test]
async fn cve_2020_13254_a_key_with_spaces_and_line_ends_reaches_no_other_value() {
    for Bench {
        name, ref cache, ..
    } in every_kind("cve_2020_13254").await
    {
        let long = "x".repeat(251);
        let keys = [
            "a b\r\nset x",
            "a",
            "x",
            "set x",
            "a b",
            "a b\n",
            "a b\r\nset x ",
            &long,
        ];
        for key in keys {
            cache.set(key, key.as_bytes()).await.unwrap();
        }
        for key in keys {
            let kept: Option<Vec<u8>> = cache.get(key).await.unwrap();
            assert_eq!(kept.as_deref(), Some(key.as_bytes()), "{name} {key:?}");
        }
        assert!(cache.delete("a b\r\nset x").await.unwrap(), "{name}");
        for key in &keys[1..] {
            assert!(cache.has_key(key).await.unwrap(), "{name} {key:?}");
        }
    }
}
