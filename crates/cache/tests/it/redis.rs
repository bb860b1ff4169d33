//! A Redis server: what is down, slow, cancelled or Django's.

use std::time::{Duration, Instant};

use nuages_cache::{Cache, RedisCache, Value};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use crate::bench::redis_address;
use crate::hostile::{assert_cheap, hostile_pickles};
use crate::peak::Peak;

fn cache(address: &str) -> Cache {
    Cache::new(
        RedisCache::new(address)
            .unwrap()
            .with_timeout(Duration::from_millis(300)),
    )
    .with_prefix(format!("redis-{}", std::process::id()))
}

/// A port where nobody listens.
async fn closed_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    listener.local_addr().unwrap().port()
}

#[tokio::test]
async fn r9_a_server_that_is_down_is_an_error_or_a_miss_by_choice() {
    let cache = cache(&format!("redis://127.0.0.1:{}", closed_port().await));
    let started = Instant::now();
    assert!(cache.get::<i64>("a").await.unwrap_err().is_backend());
    assert!(cache.set("a", 1).await.unwrap_err().is_backend());
    let lenient = cache.clone().lenient();
    assert_eq!(lenient.get::<i64>("a").await.unwrap(), None);
    lenient.set("a", 1).await.unwrap();
    assert!(!lenient.add("a", 1).await.unwrap());
    assert!(lenient.strict().get::<i64>("a").await.is_err());
    assert!(
        started.elapsed() < Duration::from_secs(3),
        "{:?}",
        started.elapsed()
    );
}

#[tokio::test]
async fn r9_a_server_that_never_answers_does_not_hold_a_request() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let silent = tokio::spawn(async move {
        let mut held = Vec::new();
        while let Ok((stream, _)) = listener.accept().await {
            held.push(stream);
        }
    });
    let cache = cache(&format!("redis://127.0.0.1:{port}"));
    for _ in 0..2 {
        let started = Instant::now();
        assert!(cache.get::<i64>("a").await.unwrap_err().is_backend());
        assert!(
            started.elapsed() < Duration::from_millis(450),
            "{:?}",
            started.elapsed()
        );
    }
    silent.abort();
}

/// Passes bytes on to the server; every answer late, and cut when asked for.
async fn proxy(address: &str, delay: Duration) -> (u16, tokio::sync::watch::Sender<bool>) {
    let target = address
        .trim_start_matches("redis://")
        .trim_end_matches('/')
        .to_owned();
    let target = target.split('/').next().unwrap().to_owned();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let (cut, cuts) = tokio::sync::watch::channel(false);
    tokio::spawn(async move {
        while let Ok((client, _)) = listener.accept().await {
            let (target, mut cuts) = (target.clone(), cuts.clone());
            if *cuts.borrow() {
                continue;
            }
            tokio::spawn(async move {
                let server = TcpStream::connect(target).await.unwrap();
                let (mut from_client, mut to_client) = client.into_split();
                let (mut from_server, mut to_server) = server.into_split();
                let up =
                    async move { tokio::io::copy(&mut from_client, &mut to_server).await.ok() };
                let down = async move {
                    let mut buffer = [0; 4096];
                    while let Ok(size @ 1..) = from_server.read(&mut buffer).await {
                        tokio::time::sleep(delay).await;
                        if to_client.write_all(&buffer[..size]).await.is_err() {
                            break;
                        }
                    }
                };
                tokio::select! {
                    _ = up => {}
                    () = down => {}
                    _ = cuts.wait_for(|cut| *cut) => {}
                }
            });
        }
    });
    (port, cut)
}

