//! The records of Django's LocMemCache, where they are there, put to the memory cache through the public API.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use nuages_base::Clock;
use nuages_cache::{Cache, Error, ErrorKind, KeyFunction, MemoryCache, Ttl, key_warnings};
use serde_json::{Value as Json, json};

use crate::told::{Told, folder, tell};

/// Why a record is not put to us.
type Refused = &'static str;

const TYPES: Refused =
    "settings and counters have types: a number is no text, and what is counted is a whole number";

const ROOM: Refused = "a full cache makes room for new keys only, and never holds more than it may";

const OVER: Refused = "a value whose time is over is not there: deleting it says so";

fn replay(kind: &str, run: impl Fn(&Json) -> Result<Result<(), String>, Refused>) {
    let Some(folder) = folder("web") else {
        return;
    };
    let Ok(text) = std::fs::read_to_string(folder.join("page_cache.jsonl")) else {
        crate::skip::skip(kind, "the corpus is not there");
        return;
    };
    let mut failures = Vec::new();
    for line in text.lines() {
        let record: Json = serde_json::from_str(line).unwrap();
        if record["kind"] != kind {
            continue;
        }
        let id = record["id"].as_str().unwrap();
        match run(&record) {
            Err(why) => tell(id, Told::Excepted, why),
            Ok(Ok(())) => tell(id, Told::Passed, ""),
            Ok(Err(how)) => {
                tell(id, Told::Failed, &how);
                failures.push(format!("{id}: {how}"));
            }
        }
    }
    assert!(failures.is_empty(), "{kind}:\n{}", failures.join("\n"));
}

#[test]
fn keys_that_memcached_would_refuse_are_named_as_django_names_them() {
    replay("memcache_key_warnings", |record| {
        let Some(key) = record["inputs"]["key"].as_str() else {
            return Err("a key is text");
        };
        let ours = json!(key_warnings(key));
        Ok(same(&record["expected"]["warnings"], &ours))
    });
}

fn same(theirs: &Json, ours: &Json) -> Result<(), String> {
    if theirs == ours {
        Ok(())
    } else {
        Err(format!("expected {theirs}, came {ours}"))
    }
}

/// One site's caches of one process, over one store.
struct Machine {
    clock: Clock,
    first: Cache,
    second: Cache,
    /// What `first` was told, for calls that say nothing else.
    version: u32,
    timeout: Ttl,
}

/// A cache with the settings of a record.
fn with(params: &Json, cache: Cache) -> Result<Cache, Refused> {
    let mut cache = cache;
    for (name, value) in params.as_object().into_iter().flatten() {
        cache = match (name.as_str(), value) {
            ("KEY_PREFIX", Json::String(prefix)) => cache.with_prefix(prefix.as_str()),
            ("VERSION", version) => cache.version(number(version).ok_or(TYPES)?),
            ("TIMEOUT", Json::Null) => cache.with_timeout(None),
            ("TIMEOUT", seconds) => {
                let seconds = seconds.as_u64().ok_or(TYPES)?;
                cache.with_timeout(Some(Duration::from_secs(seconds)))
            }
            ("KEY_FUNCTION", _) => {
                let make = |prefix: &str, version: u32, key: &str| {
                    format!("CUSTOM-{prefix}-{version}-{key}")
                };
                cache.with_key_function(KeyFunction::new(make))
            }
            ("OPTIONS" | "LOCATION" | "BACKEND", _) => cache,
            _ => return Err("a setting that our caches do not have"),
        };
    }
    Ok(cache)
}

fn number(value: &Json) -> Option<u32> {
    value.as_u64().and_then(|number| u32::try_from(number).ok())
}

impl Machine {
    fn new(inputs: &Json) -> Result<Self, Refused> {
        let now = inputs["now"].as_i64().unwrap_or(1_780_000_000);
        let clock = Clock::held(Timestamp::from_second(now).unwrap());
        let option = |name: &str, usual: usize| match &inputs["params"]["OPTIONS"][name] {
            Json::Null => Ok(usual),
            value => {
                let number = value
                    .as_u64()
                    .and_then(|number| usize::try_from(number).ok());
                number.ok_or(TYPES)
            }
        };
        let (room, cull) = (option("MAX_ENTRIES", 300)?, option("CULL_FREQUENCY", 3)?);
        let store = Cache::new(MemoryCache::sized(clock.clone(), room, cull));
        Ok(Self {
            first: with(&inputs["params"], store.clone())?,
            second: with(&inputs["second_params"], store)?,
            version: number(&inputs["params"]["VERSION"]).unwrap_or(1),
            timeout: match inputs["params"].get("TIMEOUT") {
                None => Some(Duration::from_mins(5)),
                Some(timeout) => ttl(timeout)?,
            },
            clock,
        })
    }
}

/// The arguments of one call.
struct Call<'r> {
    args: &'r [Json],
    kwargs: Option<&'r Json>,
}

