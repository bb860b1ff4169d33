//! The login page, reached as visitors reach it.

use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, OnceLock};

use axum::extract::ConnectInfo;
use axum_core::body::Body;
use http::header::{CONTENT_TYPE, HOST};
use http::{HeaderMap, Request, StatusCode};
use http_body_util::BodyExt as _;
use nuages_auth::backends::Backend;
use nuages_auth::passwords::{Hashers, PasswordPool};
use nuages_auth::{
    Auth, AuthSettings, CurrentUser, CurrentUserLayer, PermissionsContext, User, UserContext,
    UserCreationForm,
};
use nuages_base::{Clock, Signals};
use nuages_crypto::KeyRing;
use nuages_db::{Db, DbSettings};
use nuages_forms::FormData;
use nuages_migrations::{Executor, Target};
use nuages_security::csrf::CsrfToken;
use nuages_security::hosts::HostsSettings;
use nuages_sessions::{MemoryStore, MessagesContext, SessionLayer, SessionSettings};
use nuages_template::{Engine, MemoryLoader};
use nuages_web::{Dispatch, ResolveLayer, SharedService, SiteContext, Urls, any, get};
use tower_layer::Layer;
use tower_service::Service;

use crate::database::{all_migrations, database};
use crate::site::clock;

pub(super) const PASSWORD: &str = "correct horse battery";

/// A site with the login page, and the users behind it.
#[derive(Clone)]
pub(super) struct Door {
    pub(super) auth: Auth,
    pub(super) signals: Signals,
    pub(super) clock: Clock,
    service: SharedService,
}

/// What a visitor was told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Answer {
    pub(super) status: StatusCode,
    pub(super) headers: HeaderMap,
    pub(super) body: String,
}

/// What makes a door.
pub(super) struct Plan {
    pub(super) db: Db,
    pub(super) hashers: Hashers,
    pub(super) settings: AuthSettings,
    pub(super) hosts: HostsSettings,
    /// Threads and places in the queue of the hashers.
    pub(super) pool: (usize, usize),
}

impl Plan {
    pub(super) async fn new(hashers: Hashers) -> Self {
        Self::on(database().await, hashers)
    }

    pub(super) fn on(db: Db, hashers: Hashers) -> Self {
        Self {
            db,
            hashers,
            settings: AuthSettings::default(),
            hosts: HostsSettings::default(),
            pool: (2, 1000),
        }
    }

    /// Without a limit of failures.
    pub(super) fn without_throttle(mut self) -> Self {
        self.settings.login_failure_limit = 0;
        self.settings.login_failure_limit_per_account = 0;
        self
    }

    pub(super) fn open(self) -> Door {
        let (signals, clock) = (Signals::new(), clock());
        let auth = Auth::new(
            self.db,
            KeyRing::new("a secret key"),
            self.settings,
            signals.clone(),
            clock.clone(),
        )
        .unwrap()
        .with_password_pool(PasswordPool::new(self.hashers, self.pool.0, self.pool.1));
        Door {
            service: service(&auth, &self.hosts, &clock),
            auth,
            signals,
            clock,
        }
    }
}

async fn register(auth: Auth, data: FormData) -> String {
    let made = UserCreationForm::bound(&auth, &data).save(&auth).await;
    match made.unwrap() {
        Ok(user) => user.username,
        Err(form) => format!("{:?}", form.as_form().errors()),
    }
}

async fn whoami(user: Option<CurrentUser>) -> String {
    user.map_or_else(|| "nobody".to_owned(), |user| user.username.clone())
}

/// What a careless view does: it keeps the first user for everybody.
async fn first(user: Option<CurrentUser>) -> String {
    static FIRST: OnceLock<String> = OnceLock::new();
    let name = whoami(user).await;
    FIRST.get_or_init(|| name).clone()
}

