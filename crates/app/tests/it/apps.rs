//! What an app hands over.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use axum::body::Body;
use http::Request;
use nuages_app::{App, BuildError, Onion, Settings, Site};
use nuages_auth::passwords::{PasswordOwner, PasswordValidator};
use nuages_base::{Check, Signals};
use nuages_forms::ValidationError;
use nuages_tasks::{Task, TaskContext, TaskError, Tasks};
use nuages_web::{Urls, get};

const SETTINGS: &str = "secret_key = 'a key for tests only'\ndatabase_url = 'sqlite::memory:'\nallowed_hosts = ['testserver']";

fn site() -> Site {
    Site::new().with_settings(Settings::from_toml("test.toml", SETTINGS).unwrap())
}

async fn get_page(site: Site, path: &str) -> u16 {
    let site = site.build().unwrap();
    let db = site.connect().await.unwrap();
    let request = Request::get(path)
        .header("host", "testserver")
        .body(Body::empty())
        .unwrap();
    let Ok(response) = site.service(&db).unwrap().respond(request).await;
    response.status().as_u16()
}

struct Ping;

impl Task for Ping {
    const NAME: &'static str = "net.ping";
    type Args = u32;
    type Output = u32;

    async fn run(context: TaskContext, n: u32) -> Result<u32, TaskError> {
        context
            .get::<nuages_db::Db>()
            .map(|_| n + 1)
            .ok_or_else(|| TaskError::new("no database"))
    }
}

struct Pinged;

#[tokio::test]
async fn urls_receivers_tasks_and_checks_of_an_app_are_wired() {
    let seen = Arc::new(AtomicUsize::new(0));
    let count = seen.clone();
    let view = async |signals: Signals, tasks: Tasks| {
        signals.send_robust(Pinged).await;
        tasks
            .enqueue::<Ping>(41)
            .await
            .unwrap()
            .output::<u32>()
            .unwrap()
            .to_string()
    };
    let app = App::new("net")
        .urls("net/", Urls::new().path("ping/", get(view), "ping"))
        .receiver("count", move |_: Arc<Pinged>| {
            count.fetch_add(1, Ordering::SeqCst);
            async { Ok(()) }
        })
        .task::<Ping>()
        .check(|_| vec![Check::warning("net.W001", "No net.")]);
    let checks =
        site().install(App::new("x").check(|_| vec![Check::warning("net.W001", "No net.")]));
    assert!(
        checks
            .build()
            .unwrap()
            .checks(false)
            .iter()
            .any(|check| check.id == "net.W001")
    );
    assert_eq!(get_page(site().install(app), "/net/ping/").await, 200);
    assert_eq!(seen.load(Ordering::SeqCst), 1);
}

#[test]
fn an_app_installed_twice_is_refused() {
    let error = site()
        .install(App::new("a"))
        .install(App::new("a"))
        .build()
        .unwrap_err();
    assert!(matches!(error, BuildError::DuplicateApp("a")));
}

#[test]
fn routes_that_do_not_fit_together_are_refused_with_a_hint() {
    let error = site()
        .urls(Urls::new().path("<itn:pk>/", get(async || ""), "x"))
        .build()
        .unwrap_err();
    assert!(error.to_string().contains("itn"), "{error}");
}

#[test]
fn a_route_that_demands_a_login_needs_the_users() {
    let site = site()
        .urls(Urls::new().path("", get(async || "").login_required(), "home"))
        .build()
        .unwrap();
    assert!(
        site.checks(false)
            .iter()
            .any(|check| check.id == "nuages.E001")
    );
}

#[test]
fn a_page_cache_that_is_not_there_is_an_error_of_the_start() {
    let minute = std::time::Duration::from_mins(1);
    let how = |alias: &'static str| nuages_web::page_cache::CachePage::new(minute).cache(alias);
    let found = |site: Site| {
        let checks = site.build().unwrap().checks(false);
        let of_it = checks.iter().filter(|check| check.id == "nuages.E003");
        of_it.map(ToString::to_string).collect::<Vec<_>>()
    };
    let route = |alias| Urls::new().path("news/", get(async || "").cache_page(how(alias)), "news");
    assert_eq!(found(site().urls(route("default"))), [""; 0]);
    let lost = found(site().urls(route("lost")));
    assert!(
        lost[0].contains("`/news/`") && lost[0].contains("There are: default"),
        "{lost:?}"
    );
}

#[test]
fn the_layers_of_the_page_cache_are_there_only_where_something_asks_for_them() {
    let stack = |site: Site| site.build().unwrap().stack();
    let has = |stack: Vec<Onion>| {
        let both = [Onion::UpdateCache, Onion::FetchFromCache];
        both.map(|layer| stack.contains(&layer))
    };
    let minute = std::time::Duration::from_mins(1);
    let plain = Urls::new().path("", get(async || ""), "home");
    let asks = Urls::new().path("", get(async || "").cache_page(minute), "home");
    assert_eq!(has(stack(site().urls(plain))), [false, false]);
    assert_eq!(has(stack(site().urls(asks))), [true, true]);
}

/// Refuses what everybody here thinks of first.
#[derive(Debug)]
struct NoClouds;

impl PasswordValidator for NoClouds {
    fn validate(
        &self,
        password: &str,
        _: Option<&PasswordOwner<'_>>,
    ) -> Result<(), ValidationError> {
        if password.contains("cloud") {
            return Err(ValidationError::new("No clouds.").code("password_cloud"));
        }
        Ok(())
    }

    fn help_text(&self) -> String {
        "Your password can’t be about clouds.".to_owned()
    }
}

#[tokio::test]
async fn a_password_validator_of_the_site_is_asked_behind_those_of_the_settings() {
    let rules = "auth_password_validators = [{name = 'MinimumLengthValidator'}]";
    let settings = || Settings::from_toml("test.toml", &format!("{SETTINGS}\n{rules}")).unwrap();
    let told = async |site: Site| {
        let site = site.with_settings(settings()).build().unwrap();
        let auth = site.auth(&site.connect().await.unwrap()).unwrap();
        let rules = auth.validators();
        let codes = |password: &str| {
            let errors = rules.validate(password, None).err().unwrap_or_default();
            let codes = errors.iter().map(|error| error.get_code().to_owned());
            codes.collect::<Vec<_>>()
        };
        (
            codes("cloud"),
            codes("white clouds"),
            rules.help_text_html(),
        )
    };
    let (short, long, help) = told(Site::new().password_validator(NoClouds)).await;
    assert_eq!(short, ["password_too_short", "password_cloud"]);
    assert_eq!(long, ["password_cloud"]);
    assert!(
        help.contains("at least 8") && help.contains("about clouds"),
        "{help}"
    );
    // The pair: without it only the settings have a say.
    let (short, long, help) = told(Site::new()).await;
    assert_eq!((short.len(), long.len()), (1, 0));
    assert!(!help.contains("clouds"));
}