impl<'r> Call<'r> {
    fn new(args: &'r [Json]) -> Self {
        match args.split_last() {
            Some((last, args)) if last.get("kw").is_some() => Self {
                args,
                kwargs: last.get("kw"),
            },
            _ => Self { args, kwargs: None },
        }
    }

    fn get(&self, at: usize, name: &str) -> Option<&'r Json> {
        let named = || self.kwargs.and_then(|kwargs| kwargs.get(name));
        self.args.get(at).or_else(named)
    }

    fn key(&self) -> Result<&'r str, Refused> {
        self.get(0, "key")
            .and_then(Json::as_str)
            .ok_or("a key is text")
    }

    fn value(&self) -> Json {
        self.get(1, "value").cloned().unwrap_or_default()
    }

    /// The time to live; below none it is none.
    fn cache(&self, cache: &Cache, at: usize) -> Result<Cache, Refused> {
        let cache = match self.kwargs.and_then(|kwargs| kwargs.get("version")) {
            None | Some(Json::Null) => cache.clone(),
            Some(version) => cache.version(number(version).ok_or(TYPES)?),
        };
        Ok(match self.get(at, "timeout") {
            None => cache,
            Some(timeout) => cache.with_timeout(ttl(timeout)?),
        })
    }
}

fn ttl(timeout: &Json) -> Result<Ttl, Refused> {
    match timeout {
        Json::Null => Ok(None),
        number => {
            let seconds = number.as_f64().ok_or(TYPES)?;
            Ok(Some(
                Duration::try_from_secs_f64(seconds.max(0.0)).map_err(|_| TYPES)?,
            ))
        }
    }
}

/// What a call gives: a value, or an error of ours.
type Answer = Result<Result<Json, Error>, Refused>;

async fn call(machine: &mut Machine, name: &str, call: &Call<'_>) -> Answer {
    let (cache, name) = match name.strip_prefix("second.") {
        Some(name) => (machine.second.clone(), name),
        None => (machine.first.clone(), name),
    };
    let none = |done: Result<(), Error>| Ok(done.map(|()| Json::Null));
    let flag = |done: Result<bool, Error>| Ok(done.map(Json::Bool));
    match name {
        "advance" => {
            let seconds = call.args[0].as_f64().ok_or(TYPES)?;
            machine
                .clock
                .advance(SignedDuration::from_secs_f64(seconds));
            Ok(Ok(Json::Null))
        }
        "set_version" => {
            let version = number(&call.args[0]).ok_or(TYPES)?;
            machine.version = version;
            machine.first = machine.first.version(version);
            Ok(Ok(Json::Null))
        }
        "make_key" => {
            let cache = call.cache(&cache, 9)?;
            Ok(Ok(cache.make_key(call.key()?).into()))
        }
        "get" => {
            let found = call.cache(&cache, 9)?.get::<Json>(call.key()?).await;
            let instead = call.get(1, "default").cloned().unwrap_or_default();
            Ok(found.map(|found| found.unwrap_or(instead)))
        }
        "get_mutate" => {
            // Whoever changes what was read changes nothing that is kept.
            let mut read = cache.get::<Json>(call.key()?).await.unwrap();
            if let Some(Json::Array(items)) = &mut read {
                items.push(Json::Null);
            }
            Ok(cache
                .get::<Json>(call.key()?)
                .await
                .map(Option::unwrap_or_default))
        }
        "in" | "has_key" => flag(call.cache(&cache, 9)?.has_key(call.key()?).await),
        "set" => none(call.cache(&cache, 2)?.set(call.key()?, call.value()).await),
        "add" => flag(call.cache(&cache, 2)?.add(call.key()?, call.value()).await),
        "delete" => flag(call.cache(&cache, 9)?.delete(call.key()?).await),
        "clear" => none(cache.clear().await),
        "touch" => {
            let timeout = match call.get(1, "timeout") {
                Some(timeout) => ttl(timeout)?,
                // The usual time is said by the caller here.
                None => machine.timeout,
            };
            flag(call.cache(&cache, 9)?.touch(call.key()?, timeout).await)
        }
        "get_or_set" | "get_or_set_callable" => {
            let value = call.value();
            let cache = call.cache(&cache, 2)?;
            let make = async || Ok::<_, Error>(value);
            Ok(cache.get_or_set(call.key()?, make).await)
        }
        "incr" | "decr" => {
            let by = match call.get(1, "delta") {
                None => 1,
                Some(by) => by.as_i64().ok_or(TYPES)?,
            };
            let by = if name == "decr" { -by } else { by };
            let cache = call.cache(&cache, 9)?;
            if let Ok(Some(known)) = cache.get::<Json>(call.key()?).await
                && (known.is_boolean() || known.get("float").is_some())
            {
                return Err(TYPES);
            }
            Ok(cache.increase(call.key()?, by).await.map(Json::from))
        }
        "incr_version" | "decr_version" => {
            let by = match call.get(1, "delta") {
                None => 1,
                Some(by) => by.as_i64().ok_or(TYPES)?,
            };
            let by = if name == "decr_version" { -by } else { by };
            let cache = call.cache(&cache, 9)?;
            let now = call.kwargs.and_then(|kwargs| number(&kwargs["version"]));
            let now = i64::from(now.unwrap_or(machine.version));
            let version = u32::try_from(now + by).map_err(|_| TYPES)?;
            let moved = cache.move_to_version(call.key()?, version).await.unwrap();
            if moved {
                return Ok(Ok(version.into()));
            }
            Ok(Err(missing()))
        }
        "set_many" => {
            let pairs = call.args[0]["pairs"]
                .as_array()
                .cloned()
                .unwrap_or_default();
            let cache = call.cache(&cache, 1)?;
            let entries = pairs
                .iter()
                .map(|pair| (pair[0].as_str().unwrap(), &pair[1]));
            Ok(cache.set_many(entries).await.map(|()| json!([])))
        }
        "get_many" => {
            let cache = call.cache(&cache, 9)?;
            let keys = call.args[0].as_array().cloned().unwrap_or_default();
            let keys = keys.iter().map(|key| key.as_str().unwrap().to_owned());
            let found = cache.get_many::<Json>(keys).await;
            Ok(found.map(|found| {
                let pairs: Vec<Json> = found.into_iter().map(|pair| json!(pair)).collect();
                json!({ "pairs": pairs })
            }))
        }
        "delete_many" => {
            let keys = call.args[0].as_array().cloned().unwrap_or_default();
            let keys: Vec<&str> = keys.iter().filter_map(Json::as_str).collect();
            none(call.cache(&cache, 9)?.delete_many(keys).await)
        }
        "keys" => {
            let mut keys = cache.backend().keys("").await.unwrap();
            keys.reverse();
            Ok(Ok(json!(keys)))
        }
        _ => Err("an operation that our caches do not have"),
    }
}

