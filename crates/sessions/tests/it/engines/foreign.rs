//! S10, S14: what others put where sessions lie.

use nuages_cache::Value;
use nuages_crypto::encoding::base64_encode;
use nuages_crypto::signing::TimestampSigner;
use nuages_sessions::{Session, Sessions};

use super::{PLANTED, key, stored, text};
use crate::bomb::zlib_bomb;
use crate::engine::{Engine, every_engine, keys, run_io};
use crate::log::Log;
use crate::peak::Peak;

const SUSPICIOUS: &str = "nuages.security.SuspiciousSession";

#[test]
fn cve_2011_4136_s14_what_else_is_cached_cannot_pass_for_a_session() {
    run_io(async {
        for engine in every_engine("s14").await {
            let Some(cache) = &engine.cache else { continue };
            let (sessions, name) = (engine.usual(), engine.name);
            let live = stored(&sessions, &[("user", "ann")]).await;
            let forged = serde_json::json!({"user": "root"});
            // The site caches under keys that visitors choose.
            cache.set(PLANTED, &forged).await.unwrap();
            cache.set(&live, &forged).await.unwrap();
            assert!(
                !sessions.open(Some(PLANTED)).contains("user").await.unwrap(),
                "{name}"
            );
            assert_eq!(
                text(&sessions.open(Some(&live)), "user").await.as_deref(),
                Some("ann"),
                "{name}"
            );
            // No cookie reaches out of the prefix of sessions.
            cache
                .set("django.contrib.sessions.cache../x", &forged)
                .await
                .unwrap();
            cache
                .set("django.contrib.sessions.cached_dbABCDEFGH", &forged)
                .await
                .unwrap();
            for cookie in ["../x", "d_dbABCDEFGH", "ABCDEFGH", ":1:x", "*"] {
                assert!(
                    !sessions.open(Some(cookie)).contains("user").await.unwrap(),
                    "{name}: {cookie}"
                );
            }
            // The pair: a site that let visitors choose the whole key would be lost.
            if name == "cache" {
                cache
                    .set(&format!("django.contrib.sessions.cache{PLANTED}"), &forged)
                    .await
                    .unwrap();
                assert!(sessions.open(Some(PLANTED)).contains("user").await.unwrap());
            }
        }
    });
}

/// A right signature over this text, as the engine makes it.
fn sign(engine: &Engine, payload: &str) -> String {
    let salt = if engine.is_server_side() {
        "django.contrib.sessions.SessionStore"
    } else {
        "django.contrib.sessions.backends.signed_cookies"
    };
    TimestampSigner::new(&keys(), salt).sign(payload, engine.clock.now())
}

/// Opens the session whose signed text this is; `None` where the engine keeps none.
async fn opened(engine: &Engine, sessions: &Sessions, signed: &str) -> Option<Session> {
    if !engine.is_server_side() {
        return Some(sessions.open(Some(signed)));
    }
    let known = stored(sessions, &[("user", "ann")]).await;
    engine
        .plant(&known, signed)
        .await
        .then(|| sessions.open(Some(&known)))
}

#[test]
fn s10_a_payload_that_is_no_session_is_an_anonymous_visitor() {
    let log = Log::of_process();
    // 100,000 lists in lists, under the name that counts; 50 MB of one letter; pickles; JSON that is no dictionary.
    let deep = format!(
        "{{\"user\":{}{}}}",
        "[".repeat(100_000),
        "]".repeat(100_000)
    );
    let bomb = format!(".{}", base64_encode(zlib_bomb(50)));
    let payloads = [
        base64_encode(deep),
        bomb,
        base64_encode(b"\x80\x04\x95\n\0\0\0\0\0\0\0}\x94\x8c\x04user\x94K\x01s."),
        base64_encode(b"cos\nsystem\n(S'id'\ntR."),
        base64_encode("[[\"user\",\"root\"]]"),
        base64_encode("\"user\""),
        base64_encode("null"),
        base64_encode("7"),
        base64_encode("{\"user\":\"root\""),
        base64_encode("{\"user\":\"root\"} {}"),
        base64_encode(b"{\"user\":\"\xff\"}"),
        base64_encode(""),
        format!(".{}", base64_encode("{\"user\":1}")),
        format!(".{}", base64_encode(b"x\x9c")),
        "{\"user\":\"root\"}".to_owned(),
        "!".to_owned(),
        String::new(),
    ];
    run_io(async {
        for engine in every_engine("s10").await {
            let (sessions, name) = (engine.usual(), engine.name);
            log.take();
            // The pair: a dictionary with a right signature is a session.
            let good = sign(&engine, &base64_encode("{\"user\":\"root\"}"));
            let Some(session) = opened(&engine, &sessions, &good).await else {
                continue;
            };
            assert_eq!(
                text(&session, "user").await.as_deref(),
                Some("root"),
                "{name}"
            );
            assert!(!log.take().iter().any(|at| at == SUSPICIOUS), "{name}");

            for (number, payload) in payloads.iter().enumerate() {
                let signed = sign(&engine, payload);
                let session = opened(&engine, &sessions, &signed).await.unwrap();
                let peak = Peak::mark();
                assert!(!session.contains("user").await.unwrap(), "{name}: {number}");
                let growth = peak.growth_in_kib();
                assert!(
                    growth.is_none_or(|kib| kib < 8 * 1024),
                    "{name}: {number}: {growth:?}"
                );
                let told = log.take();
                assert!(
                    told.iter().any(|at| at == SUSPICIOUS),
                    "{name}: {number}: {told:?}"
                );
                assert!(session.is_empty() || session.session_key().is_some());
                // The visitor goes on with a session that can be written.
                session.set("cart", "tea").await.unwrap();
                session.save().await.unwrap();
                assert!(
                    sessions
                        .open(Some(&key(&session)))
                        .contains("cart")
                        .await
                        .unwrap()
                );
            }
        }
    });
}

