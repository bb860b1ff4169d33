//! Whole visits, as Django recorded them: the views inside sessions, CSRF protection and the user's layer.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::sync::{Arc, OnceLock};

use axum_core::body::Body;
use axum_core::extract::FromRequestParts;
use axum_core::response::{IntoResponse, Response};
use http::header::{CACHE_CONTROL, CONTENT_TYPE, COOKIE, HOST, HeaderName, LOCATION, VARY};
use http::request::Parts;
use http::{HeaderMap, Request};
use http_body_util::BodyExt as _;
use jiff::SignedDuration;
use nuages_auth::backends::ModelBackend;
use nuages_auth::views::{
    LoginView, LogoutView, PasswordChangeView, PasswordResetConfirmView, PasswordResetView,
};
use nuages_auth::{
    AuthRequest, AuthSettings, CurrentUserLayer, PermissionsContext, ResetMail, User, UserContext,
};
use nuages_base::{Clock, SettingsGroup as _, Signals};
use nuages_cache::{Cache, MemoryCache};
use nuages_crypto::KeyRing;
use nuages_db::Db;
use nuages_mail::{EmailBackend, EmailMessage, Mail, MailSettings};
use nuages_orm::Model as _;
use nuages_security::csrf::{CsrfLayer, CsrfSettings, CsrfToken};
use nuages_security::hosts::{Connection, HostsLayer, HostsSettings};
use nuages_sessions::{
    CacheStore, CachedDbStore, CookieStore, DbStore, Session, SessionEngine, SessionLayer,
    SessionSettings, SessionStore,
};
use nuages_sql::RawSql;
use nuages_template::{Engine, MemoryLoader};
use nuages_web::{Dispatch, Path, ResolveLayer, SharedService, SiteContext, UrlTable, Urls, any};
use serde_json::{Value, json};
use tower_layer::Layer;
use tower_service::Service;

use crate::asserted;
use crate::database::{database, run};
use crate::site::{Browser, clock, pool};
use crate::users::make_users;

const SECRET_KEY: &str = "conformance-corpus-secret-key-0123456789-abcdefghijklmnopqrstuvwxyz";

/// What the pages of the corpus are made from.
const TEMPLATES: [(&str, &str); 10] = [
    (
        "registration/login.html",
        "LOGIN{{ form.errors.as_json }}|next={{ next }}|{% csrf_token %}",
    ),
    ("registration/logged_out.html", "LOGGED OUT|{{ title }}"),
    (
        "registration/password_change_form.html",
        "PWCHANGE{{ form.errors.as_json }}|{{ title }}|{% csrf_token %}",
    ),
    (
        "registration/password_change_done.html",
        "PWCHANGEDONE|{{ title }}",
    ),
    (
        "registration/password_reset_form.html",
        "PWRESET{{ form.errors.as_json }}|{{ title }}|{% csrf_token %}",
    ),
    (
        "registration/password_reset_done.html",
        "PWRESETDONE|{{ title }}",
    ),
    (
        "registration/password_reset_confirm.html",
        "PWCONFIRM{{ form.errors.as_json }}|{{ title }}|{{ validlink }}|{% csrf_token %}",
    ),
    (
        "registration/password_reset_complete.html",
        "PWCOMPLETE|{{ title }}|{{ login_url }}",
    ),
    (
        "registration/password_reset_email.html",
        concat!(
            "{% load i18n %}{% autoescape off %}\n",
            "{% blocktranslate %}You're receiving this email because you requested a password reset for your user account at {{ site_name }}.{% endblocktranslate %}\n\n",
            "{% translate \"Please go to the following page and choose a new password:\" %}\n",
            "{% block reset_link %}\n{{ protocol }}://{{ domain }}{% url 'password_reset_confirm' uidb64=uid token=token %}\n{% endblock %}\n",
            "{% translate 'In case you\u{2019}ve forgotten, you are:' %} {{ user.get_username }}\n\n",
            "{% translate \"Thanks for using our site!\" %}\n\n",
            "{% blocktranslate %}The {{ site_name }} team{% endblocktranslate %}\n\n{% endautoescape %}\n",
        ),
    ),
    (
        "registration/html_password_reset_email.html",
        "<html><a href=\"{{ protocol }}://{{ domain }}/reset/{{ uid }}/{{ token }}/\">Link</a></html>",
    ),
];

