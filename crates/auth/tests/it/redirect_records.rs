//! Where login and logout lead, as Django recorded it.

use std::sync::Arc;

use axum_core::body::Body;
use http::header::{CONTENT_TYPE, HOST, LOCATION};
use http::{Request, Response};
use nuages_auth::views::{LoginView, LogoutView};
use nuages_auth::{Auth, AuthSettings, CurrentUserLayer, redirect_to_login};
use nuages_base::{SettingsGroup as _, Signals};
use nuages_crypto::KeyRing;
use nuages_db::Db;
use nuages_security::hosts::{Connection, HostsLayer, HostsSettings};
use nuages_sessions::{MemoryStore, SessionLayer, SessionSettings};
use nuages_template::{Engine, MemoryLoader};
use nuages_web::{Dispatch, QueryDict, ResolveLayer, SharedService, SiteContext, Urls, any};
use serde_json::Value;
use tower_layer::Layer;
use tower_service::Service;

use crate::asserted::{self, Outcome};
use crate::database::{database, run};
use crate::site::{Browser, clock, pool};

fn replay<O: Into<Outcome>>(kind: &str, run: impl Fn(&Value) -> O) {
    asserted::replay("security", "redirects.jsonl", kind, run);
}

async fn ok() -> &'static str {
    "OK"
}

/// A site of a named page and, where a record has one, its view.
fn site_context(urls: Urls) -> Arc<SiteContext> {
    let engine = Engine::builder()
        .loader(MemoryLoader::new([
            ("registration/login.html", "IN"),
            ("registration/logged_out.html", "OUT"),
        ]))
        .build();
    let urls = urls.path("home/", any(ok), "home").freeze().unwrap();
    Arc::new(SiteContext::new(engine, urls))
}

/// The settings of a record, if they are ones that we take.
fn settings(record: &Value) -> Option<AuthSettings> {
    let mut settings = AuthSettings::default();
    for (name, value) in record["settings"].as_object().unwrap() {
        if name.ends_with("_URL") {
            settings.set(&name.to_lowercase(), value).ok()?;
        }
    }
    Some(settings)
}

/// The site of a record, with its view at `/x/`.
fn service(record: &Value, db: Db) -> SharedService {
    let inputs = &record["inputs"];
    let next_page = inputs["next_page"].as_str();
    let hosts = inputs["allowed_hosts"].as_array().into_iter().flatten();
    let hosts = hosts.filter_map(Value::as_str);
    let view = inputs["view"].as_str().unwrap();
    let urls = Urls::new();
    let urls = if view == "logout" {
        let view = hosts.fold(LogoutView::new(), LogoutView::allow_host);
        let view = next_page.into_iter().fold(view, LogoutView::next_page);
        urls.path("x/", view, "x")
    } else {
        let view = hosts.fold(LoginView::new(), LoginView::allow_host);
        let view = next_page.into_iter().fold(view, LoginView::next_page);
        let view = view.redirect_authenticated_user(inputs["view"] == "login-redirect");
        urls.path("x/", view, "x")
    };
    // Somewhere to log in that leads nowhere else.
    let site = site_context(urls.path("in/", LoginView::new().next_page("/"), "in"));
    let settings = settings(record).unwrap();
    let keys = KeyRing::new("a secret key");
    let auth = Auth::new(db, keys, settings, Signals::new(), clock())
        .unwrap()
        .with_password_pool(pool());
    let hosts = HostsSettings {
        allowed_hosts: vec!["*".to_owned()],
        ..HostsSettings::default()
    };
    let store = Arc::new(MemoryStore::new());
    let views = CurrentUserLayer::new(auth).layer(Dispatch::new(site.clone()));
    let sessions = SessionLayer::new(store, SessionSettings::default(), clock());
    let inner = SharedService::new(sessions.layer(views));
    let inner = SharedService::new(HostsLayer::new(&hosts).layer(inner));
    SharedService::new(ResolveLayer::new(site).layer(inner))
}