#[test]
fn s10_a_wrong_signature_is_found_before_anything_is_unpacked() {
    run_io(async {
        let bomb = format!(".{}", base64_encode(zlib_bomb(50)));
        for engine in every_engine("s10_unsigned").await {
            let (sessions, name) = (engine.usual(), engine.name);
            let right = sign(&engine, &base64_encode("{\"user\":\"root\"}"));
            let (payload, rest) = right.split_once(':').unwrap();
            let changed = format!("{}:{rest}", base64_encode("{\"user\":\"eve\"}"));
            let mut hostile = vec![
                changed,
                // The signature of something else, cut, grown, of another purpose and another key.
                format!("{bomb}:{rest}"),
                right[..right.len() - 1].to_owned(),
                format!("{right}A"),
                format!("{payload}:{rest}:"),
                payload.to_owned(),
                "gASVCgAAAAAAAAB9lIwBYZSMAWKUcy4:1wShJQ:x".to_owned(),
                "\u{0}\u{1}\u{2}\u{3}\u{4}\u{5}\u{6}\u{7}".to_owned(),
            ];
            let now = engine.clock.now();
            for (ring, salt) in [
                (keys(), "django.core.signing"),
                (keys(), "django.contrib.messages"),
                (
                    nuages_crypto::KeyRing::new("another key"),
                    "django.contrib.sessions.SessionStore",
                ),
            ] {
                hostile.push(TimestampSigner::new(&ring, salt).sign(payload, now));
            }
            for (number, signed) in hostile.iter().enumerate() {
                let Some(session) = opened(&engine, &sessions, signed).await else {
                    continue;
                };
                let peak = Peak::mark();
                assert!(!session.contains("user").await.unwrap(), "{name}: {number}");
                // Nothing was inflated: not even the limit's few megabytes.
                let growth = peak.growth_in_kib();
                assert!(
                    growth.is_none_or(|kib| kib < 2 * 1024),
                    "{name}: {number}: {growth:?}"
                );
            }
        }
    });
}

#[test]
fn s10_z1_what_is_no_dictionary_in_a_cache_is_no_session() {
    run_io(async {
        for engine in every_engine("s10_cache").await {
            let Some(cache) = &engine.cache else { continue };
            let (sessions, name) = (engine.usual(), engine.name);
            let prefix = if engine.db.is_some() {
                "django.contrib.sessions.cached_db"
            } else {
                "django.contrib.sessions.cache"
            };
            let mut deep = Value::None;
            for _ in 0..90 {
                deep = Value::List(vec![deep]);
            }
            let hostile = [
                Value::from("user"),
                Value::Int(7),
                Value::List(vec!["user".into()]),
                Value::Bytes(b"user".to_vec()),
                Value::Dict(vec![(Value::Int(1), "user".into())]),
                Value::Dict(vec![("user".into(), Value::Bytes(vec![0xff]))]),
                Value::Set(vec!["user".into()]),
                Value::Tuple(vec!["user".into(), "root".into()]),
                deep,
            ];
            for value in hostile {
                let known = stored(&sessions, &[("cart", "tea")]).await;
                let at = format!("{prefix}{known}");
                cache.set_value(&at, value.clone(), None).await.unwrap();
                let session = sessions.open(Some(&known));
                assert!(
                    !session.contains("user").await.unwrap(),
                    "{name}: {value:?}"
                );
            }
            // The pair: a dictionary is one.
            let known = stored(&sessions, &[("cart", "tea")]).await;
            let value = Value::Dict(vec![("user".into(), "root".into())]);
            cache
                .set_value(&format!("{prefix}{known}"), value, None)
                .await
                .unwrap();
            assert!(
                sessions.open(Some(&known)).contains("user").await.unwrap(),
                "{name}"
            );
        }
    });
}