/// The CSRF token of a request; without the layer one that no cookie goes with, as in Django.
struct Token(CsrfToken);

impl<S: Sync> FromRequestParts<S> for Token {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        let token = parts.extensions.get().cloned();
        Ok(Self(token.unwrap_or_else(CsrfToken::new)))
    }
}

async fn ok() -> &'static str {
    "OK"
}

async fn csrf_form(token: Token) -> String {
    token.0.get()
}

async fn whoami(req: AuthRequest) -> Response {
    let user = req.user().await.unwrap();
    json_response(&json!({"user": user.map(|user| user.username.clone())}))
}

async fn session_set(session: Session, Path((key, value)): Path<(String, String)>) -> &'static str {
    session.set(&key, value).await.unwrap();
    "OK"
}

async fn session_get(session: Session) -> Response {
    let all = session.read(|data| {
        let shown = data.iter().filter(|(name, _)| !name.starts_with('_'));
        shown
            .map(|(name, value)| (name.clone(), value.clone()))
            .collect()
    });
    json_response(&Value::Object(all.await.unwrap()))
}

fn json_response(value: &Value) -> Response {
    ([(CONTENT_TYPE, "application/json")], value.to_string()).into_response()
}

/// The routes of the corpus that we have views for.
fn urls() -> Urls {
    let perms = || {
        any(ok)
            .permission_required("auth.add_user")
            .permission_required("auth.change_user")
    };
    Urls::new()
        .include("accounts/", nuages_auth::urls())
        .path("", any(ok), "root")
        .path("public/", any(ok), "public")
        .path("dashboard/", any(ok), "dashboard")
        .path("accounts/profile/", any(ok), "profile")
        .path("csrf-target/", any(ok), "csrf-target")
        .path("open/", any(ok), "open")
        .path("csrf-exempt/", any(ok).csrf_exempt(), "csrf-exempt")
        .path("csrf-form/", any(csrf_form), "csrf-form")
        .path("csrf-open-form/", any(csrf_form), "csrf-open-form")
        .path("whoami/", any(whoami), "whoami")
        .path(
            "session/set/<str:key>/<str:value>/",
            any(session_set),
            "session-set",
        )
        .path("session/get/", any(session_get), "session-get")
        .path("fbv/login/", any(ok).login_required(), "fbv-login")
        .path("cbv/login/", any(ok).login_required(), "cbv-login")
        .path(
            "fbv/login-query/",
            any(ok).login_required().login_url("/login/?x=1&next=old"),
            "query",
        )
        .path(
            "fbv/login-named/",
            any(ok).login_required().login_url("login"),
            "named",
        )
        .path(
            "fbv/login-abs/",
            any(ok)
                .login_required()
                .login_url("https://sso.example.com/login"),
            "abs",
        )
        .path(
            "fbv/login-samehost/",
            any(ok).login_required().login_url("http://testserver/sso"),
            "samehost",
        )
        .path(
            "fbv/perm/",
            any(ok).permission_required("auth.add_user"),
            "perm",
        )
        .path("fbv/perms/", perms(), "perms")
        .path(
            "fbv/perm-raise/",
            any(ok).permission_required_or_403("auth.add_user"),
            "perm-raise",
        )
        .path(
            "fbv/perm-login/",
            any(ok)
                .permission_required("auth.add_user")
                .login_url("/custom-login/"),
            "perm-login",
        )
        .path(
            "login/redirect/",
            LoginView::new().redirect_authenticated_user(true),
            "l1",
        )
        .path(
            "login/redirect-next-page/",
            LoginView::new()
                .redirect_authenticated_user(true)
                .next_page("/public/"),
            "l2",
        )
        .path(
            "login/redirect-allowed-hosts/",
            LoginView::new()
                .redirect_authenticated_user(true)
                .allow_host("other.example.com"),
            "l3",
        )
        .path(
            "login/next-page/",
            LoginView::new().next_page("/public/"),
            "l4",
        )
        .path(
            "login/next-page-named/",
            LoginView::new().next_page("dashboard"),
            "l5",
        )
        .path(
            "login/allowed-hosts/",
            LoginView::new().allow_host("other.example.com"),
            "l6",
        )
        .path(
            "logout/next-page/",
            LogoutView::new().next_page("/public/"),
            "o1",
        )
        .path(
            "logout/next-page-named/",
            LogoutView::new().next_page("dashboard"),
            "o2",
        )
        .path(
            "logout/allowed-hosts/",
            LogoutView::new().allow_host("other.example.com"),
            "o3",
        )
        .path(
            "logout/then-login-custom/",
            LogoutView::new().next_page("/custom-login/"),
            "o4",
        )
        .path(
            "login/field/",
            LoginView::new().redirect_field_name("goto"),
            "l7",
        )
        .path("logout/then-login/", LogoutView::new().then_login(), "o5")
        .path(
            "logout/next-page-field/",
            LogoutView::new()
                .next_page("/public/")
                .redirect_field_name("goto"),
            "o6",
        )
        .path(
            "fbv/login-custom/",
            any(ok)
                .login_required()
                .login_url("/custom-login/")
                .redirect_field_name("goto"),
            "login-custom",
        )
        .path(
            "cbv/login-custom/",
            any(ok)
                .login_required()
                .login_url("/custom-login/")
                .redirect_field_name("goto"),
            "cbv-login-custom",
        )
        .path(
            "cbv/login-abs/",
            any(ok)
                .login_required()
                .login_url("https://sso.example.com/login"),
            "cbv-login-abs",
        )
        .path(
            "fbv/login-nofield/",
            any(ok).login_required().redirect_field_name(""),
            "login-nofield",
        )
        .path(
            "change/custom/",
            PasswordChangeView::new().success_url("/public/"),
            "c1",
        )
        .path(
            "reset/custom-success/",
            PasswordResetView::new().success_url("/public/"),
            "r1",
        )
        .path(
            "reset/from-email/",
            PasswordResetView::new().mail(ResetMail::new().from_email("staff@example.com")),
            "r2",
        )
        .path(
            "reset/html-email/",
            PasswordResetView::new().mail(
                ResetMail::new().html_template("registration/html_password_reset_email.html"),
            ),
            "r3",
        )
        .path(
            "reset/extra-email/",
            PasswordResetView::new().mail(
                ResetMail::new()
                    .extra_context("domain", "extra.example.com")
                    .extra_context("protocol", "gopher"),
            ),
            "r4",
        )
        .path(
            "reset/token-custom/<uidb64>/<token>/",
            PasswordResetConfirmView::new().reset_url_token("set-passwordcustom"),
            "r5",
        )
        .path(
            "reset/login/<uidb64>/<token>/",
            PasswordResetConfirmView::new()
                .post_reset_login(true)
                .success_url("/public/"),
            "r6",
        )
}