#[tokio::test]
async fn r9_a_connection_that_was_cut_is_made_anew() {
    let Some(address) = redis_address("r9_cut") else {
        return;
    };
    let (port, cut) = proxy(&address, Duration::ZERO).await;
    let cache = cache(&format!("redis://127.0.0.1:{port}"));
    cache.set("cut", 1).await.unwrap();
    cut.send(true).unwrap();
    assert!(cache.get::<i64>("cut").await.is_err());
    cut.send(false).unwrap();
    let started = Instant::now();
    while cache.get::<i64>("cut").await.ok().flatten() != Some(1) {
        assert!(
            started.elapsed() < Duration::from_secs(5),
            "never comes back"
        );
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

#[tokio::test]
async fn r5_cancelled_commands_never_give_their_answer_to_another() {
    let Some(address) = redis_address("r5_cancelled") else {
        return;
    };
    let (port, _cut) = proxy(&address, Duration::from_micros(300)).await;
    let cache = cache(&format!("redis://127.0.0.1:{port}"));
    for key in 0..50_i64 {
        cache
            .set_for(&format!("own{key}"), format!("value {key}"), None)
            .await
            .unwrap();
    }
    // Ten thousand readers, each of which may give up at any moment.
    let (mut cancelled, mut answered) = (0, 0);
    for round in 0..10_000_u64 {
        let key = round % 50;
        let name = format!("own{key}");
        let patience = Duration::from_micros(round * 7919 % 1500);
        match tokio::time::timeout(patience, cache.get::<String>(&name)).await {
            Ok(value) => {
                assert_eq!(value.unwrap().unwrap(), format!("value {key}"));
                answered += 1;
            }
            Err(_) => cancelled += 1,
        }
    }
    assert!(
        cancelled > 1000 && answered > 100,
        "{cancelled} cancelled, {answered} answered"
    );
    for key in 0..50 {
        let value: Option<String> = cache.get(&format!("own{key}")).await.unwrap();
        assert_eq!(value.unwrap(), format!("value {key}"));
    }
}

#[tokio::test]
async fn k7_a_pickle_bomb_of_another_program_is_a_miss() {
    let Some(address) = redis_address("k7_bomb") else {
        return;
    };
    let client = redis::Client::open(address.as_str()).unwrap();
    let mut connection = client.get_multiplexed_async_connection().await.unwrap();
    let cache = cache(&address);
    for (name, bytes) in [
        (
            "evil",
            &b"\x80\x04\x8c\x02os\x8c\x06system\x93\x8c\x02id\x85R."[..],
        ),
        ("wrong", b"\x00binary"),
        ("empty", b""),
    ] {
        let mut set = redis::cmd("SET");
        set.arg(cache.make_key(name)).arg(bytes);
        let () = set.query_async(&mut connection).await.unwrap();
        assert_eq!(cache.get_value(name).await.unwrap(), None, "{name}");
    }
}

#[tokio::test]
async fn s10_z1_k7_no_value_of_another_program_costs_more_than_eight_megabytes() {
    let Some(address) = redis_address("k7_megabyte") else {
        return;
    };
    let client = redis::Client::open(address.as_str()).unwrap();
    let mut connection = client.get_multiplexed_async_connection().await.unwrap();
    let cache = Cache::new(RedisCache::new(&address).unwrap())
        .with_prefix(format!("megabyte-{}", std::process::id()));
    for (name, bytes) in hostile_pickles() {
        let mut set = redis::cmd("SET");
        set.arg(cache.make_key(name)).arg(bytes);
        let () = set.query_async(&mut connection).await.unwrap();
        let peak = Peak::mark();
        let found = cache.get_value(name).await.unwrap();
        assert_cheap(name, &peak);
        assert!(matches!(found, None | Some(Value::Tuple(_))), "{name}");
        cache.delete(name).await.unwrap();
    }
}

#[tokio::test]
async fn django_and_we_share_a_redis_cache() {
    let Some(address) = redis_address("django_redis") else {
        return;
    };
    let prefix = format!("django-{}", std::process::id());
    let cache = Cache::new(RedisCache::new(&address).unwrap()).with_prefix(prefix.as_str());
    cache
        .set_for("ours", (1, "zwei", vec![3.5]), None)
        .await
        .unwrap();
    cache.set_for("count", 41, None).await.unwrap();
    let program = format!(
        "import django\nfrom django.conf import settings\n\
         settings.configure(CACHES={{'default': {{'BACKEND': 'django.core.cache.backends.redis.RedisCache', 'LOCATION': '{address}', 'KEY_PREFIX': '{prefix}'}}}})\n\
         from django.core.cache import cache\n\
         assert cache.get('ours') == (1, 'zwei', [3.5]), cache.get('ours')\n\
         assert cache.incr('count') == 42\n\
         cache.set('theirs', {{'a': [1, None], 'b': b'x'}}, 60)\ncache.set('number', 7)\nprint('same')"
    );
    match crate::python::python("django_redis", &program, b"") {
        Some(said) => assert_eq!(said, b"same\n"),
        None => return,
    }
    let theirs = cache.get_value("theirs").await.unwrap().unwrap();
    let list = Value::List(vec![1.into(), Value::None]);
    let bytes = Value::Bytes(b"x".to_vec());
    assert_eq!(
        theirs,
        Value::Dict(vec![("a".into(), list), ("b".into(), bytes)])
    );
    assert_eq!(cache.get("number").await.unwrap(), Some(7));
    assert_eq!(cache.increase("count", 1).await.unwrap(), 43);
}
