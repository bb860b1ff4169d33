//! One store of sessions, one cache, two frameworks: who logs in on one is logged in on the other.

use nuages::prelude::*;
use nuages::testing::{Client, TestSite};
use serde_json::{Value, json};

use super::{Django, SECRET_KEY};

/// A store that both know: Django's engine and ours, and the cache where there is one.
struct Store {
    name: &'static str,
    engine: &'static str,
    cache: Option<&'static str>,
}

const STORES: &[Store] = &[
    Store {
        name: "cache in redis",
        engine: "cache",
        cache: Some("django.core.cache.backends.redis.RedisCache"),
    },
    Store {
        name: "cached_db in redis",
        engine: "cached_db",
        cache: Some("django.core.cache.backends.redis.RedisCache"),
    },
    Store {
        name: "cache in a table",
        engine: "cache",
        cache: Some("django.core.cache.backends.db.DatabaseCache"),
    },
    Store {
        name: "cache in files",
        engine: "cache",
        cache: Some("django.core.cache.backends.filebased.FileBasedCache"),
    },
    Store {
        name: "file",
        engine: "file",
        cache: None,
    },
    Store {
        name: "signed_cookies",
        engine: "signed_cookies",
        cache: None,
    },
];

impl Store {
    /// The settings of the cache, the same for both; `None` where its server is missing.
    fn caches(&self, django: &Django) -> Option<Value> {
        let Some(backend) = self.cache else {
            return Some(
                json!({"default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}}),
            );
        };
        let location = if backend.contains("redis") {
            let address = std::env::var_os("NUAGES_TEST_REDIS");
            let Some(address) = address.and_then(|text| text.into_string().ok()) else {
                nuages_tests::skip(self.name, "no Redis server (NUAGES_TEST_REDIS is not set)");
                return None;
            };
            address
        } else if backend.contains("db") {
            "django_cache".to_owned()
        } else {
            django.folder().join("cache").to_string_lossy().into_owned()
        };
        let prefix = format!("interop-{}-{}", self.engine, std::process::id());
        Some(json!({"default": {"BACKEND": backend, "LOCATION": location, "KEY_PREFIX": prefix}}))
    }

    /// Both sides, on one database and one store.
    async fn open(&self, test: &str) -> Option<(Django, TestSite)> {
        let name = format!("{test}_{}", self.name.replace(' ', "_"));
        let django = Django::beside(&name)?;
        let caches = self.caches(&django)?;
        let folder = django.folder().to_string_lossy().into_owned();
        let engine = format!("django.contrib.sessions.backends.{}", self.engine);
        let django = django.with(json!({
            "SESSION_ENGINE": engine,
            "SESSION_FILE_PATH": folder,
            "CACHES": caches,
        }));
        django.run(&[("migrate", json!({})), ("create_cache_table", json!({}))]);
        let urls = Urls::new()
            .include("accounts/", nuages::auth::urls())
            .path("whoami/", get(whoami), "whoami")
            .path("say/", get(say), "say")
            .path("heard/", get(heard), "heard");
        let database = format!("sqlite:///{}", django.database().display());
        let site = TestSite::with(
            Site::new().install(nuages::auth::app()).urls(urls),
            |settings| {
                settings.set("secret_key", SECRET_KEY).unwrap();
                settings.set("database_url", database).unwrap();
                settings.set("session_engine", engine).unwrap();
                settings.set("session_file_path", folder).unwrap();
                settings.set("caches", caches).unwrap();
            },
        )
        .await;
        Some((django, site))
    }
}

async fn whoami(user: Option<CurrentUser>) -> String {
    user.map_or_else(|| "nobody".to_owned(), |user| user.username.clone())
}

/// What is said in the tests, to be shown on the next page.
const SAID: &str = "Zoë said: \"a; b=c\" <b>";

async fn say(messages: Messages) -> &'static str {
    messages.success(SAID);
    "said"
}

async fn heard(messages: Messages) -> Result<String> {
    let all = messages.take().await?;
    let texts: Vec<String> = all.iter().map(ToString::to_string).collect();
    Ok(texts.join("|"))
}

fn of(django: &Django, cookies: &Value) -> Value {
    let request = json!({"method": "GET", "path": "/whoami/", "cookies": cookies});
    django.step("request", request)["json"]["user"].clone()
}

fn with_session(site: &TestSite, key: &str) -> Client {
    let mut browser = site.client();
    browser.cookies.set("sessionid", key);
    browser
}

#[tokio::test]
async fn who_logged_in_with_django_is_logged_in_here() {
    for store in STORES {
        let Some((django, site)) = store.open("logged_in_with_django").await else {
            continue;
        };
        let made = django.run(&[
            (
                "create_user",
                json!({"username": "ada", "password": "lovelace-1815"}),
            ),
            (
                "log_in",
                json!({"username": "ada", "data": {"colour": "blue"}}),
            ),
        ]);
        let key = made[1]["session_key"].as_str().unwrap();
        let mut browser = with_session(&site, key);
        assert_eq!(
            browser.get("/whoami/").await.text(),
            "ada",
            "{}",
            store.name
        );
        // A logout here is one there, where sessions lie on the server.
        browser.post("/accounts/logout/").await;
        if store.engine != "signed_cookies" {
            let seen = of(&django, &json!({"sessionid": key}));
            assert_eq!(seen, Value::Null, "{}", store.name);
        }
    }
}

#[tokio::test]
async fn who_logged_in_here_is_logged_in_with_django() {
    for store in STORES {
        let Some((django, site)) = store.open("logged_in_here").await else {
            continue;
        };
        site.create_user("grace", "hopper-1906-cobol").await;
        let mut browser = site.client();
        let fields = [("username", "grace"), ("password", "hopper-1906-cobol")];
        let answer = browser.post("/accounts/login/").form(&fields).await;
        assert_eq!(answer.status(), 302, "{}", store.name);
        let key = browser.cookies.get("sessionid").unwrap().to_owned();
        let seen = of(&django, &json!({"sessionid": key}));
        assert_eq!(seen, "grace", "{}", store.name);
        browser.post("/accounts/logout/").await;
        if store.engine != "signed_cookies" {
            let seen = of(&django, &json!({"sessionid": key}));
            assert_eq!(seen, Value::Null, "{}", store.name);
        }
    }
}

#[tokio::test]
async fn messages_left_on_one_side_are_shown_on_the_other() {
    let Some((django, site)) = STORES[4].open("messages").await else {
        return;
    };
    let form = json!({"text": SAID});
    let added = json!({"method": "POST", "path": "/messages/add/", "form": form});
    let theirs = django.step("request", added);
    let mut browser = site.client();
    // As a browser has it: the quotes are the cookie's syntax.
    let cookie = theirs["cookies"]["messages"].as_str().unwrap();
    browser.cookies.set("messages", cookie);
    assert_eq!(browser.get("/heard/").await.text(), SAID);
    assert_eq!(browser.get("/heard/").await.text(), "", "shown once");

    browser.get("/say/").await;
    let ours = browser.cookies.get("messages").unwrap();
    let read = json!({"method": "GET", "path": "/messages/", "cookies": {"messages": ours}});
    let seen = django.step("request", read);
    assert_eq!(seen["json"]["messages"], json!([[25, SAID]]));
}

#[test]
fn signed_cookies_are_read_on_both_sides() {
    let Some(django) = Django::beside("signed_cookies_both_sides") else {
        return;
    };
    let strict = json!({"SIGNED_COOKIE_LEGACY_SALT_FALLBACK": false});
    let django = django.with(strict);
    let signer =
        nuages::crypto::signing::CookieSigner::new(&nuages::crypto::KeyRing::new(SECRET_KEY));
    let now = nuages::base::Clock::system().now();
    for (name, salt, value) in [
        ("cart", "", "12 apples"),
        ("a", "bc", "Zoë: 1;2"),
        ("ab", "é", ""),
    ] {
        let theirs = django.step(
            "set_signed_cookie",
            json!({"name": name, "value": value, "salt": salt}),
        );
        let theirs = theirs.as_str().unwrap();
        assert_eq!(signer.unsign(name, theirs, salt, now, None).unwrap(), value);
        let ours = signer.sign(name, value, salt, now);
        let call = json!({"name": name, "value": ours, "salt": salt});
        assert_eq!(django.step("get_signed_cookie", call), value);
        let other = json!({"name": format!("{name}x"), "value": ours, "salt": salt});
        assert_eq!(django.step("get_signed_cookie", other), Value::Null);
    }
}