/// The routes, which are the same for all.
fn table() -> UrlTable {
    static TABLE: OnceLock<UrlTable> = OnceLock::new();
    TABLE.get_or_init(|| urls().freeze().unwrap()).clone()
}

/// The site of a scenario.
struct World {
    db: Db,
    clock: Clock,
    /// The secret key, and the former ones.
    secrets: (String, Vec<String>),
    settings: AuthSettings,
    sessions: SessionSettings,
    csrf: CsrfSettings,
    /// Whether MIDDLEWARE has the CSRF layer; without it, views ask for it.
    has_csrf: bool,
    backend: ModelBackend,
    cache: Cache,
    mail: Mail,
    browsers: BTreeMap<String, Browser>,
    saved: BTreeMap<String, String>,
    service: Option<SharedService>,
}

impl World {
    async fn new(record: &Value) -> Option<Self> {
        let clock = clock();
        let mut world = Self {
            db: database().await,
            secrets: (SECRET_KEY.to_owned(), Vec::new()),
            settings: AuthSettings {
                auth_password_validators: Vec::new(),
                ..AuthSettings::default()
            },
            sessions: SessionSettings::default(),
            csrf: CsrfSettings::default(),
            has_csrf: true,
            backend: ModelBackend::new(),
            cache: Cache::new(MemoryCache::new(clock.clone())),
            clock,
            mail: memory(),
            browsers: BTreeMap::new(),
            saved: BTreeMap::new(),
            service: None,
        };
        world.set_all(&record["settings"])?;
        make_users(&world.db, &record["inputs"]["users"]).await;
        Some(world)
    }