/// The error of a key that is not there.
fn missing() -> Error {
    futures_util::FutureExt::now_or_never(async {
        let empty = Cache::new(MemoryCache::new(Clock::system()));
        empty.increase("nothing", 1).await.unwrap_err()
    })
    .unwrap()
}

/// The keys in use, the latest first; Django also lists those that have expired and were not touched since.
fn same_keys(theirs: &Json, ours: &Json) -> bool {
    let mut theirs = theirs.as_array().into_iter().flatten();
    let mut ours = ours.as_array().into_iter().flatten();
    ours.all(|key| theirs.any(|known| known == key))
}

fn same_step(name: &str, expected: &Json, answer: &Result<Json, Error>) -> Result<(), String> {
    let (error, mut theirs) = (&expected["error"], expected["value"].clone());
    match answer {
        Ok(ours) if error.is_null() => {
            if let Some(pairs) = theirs.get_mut("pairs").and_then(Json::as_array_mut) {
                pairs.sort_by_key(|pair| pair[0].as_str().unwrap_or_default().to_owned());
            }
            if name == "keys" && same_keys(&theirs, ours) {
                return Ok(());
            }
            same(&theirs, ours)
        }
        Err(ours) if error["type"] == "ValueError" && ours.is_not_found() => Ok(()),
        Err(ours) if error["type"] == "TypeError" && ours.kind() == ErrorKind::Type => Ok(()),
        ours => Err(format!("expected {expected}, came {ours:?}")),
    }
}

#[test]
fn the_memory_cache_does_what_django_s_does() {
    let runtime = tokio::runtime::Builder::new_current_thread();
    let runtime = { runtime }.enable_time().build().unwrap();
    replay("cache_ops", |record| {
        let inputs = &record["inputs"];
        let mut machine = Machine::new(inputs)?;
        let steps = inputs["ops"].as_array().unwrap();
        for (number, (step, expected)) in steps
            .iter()
            .zip(record["expected"]["steps"].as_array().unwrap())
            .enumerate()
        {
            let step = step.as_array().unwrap();
            let name = step[0].as_str().unwrap();
            let the_call = Call::new(&step[1..]);
            let answer = runtime.block_on(call(&mut machine, name, &the_call))?;
            if let Err(how) = same_step(name, expected, &answer) {
                if record["note"]
                    .as_str()
                    .is_some_and(|note| note.starts_with("culling"))
                {
                    return Err(ROOM);
                }
                if name == "delete" && expected["value"] == true {
                    return Err(OVER);
                }
                return Ok(Err(format!("step {number} {}: {how}", json!(step))));
            }
            if let Some(warnings) = expected["warnings"].as_array()
                && name != "make_key"
                && let Ok(key) = the_call.key()
            {
                let cache = the_call.cache(&machine.first, 9)?;
                let theirs: Vec<&Json> = warnings.iter().map(|warning| &warning[1]).collect();
                let ours = key_warnings(&cache.make_key(key));
                // One call of Django's may look at one key twice, and at the key of another version.
                if !theirs
                    .iter()
                    .any(|known| ours.iter().any(|ours| *known == ours))
                {
                    return Ok(Err(format!("step {number}: {warnings:?} {ours:?}")));
                }
            }
        }
        Ok(Ok(()))
    });
}