#[test]
fn s10_z1_a_bomb_in_the_cache_of_sessions_is_an_anonymous_visitor_in_eight_megabytes() {
    use std::io::Write as _;

    use flate2::Compression;
    use flate2::write::ZlibEncoder;
    use nuages_cache::{Cache, FileCache, pickle};
    use nuages_sessions::{CacheStore, SessionSettings};

    run_io(async {
        let at = std::path::Path::new(env!("CARGO_TARGET_TMPDIR"));
        let at = at.join(format!("bombs-{}", std::process::id()));
        let clock = nuages_base::Clock::system();
        let cache = Cache::new(FileCache::new(at.clone(), clock.clone()));
        let store = std::sync::Arc::new(CacheStore::new(&cache, clock.clone()));
        let sessions = Sessions::new(store, SessionSettings::default(), clock);
        let known = stored(&sessions, &[("user", "ann")]).await;
        let files = std::fs::read_dir(&at).unwrap().flatten();
        let mut files = files
            .map(|entry| entry.path())
            .filter(|path| path.extension().is_some());
        let path = files.next().unwrap();
        let never = pickle::dumps(&Value::None).unwrap();
        let plant = |pickled: &[u8]| {
            let mut packer = ZlibEncoder::new(never.clone(), Compression::best());
            packer.write_all(pickled).unwrap();
            std::fs::write(&path, packer.finish().unwrap()).unwrap();
        };
        // A megabyte of a session: of many keys, of lists in a list, of one text that is meant many times.
        let of = |begin: &[u8], piece: &[u8], end: &[u8]| {
            let count = ((1 << 20) - begin.len() - end.len()) / piece.len();
            [b"\x80\x04}(", begin, &piece.repeat(count), end].concat()
        };
        let text = [
            b"X",
            &1_000_000_u32.to_le_bytes()[..],
            &vec![b'x'; 1_000_000],
            b"\x94",
        ]
        .concat();
        let hostile = [
            of(b"", b"\x8c\x04userK\x01", b"u."),
            of(b"\x8c\x04user(", b"]", b"lu."),
            of(b"\x8c\x04user](", b"]", b"eu."),
            of(&[b"\x8c\x04user](", &text[..]].concat(), b"h\0", b"eu."),
            of(b"\x8c\x04userc", b"os\nsystem\n", b"u."),
            [
                b"\x80\x04}(\x8c\x04userX",
                &50_000_000_u32.to_le_bytes()[..],
                &vec![b'x'; 50_000_000],
                b"u.",
            ]
            .concat(),
        ];
        for (number, pickled) in hostile.iter().enumerate() {
            plant(pickled);
            let peak = Peak::mark();
            assert!(
                !sessions.open(Some(&known)).contains("user").await.unwrap(),
                "{number}"
            );
            let growth = peak.growth_in_kib();
            assert!(
                growth.is_none_or(|kib| kib < 8 * 1024),
                "{number}: {growth:?}"
            );
        }
        // The pair: what a session is, is one.
        plant(b"\x80\x04}(\x8c\x04user\x8c\x04rootu.");
        assert_eq!(text_of(&sessions, &known).await.as_deref(), Some("root"));
        std::fs::remove_dir_all(at).unwrap();
    });
}

#[test]
fn s10_a_file_without_an_end_is_no_session_and_none_is_written() {
    run_io(async {
        for engine in every_engine("s10_long").await {
            if engine.name != "file" {
                continue;
            }
            let sessions = engine.usual();
            let known = stored(&sessions, &[("user", "ann")]).await;
            let long = "x".repeat(100_000_000);
            assert!(engine.plant(&known, &long).await);
            drop(long);
            let peak = Peak::mark();
            assert!(!sessions.open(Some(&known)).contains("user").await.unwrap());
            let growth = peak.growth_in_kib();
            assert!(growth.is_none_or(|kib| kib < 8 * 1024), "{growth:?}");
            // Chance is not compressed: what would not be read again is an error when it is written.
            let session = sessions.open(None);
            session
                .set("much", nuages_crypto::random_string(7_000_000))
                .await
                .unwrap();
            assert!(session.save().await.is_err());
            // The pair: what is shorter is kept.
            let session = sessions.open(None);
            session
                .set("much", nuages_crypto::random_string(3_000_000))
                .await
                .unwrap();
            session.save().await.unwrap();
            let again = text(&sessions.open(Some(&key(&session))), "much").await;
            assert_eq!(again.map(|text| text.len()), Some(3_000_000));
        }
    });
}

async fn text_of(sessions: &Sessions, key: &str) -> Option<String> {
    text(&sessions.open(Some(key)), "user").await
}