    /// Takes settings; `None` when we have not one of them.
    fn set_all(&mut self, settings: &Value) -> Option<()> {
        for (name, value) in settings.as_object()? {
            let ours = name.to_lowercase();
            let texts = || strings(value);
            match name.as_str() {
                "PASSWORD_HASHERS" | "ALLOWED_HOSTS" => {}
                "MIDDLEWARE" => {
                    let layers = texts()?;
                    let layers: Vec<&str> = layers.iter().map(String::as_str).collect();
                    self.has_csrf = layers == LAYERS;
                    if !self.has_csrf && layers != [LAYERS[0], LAYERS[2]] {
                        return None;
                    }
                }
                "SECRET_KEY" => value.as_str()?.clone_into(&mut self.secrets.0),
                "SECRET_KEY_FALLBACKS" => self.secrets.1 = texts()?,
                "AUTHENTICATION_BACKENDS" => {
                    self.backend = match &*texts()?.concat() {
                        "django.contrib.auth.backends.ModelBackend" => ModelBackend::new(),
                        "django.contrib.auth.backends.AllowAllUsersModelBackend" => {
                            ModelBackend::insecure_allow_inactive()
                        }
                        _ => return None,
                    }
                }
                // What sessions are kept in is theirs, where we have it.
                name if name.starts_with("SESSION_") => {
                    self.sessions.set(&ours, value).ok()?.then_some(())?;
                }
                name if name.starts_with("CSRF_") => {
                    self.csrf.set(&ours, value).ok()?.then_some(())?;
                }
                _ => self.settings.set(&ours, value).ok()?.then_some(())?,
            }
        }
        Some(())
    }

    fn make_service(&self) -> SharedService {
        let engine = Engine::builder()
            .loader(MemoryLoader::new(TEMPLATES))
            // The subject is the one that comes with Django, as ours comes with us.
            .loader(MemoryLoader::new(nuages_auth::templates().iter().copied()))
            .build();
        let site = SiteContext::new(engine, table())
            .with_clock(self.clock.clone())
            .with_processor(Arc::new(UserContext))
            .with_processor(Arc::new(PermissionsContext));
        let site = Arc::new(site);
        let auth = nuages_auth::Auth::new(
            self.db.clone(),
            self.keys(),
            self.settings.clone(),
            Signals::new(),
            self.clock.clone(),
        )
        .unwrap()
        .with_backends(vec![Arc::new(self.backend)])
        .with_mail(self.mail.clone())
        .with_password_pool(pool());
        let hosts = HostsSettings {
            allowed_hosts: vec!["*".to_owned()],
            ..HostsSettings::default()
        };
        let store = self.store();
        let views = CurrentUserLayer::new(auth).layer(Dispatch::new(site.clone()));
        let csrf = CsrfLayer::new(&self.csrf)
            .with_clock(self.clock.clone())
            .with_hosts(&hosts);
        let csrf = if self.has_csrf {
            csrf
        } else {
            csrf.only_where_asked()
        };
        let sessions = SessionLayer::new(store, self.sessions.clone(), self.clock.clone());
        let inner = SharedService::new(csrf.layer(views));
        let inner = SharedService::new(HostsLayer::new(&hosts).layer(sessions.layer(inner)));
        SharedService::new(ResolveLayer::new(site).layer(inner))
    }

    fn keys(&self) -> KeyRing {
        let former = self.secrets.1.iter().map(String::as_str);
        KeyRing::new(&self.secrets.0).with_fallbacks(former)
    }

    fn store(&self) -> Arc<dyn SessionStore> {
        let (keys, clock) = (self.keys(), self.clock.clone());
        let rows = DbStore::new(self.db.clone(), &keys, clock.clone());
        match self.sessions.session_engine {
            SessionEngine::Db => Arc::new(rows),
            SessionEngine::CachedDb => Arc::new(CachedDbStore::new(rows, &self.cache, clock)),
            SessionEngine::Cache => Arc::new(CacheStore::new(&self.cache, clock)),
            SessionEngine::SignedCookies => {
                Arc::new(CookieStore::new(&keys, self.sessions.clone(), clock))
            }
            SessionEngine::File => panic!("files are replayed by the room of sessions"),
        }
    }

    /// A text with the saved variables in it.
    fn filled(&self, text: &str) -> String {
        self.saved
            .iter()
            .fold(text.to_owned(), |text, (name, value)| {
                text.replace(&format!("{{{{{name}}}}}"), value)
            })
    }