fn service(auth: &Auth, hosts: &HostsSettings, clock: &Clock) -> SharedService {
    let engine = Engine::builder()
        .loader(MemoryLoader::new(nuages_auth::templates().iter().copied()))
        .build();
    let urls = Urls::new()
        .include("accounts/", nuages_auth::urls())
        .path("register/", any(register), "register")
        .path("whoami/", get(whoami), "whoami")
        .path("whoever-came-first/", get(first), "first")
        .path(
            "secret/",
            get(async || "secret").permission_required_or_403("auth.view_user"),
            "secret",
        )
        .path("healthz", get(async || "ok"), "healthz")
        .freeze()
        .unwrap();
    let site = SiteContext::new(engine, urls)
        .with_clock(clock.clone())
        .with_processor(Arc::new(UserContext))
        .with_processor(Arc::new(PermissionsContext))
        .with_processor(Arc::new(MessagesContext));
    let site = Arc::new(site);
    let sessions = SessionLayer::new(
        Arc::new(MemoryStore::new()),
        SessionSettings::default(),
        clock.clone(),
    );
    let users = CurrentUserLayer::with_hosts(auth.clone(), hosts);
    let views = users.layer(Dispatch::new(site.clone()));
    SharedService::new(ResolveLayer::new(site).layer(sessions.layer(views)))
}

impl Door {
    pub(super) async fn of(hashers: Hashers) -> Self {
        Plan::new(hashers).await.open()
    }

    /// The same site with other backends.
    pub(super) fn with_backends(self, backends: Vec<Arc<dyn Backend>>) -> Self {
        let auth = self.auth.with_backends(backends);
        Self {
            service: service(&auth, &HostsSettings::default(), &self.clock),
            auth,
            ..self
        }
    }

    pub(super) async fn user(&self, username: &str) -> User {
        let users = self.auth.users();
        users.create_user(username, "", PASSWORD).await.unwrap()
    }

    /// One request from an address.
    pub(super) async fn send(&self, from: &str, mut req: Request<Body>) -> Answer {
        let address: IpAddr = from.parse().unwrap();
        let peer = ConnectInfo(SocketAddr::new(address, 4711));
        req.headers_mut()
            .insert(HOST, "testserver".parse().unwrap());
        req.extensions_mut().insert(peer);
        req.extensions_mut().insert(CsrfToken::new());
        let (parts, body) = self.service.clone().call(req).await.unwrap().into_parts();
        let body = body.collect().await.unwrap().to_bytes();
        Answer {
            status: parts.status,
            headers: parts.headers,
            body: String::from_utf8(body.to_vec()).unwrap(),
        }
    }

    pub(super) async fn get(&self, path: &str) -> Answer {
        let req = Request::builder().uri(path).body(Body::empty()).unwrap();
        self.send("127.0.0.1", req).await
    }

    /// Posts something to the login page.
    pub(super) async fn post(&self, content_type: &str, body: impl Into<Body>) -> Answer {
        let req = Request::post("/accounts/login/")
            .header(CONTENT_TYPE, content_type)
            .body(body.into())
            .unwrap();
        self.send("127.0.0.1", req).await
    }

    /// Tries to log in.
    pub(super) async fn login(&self, from: &str, username: &str, password: &str) -> Answer {
        self.login_with(from, &[], username, password).await
    }

    /// Tries to log in, with more headers.
    pub(super) async fn login_with(
        &self,
        from: &str,
        headers: &[(&str, &str)],
        username: &str,
        password: &str,
    ) -> Answer {
        let mut form = nuages_web::QueryDict::new();
        form.append("username", username);
        form.append("password", password);
        let mut req = Request::post("/accounts/login/")
            .header(CONTENT_TYPE, "application/x-www-form-urlencoded");
        for (name, value) in headers {
            req = req.header(*name, *value);
        }
        let req = req.body(Body::from(form.urlencode())).unwrap();
        self.send(from, req).await
    }
}

impl Answer {
    pub(super) fn is_in(&self) -> bool {
        self.status == StatusCode::FOUND
    }

    pub(super) fn retry_after(&self) -> Option<u64> {
        let header = self.headers.get("retry-after")?;
        header.to_str().ok()?.parse().ok()
    }
}

/// A database in a file, for several processes, removed with this.
pub(super) struct DbFile(std::path::PathBuf);

impl DbFile {
    pub(super) async fn new(name: &str) -> Self {
        let name = format!("nuages-auth-{name}-{}.sqlite3", std::process::id());
        let file = Self(std::env::temp_dir().join(name));
        let executor = Executor::new(&all_migrations()).unwrap();
        let db = file.open().await;
        executor.run(&db, &Target::All).await.unwrap();
        file
    }

    pub(super) async fn open(&self) -> Db {
        let url = format!("sqlite:///{}", self.0.display());
        Db::connect(&DbSettings::new(url)).await.unwrap()
    }
}

impl Drop for DbFile {
    fn drop(&mut self) {
        for end in ["", "-wal", "-shm"] {
            let _ = std::fs::remove_file(format!("{}{end}", self.0.display()));
        }
    }
}