/// A request of the browser, with what its form holds.
async fn send(
    service: &mut SharedService,
    browser: &mut Browser,
    record: &Value,
    target: &str,
    form: Option<QueryDict>,
) -> Response<Body> {
    let inputs = &record["inputs"];
    let mut req = Request::builder()
        .method(if form.is_some() { "POST" } else { "GET" })
        .uri(target)
        .header(HOST, inputs["host"].as_str().unwrap_or("testserver"))
        .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(form.map_or_else(Body::empty, |form| Body::from(form.urlencode())))
        .unwrap();
    req.extensions_mut().insert(Connection {
        is_secure: inputs["scheme"] == "https",
        ..Connection::default()
    });
    browser.send(&mut req);
    let res = service.call(req).await.unwrap();
    browser.keep(&res);
    res
}

fn credentials() -> QueryDict {
    let mut form = QueryDict::new();
    form.set("username", "ann");
    form.set("password", "s3cret");
    form
}

#[test]
fn login_and_logout_lead_where_django_s_do() {
    let db = run(async {
        let db = database().await;
        let users = crate::users::auth(&db).users();
        users.create_user("ann", "", "s3cret").await.unwrap();
        db
    });
    replay("next_url", |record| {
        let (inputs, expected) = (&record["inputs"], &record["expected"]);
        let (via, next) = (&inputs["via"], inputs["next"].as_str());
        let view = inputs["view"].as_str().unwrap();
        let mut form = if view == "login" {
            credentials()
        } else {
            QueryDict::new()
        };
        let mut query = QueryDict::new();
        if let Some(next) = next {
            if via == "get" {
                query.set("next", next);
            } else {
                form.set("next", next);
            }
        }
        if let Some(next) = inputs["get_next"].as_str() {
            query.set("next", next);
        }
        let target = match query.urlencode() {
            empty if empty.is_empty() => "/x/".to_owned(),
            query => format!("/x/?{query}"),
        };
        let res = run(async {
            let (mut service, mut browser) = (service(record, db.clone()), Browser::default());
            if view != "login" {
                send(
                    &mut service,
                    &mut browser,
                    record,
                    "/in/",
                    Some(credentials()),
                )
                .await;
                assert!(browser.0.contains_key("sessionid"), "not logged in");
            }
            let form = (view != "login-redirect" || via == "post").then_some(form);
            send(&mut service, &mut browser, record, &target, form).await
        });
        let location = res.headers().get(LOCATION).map(|to| to.to_str().unwrap());
        let itself = view == "logout" && expected["location"] == "/x/";
        if itself && res.status() == 200 {
            return Outcome::Excepted(
                "a logout does not redirect to itself, where a GET is refused",
            );
        }
        let nowhere = matches!(next, Some("//" | "/\\" | "\\/" | "\\\\"));
        if nowhere && location.is_some_and(|to| ["/default/", "/bye/"].contains(&to)) {
            return Outcome::Excepted("two slashes announce a host, and none follows");
        }
        assert_eq!(
            (res.status().as_u16().into(), location.map(Value::from)),
            (
                expected["status"].clone(),
                expected["location"].as_str().map(Value::from)
            ),
            "{inputs} {}",
            record["settings"]
        );
        Outcome::Same
    });
}

#[test]
fn the_way_to_the_login_page_is_django_s() {
    let site = site_context(Urls::new());
    replay("redirect_to_login", |record| {
        let (inputs, expected) = (&record["inputs"], &record["expected"]);
        let Some(settings) = settings(record) else {
            return Outcome::Excepted("`login_url` is text: None is refused at the start");
        };
        let own = inputs["login_url"].as_str().filter(|url| !url.is_empty());
        let login_url = own.unwrap_or(&settings.login_url);
        let field = match inputs.get("redirect_field_name") {
            None => Some("next"),
            Some(field) => field.as_str(),
        };
        let next = inputs["next"].as_str().unwrap();
        match redirect_to_login(Some(&site), next, login_url, field) {
            Ok(res) => {
                assert_eq!(res.status().as_u16(), expected["status"]);
                assert_eq!(
                    res.headers()[LOCATION].to_str().unwrap(),
                    expected["location"]
                );
            }
            Err(error) => assert!(expected["error"].is_object(), "{error:?}"),
        }
        Outcome::Same
    });
}