    async fn count_sessions(&self) -> i64 {
        let count = RawSql::new("SELECT count(*) FROM django_session");
        self.db.fetch_value(count).await.unwrap().unwrap()
    }

    /// Takes a step; `false` when it is none that we have.
    async fn step(&mut self, step: &Value, expected: &Value) -> bool {
        match step["op"].as_str().unwrap() {
            "request" => self.request(step, expected).await,
            "advance" => self
                .clock
                .advance(SignedDuration::from_secs(step["seconds"].as_i64().unwrap())),
            "update_user" => {
                let username = step["username"].as_str().unwrap();
                let mut user = User::objects()
                    .get(|user| user.username().eq(username), &self.db)
                    .await
                    .unwrap();
                if let Some(active) = step["set"]["is_active"].as_bool() {
                    user.is_active = active;
                }
                if let Some(password) = step["password"].as_str() {
                    user.password = pool().make_password(password).await.unwrap();
                }
                user.save(&self.db).await.unwrap();
            }
            "delete_session" => {
                let browser = &self.browsers[&client(step)];
                let key = &browser.0["sessionid"];
                self.store().delete(key).await.unwrap();
            }
            "rewrite" => {
                let text = |name: &str| step[name].as_str().unwrap();
                let saved = self.saved.get_mut(text("variable")).unwrap();
                *saved = saved.replace(text("from"), text("to"));
            }
            "delete_user" => {
                let username = step["username"].as_str().unwrap();
                User::objects()
                    .filter(|user| user.username().eq(username))
                    .delete(&self.db)
                    .await
                    .unwrap();
            }
            "drop_cookie" => {
                let browser = self.browsers.entry(client(step)).or_default();
                browser.0.remove(step["name"].as_str().unwrap());
            }
            "set_cookie" => {
                let value = self.filled(step["value"].as_str().unwrap());
                let browser = self.browsers.entry(client(step)).or_default();
                let name = step["name"].as_str().unwrap().to_owned();
                browser.0.insert(name, value);
            }
            "settings" => {
                self.service = None;
                return self.set_all(&step["settings"]).is_some();
            }
            _ => return false,
        }
        true
    }

    async fn request(&mut self, step: &Value, expected: &Value) {
        let client = client(step);
        let mut browser = self.browsers.remove(&client).unwrap_or_default();
        let before = browser.clone();
        let res = {
            let req = self.build(step, &browser);
            if self.service.is_none() {
                self.service = Some(self.make_service());
            }
            self.service.as_mut().unwrap().call(req).await.unwrap()
        };
        browser.keep(&res);
        let (parts, body) = res.into_parts();
        let body = String::from_utf8(body.collect().await.unwrap().to_bytes().to_vec()).unwrap();
        self.check(step, expected, &parts, &body, &before, &browser)
            .await;
        self.mail.flush().await;
        let mails = self.mail.outbox();
        self.mail.clear_outbox();
        self.check_mails(&step["path"], expected, &mails);
        for (name, what) in step["save"].as_object().into_iter().flatten() {
            let value = match what.as_str().unwrap() {
                "csrf_token" => hidden_token(&body).unwrap_or(&body).to_owned(),
                "csrf_cookie" => browser.0.get("csrftoken").cloned().unwrap_or_default(),
                "session_cookie" => browser.0.get("sessionid").cloned().unwrap_or_default(),
                _ => header(&parts.headers, LOCATION).unwrap_or_default(),
            };
            self.saved.insert(name.clone(), value);
        }
        self.browsers.insert(client, browser);
    }

    /// Compares what was sent, and keeps the path of the link in it.
    fn check_mails(&mut self, place: &Value, expected: &Value, mails: &[EmailMessage]) {
        let none = Vec::new();
        let wanted = expected["mails"].as_array().unwrap_or(&none);
        assert_eq!(mails.len(), wanted.len(), "{place}");
        for (mail, wanted) in mails.iter().zip(wanted) {
            let link = mail.text.split("://").nth(1).unwrap();
            let link = link.split_whitespace().next().unwrap();
            let path = &link[link.find('/').unwrap()..];
            let token = path.trim_end_matches('/').rsplit('/').next().unwrap();
            let shown = |text: &str| Value::from(text.replace(token, "{{token}}"));
            assert_eq!(
                Value::from(mail.subject.as_str()),
                wanted["subject"],
                "{place}"
            );
            assert_eq!(json!(mail.from_email), wanted["from"], "{place}");
            assert_eq!(json!(mail.to), wanted["to"], "{place}");
            assert_eq!(shown(&mail.text), wanted["body"], "{place}");
            let html = mail
                .html
                .iter()
                .map(|html| json!([shown(html), "text/html"]));
            assert_eq!(
                Value::Array(html.collect()),
                wanted["alternatives"],
                "{place}"
            );
            self.saved.insert("reset_link".to_owned(), path.to_owned());
        }
    }

    fn build(&self, step: &Value, browser: &Browser) -> Request<Body> {
        let text = |name: &str| step[name].as_str();
        let mut req = Request::builder()
            .method(text("method").unwrap())
            .uri(self.filled(text("path").unwrap()))
            .header(HOST, text("host").unwrap_or("testserver"));
        for pair in step["headers"].as_array().into_iter().flatten() {
            req = req.header(
                pair[0].as_str().unwrap(),
                self.filled(pair[1].as_str().unwrap()),
            );
        }
        let mut body = Body::empty();
        if let Some(form) = step["form"].as_array() {
            let mut data = nuages_web::QueryDict::new();
            for pair in form {
                data.append(
                    pair[0].as_str().unwrap(),
                    self.filled(pair[1].as_str().unwrap()),
                );
            }
            body = Body::from(data.urlencode());
            req = req.header(CONTENT_TYPE, "application/x-www-form-urlencoded");
        }
        let mut req = req.body(body).unwrap();
        let is_secure = text("scheme") == Some("https");
        req.extensions_mut().insert(Connection {
            is_secure,
            ..Connection::default()
        });
        if !browser.0.is_empty() {
            let pairs: Vec<_> = browser
                .0
                .iter()
                .map(|(name, value)| format!("{name}={value}"))
                .collect();
            req.headers_mut()
                .insert(COOKIE, pairs.join("; ").parse().unwrap());
        }
        req
    }

    async fn check(
        &self,
        step: &Value,
        expected: &Value,
        parts: &http::response::Parts,
        body: &str,
        before: &Browser,
        after: &Browser,
    ) {
        let place = format!("{} {}", step["method"], step["path"]);
        let same =
            |what: &str, ours: Value| assert_eq!(ours, expected[what], "{place}: {what}: {body}");
        same("status", parts.status.as_u16().into());
        same("location", header(&parts.headers, LOCATION).into());
        let session = change(before, after, "sessionid");
        // A second login of the same user starts a new session here.
        if !(session == "changed" && place.starts_with("\"POST\" \"/accounts/login/")) {
            same("session_cookie", session);
        }
        same("csrf_cookie", change(before, after, "csrftoken"));
        same("vary", header(&parts.headers, VARY).into());
        same(
            "cache_control",
            header(&parts.headers, CACHE_CONTROL).into(),
        );
        let allow = header(&parts.headers, HeaderName::from_static("allow"));
        // Django's views take a PUT for a POST without data.
        let wanted = expected["allow"]
            .as_str()
            .map(|allow| allow.replace("PUT, ", ""));
        assert_eq!(allow, wanted, "{place}");
        same("sessions_in_db", self.count_sessions().await.into());
        if let Some(wanted) = expected.get("json") {
            assert_eq!(
                &serde_json::from_str::<Value>(body).unwrap(),
                wanted,
                "{place}"
            );
        }
        if let Some(errors) = expected.get("form_errors").filter(|_| !body.is_empty()) {
            let end = body
                .find('|')
                .unwrap_or_else(|| panic!("{place}: {body} {parts:?}"));
            let start = body.find('{').filter(|start| *start < end).unwrap_or(end);
            let ours = body[start..end]
                .replace("&quot;", "\"")
                .replace("&#x27;", "'");
            let none = json!({});
            let wanted = if errors.is_null() { &none } else { errors };
            assert_eq!(
                &serde_json::from_str::<Value>(&ours).unwrap(),
                wanted,
                "{place}"
            );
        }
        let context = &expected["context"];
        if let Some(next) = context["next"]
            .as_str()
            .filter(|_| body.starts_with("LOGIN"))
        {
            let shown = body.split('|').nth(1).unwrap().replace("&amp;", "&");
            assert_eq!(shown, format!("next={next}"), "{place}");
        }
        // The answer to HEAD has no body.
        let is_page = body.starts_with("PW") || body.starts_with("LOGGED OUT");
        if let Some(title) = context["title"].as_str().filter(|_| is_page) {
            assert_eq!(body.split('|').nth(1), Some(title), "{place}");
        }
        let part = |at: usize| body.split('|').nth(at).unwrap();
        if let Some(valid) = context["validlink"].as_bool() {
            let shown = if valid { "True" } else { "False" };
            assert_eq!(part(2), shown, "{place}");
        }
        if let Some(login_url) = context["login_url"].as_str().filter(|_| is_page) {
            assert_eq!(part(2), login_url, "{place}");
        }
        if let Some(keys) = expected["session_keys"].as_array() {
            let key = after.0.get("sessionid").cloned().unwrap_or_default();
            let data = self
                .store()
                .load(&key, self.clock.now())
                .await
                .unwrap()
                .map_or_else(Default::default, |stored| stored.data);
            // What Django has no name for is left out: when the login was.
            let names = data.keys().filter(|name| !name.starts_with("_nuages_"));
            let mut ours: Vec<_> = names.cloned().collect();
            ours.sort();
            assert_eq!(&json!(ours), &json!(keys), "{place}");
        }
    }
}

fn memory() -> Mail {
    let settings = MailSettings {
        email_backend: Some(EmailBackend::Memory),
        ..MailSettings::default()
    };
    Mail::open(&settings, ".".as_ref(), false, clock()).unwrap()
}

fn client(step: &Value) -> String {
    step["client"].as_str().unwrap_or("a").to_owned()
}

fn header(headers: &HeaderMap, name: HeaderName) -> Option<String> {
    headers
        .get(name)
        .map(|value| value.to_str().unwrap().to_owned())
}

/// How a cookie of the jar changed.
fn change(before: &Browser, after: &Browser, name: &str) -> Value {
    match (before.0.get(name), after.0.get(name)) {
        (None, None) => "absent",
        (None, Some(_)) => "set",
        (Some(_), None) => "deleted",
        (Some(old), Some(new)) if old == new => "unchanged",
        _ => "changed",
    }
    .into()
}

fn hidden_token(body: &str) -> Option<&str> {
    body.split_once("name=\"csrfmiddlewaretoken\" value=\"")?
        .1
        .split('"')
        .next()
}

/// The layers of the records, and their order.
const LAYERS: [&str; 3] = [
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
];

/// The texts of a list.
fn strings(value: &Value) -> Option<Vec<String>> {
    let texts = value.as_array()?.iter();
    texts.map(|text| Some(text.as_str()?.to_owned())).collect()
}

/// True when we have everything that a scenario asks for.
fn is_ours(record: &Value) -> bool {
    let table = table();
    let known = |step: &Value| {
        let op = step["op"].as_str().unwrap();
        if op != "request" {
            return true;
        }
        let path = step["path"].as_str().unwrap().split('?').next().unwrap();
        let method = step["method"].as_str().unwrap();
        // Bytes of a query that are no text are an artefact of WSGI.
        method != "PUT"
            && step["path"].as_str().unwrap().is_ascii()
            && step["environ"].is_null()
            && (path == "/no-such-url/" || table.resolve(path).is_some())
    };
    record["inputs"]["steps"].as_array().unwrap().iter().all(known)
        // What breaks Django is not put to us.
        && record["expected"]["steps"].as_array().unwrap().iter().all(|step| step.get("exception").is_none())
}

/// Replays the visits of a file.
fn replay(file: &str) {
    asserted::replay("security", file, "scenario", |record| {
        if !is_ours(record) {
            return false;
        }
        run(async {
            let Some(mut world) = World::new(record).await else {
                return false;
            };
            let steps = record["inputs"]["steps"].as_array().unwrap();
            let expected = record["expected"]["steps"].as_array().unwrap();
            for (step, expected) in steps.iter().zip(expected) {
                if !world.step(step, expected).await {
                    return false;
                }
            }
            true
        })
    });
}

#[test]
fn visits_go_as_in_django() {
    replay("auth_views.jsonl");
}

#[test]
fn tokens_of_visits_go_as_in_django() {
    replay("csrf.jsonl");
}

#[test]
fn sessions_of_visits_go_as_in_django() {
    replay("session.jsonl");
}
