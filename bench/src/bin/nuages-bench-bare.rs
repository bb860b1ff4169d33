//! The limit: bare axum, and SQLite by hand. It reads what a page behind sessions and a login must read, and no more.
//!
//! Each thread keeps a connection with prepared statements, so nothing is shared and nothing waits.
#![expect(
    clippy::disallowed_methods,
    reason = "a server for measuring takes its settings from the environment, as its contract says"
)]

use std::cell::OnceCell;
use std::io::Read;
use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::http::header::{CONTENT_TYPE, COOKIE, VARY};
use axum::http::{HeaderMap, HeaderName, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::serve::ListenerExt;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit, Mac};
use rusqlite::{Connection, OptionalExtension};
use sha2::{Digest, Sha256};

/// The keys, derived once: one for session data, one for the hash that ties a session to a password.
struct Site {
    database: String,
    session: Hmac<Sha256>,
    password: Hmac<Sha256>,
}

struct User {
    password: String,
    username: String,
    is_active: bool,
    /// Read, because the framework beside us reads the whole row.
    _rest: (
        i64,
        Option<String>,
        bool,
        String,
        String,
        String,
        bool,
        String,
    ),
}

#[derive(serde::Deserialize)]
struct Login {
    #[serde(rename = "_auth_user_id")]
    user: String,
    #[serde(rename = "_auth_user_hash")]
    hash: String,
}

const SESSION: &str =
    "SELECT session_data FROM django_session WHERE session_key = ?1 AND expire_date > ?2";
const USER: &str = "SELECT password, username, is_active, id, last_login, is_superuser, first_name, \
                    last_name, email, is_staff, date_joined FROM auth_user WHERE id = ?1";

thread_local! {
    static CONNECTION: OnceCell<Connection> = const { OnceCell::new() };
}

fn keyed(salt: &str, secret: &str) -> Hmac<Sha256> {
    let key = Sha256::new()
        .chain_update(salt)
        .chain_update(secret)
        .finalize();
    // HMAC pads a short key with zeros to its block.
    let mut block = [0; 64];
    block[..32].copy_from_slice(&key);
    Hmac::new(&block.into())
}

impl Site {
    fn with_database<T>(
        &self,
        read: impl FnOnce(&Connection) -> rusqlite::Result<T>,
    ) -> rusqlite::Result<T> {
        CONNECTION.with(|cell| {
            if let Some(connection) = cell.get() {
                return read(connection);
            }
            let connection = Connection::open(&self.database)?;
            connection.execute_batch("PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL")?;
            read(cell.get_or_init(|| connection))
        })
    }

    /// The user of the session, if its data is ours and its password hash is still the user's.
    fn user(&self, key: &str) -> rusqlite::Result<Option<User>> {
        self.with_database(|database| {
            let now = jiff::Timestamp::now().strftime("%Y-%m-%d %H:%M:%S%.6f");
            let data: Option<String> = database
                .prepare_cached(SESSION)?
                .query_row((key, now.to_string()), |row| row.get(0))
                .optional()?;
            let Some(login) = data.and_then(|data| self.login(&data)) else {
                return Ok(None);
            };
            let Ok(id) = login.user.parse::<i64>() else {
                return Ok(None);
            };
            let user = database
                .prepare_cached(USER)?
                .query_row([id], |row| {
                    Ok(User {
                        password: row.get(0)?,
                        username: row.get(1)?,
                        is_active: row.get(2)?,
                        _rest: (
                            row.get(3)?,
                            row.get(4)?,
                            row.get(5)?,
                            row.get(6)?,
                            row.get(7)?,
                            row.get(8)?,
                            row.get(9)?,
                            row.get(10)?,
                        ),
                    })
                })
                .optional()?;
            Ok(user.filter(|user| user.is_active && self.is_hash_of(&user.password, &login.hash)))
        })
    }

    /// Checks `data:time:signature` and reads the data.
    fn login(&self, signed: &str) -> Option<Login> {
        let (stamped, signature) = signed.rsplit_once(':')?;
        let signature = URL_SAFE_NO_PAD.decode(signature).ok()?;
        let mut mac = self.session.clone();
        mac.update(stamped.as_bytes());
        mac.verify_slice(&signature).ok()?;
        let (data, _) = stamped.rsplit_once(':')?;
        match data.strip_prefix('.') {
            None => serde_json::from_slice(&URL_SAFE_NO_PAD.decode(data).ok()?).ok(),
            Some(compressed) => {
                let compressed = URL_SAFE_NO_PAD.decode(compressed).ok()?;
                let mut json = Vec::new();
                let mut reader = flate2::read::ZlibDecoder::new(compressed.as_slice());
                reader.read_to_end(&mut json).ok()?;
                serde_json::from_slice(&json).ok()
            }
        }
    }

    fn is_hash_of(&self, password: &str, hash: &str) -> bool {
        let Some(hash) = unhex(hash) else {
            return false;
        };
        let mut mac = self.password.clone();
        mac.update(password.as_bytes());
        mac.verify_slice(&hash).is_ok()
    }
}

fn unhex(text: &str) -> Option<Vec<u8>> {
    if text.len() % 2 == 1 || !text.is_ascii() {
        return None;
    }
    let pairs = (0..text.len()).step_by(2);
    pairs
        .map(|at| u8::from_str_radix(&text[at..at + 2], 16).ok())
        .collect()
}

fn session_key(headers: &HeaderMap) -> Option<&str> {
    let cookies = headers.get(COOKIE)?.to_str().ok()?;
    cookies
        .split(';')
        .find_map(|cookie| cookie.trim().strip_prefix("sessionid="))
}

const HEADERS: [(HeaderName, &str); 6] = [
    (CONTENT_TYPE, "application/json"),
    (HeaderName::from_static("x-frame-options"), "DENY"),
    (HeaderName::from_static("x-content-type-options"), "nosniff"),
    (HeaderName::from_static("referrer-policy"), "same-origin"),
    (
        HeaderName::from_static("cross-origin-opener-policy"),
        "same-origin",
    ),
    (VARY, "Cookie"),
];

async fn hello(State(site): State<Arc<Site>>, headers: HeaderMap) -> Response {
    let user = match session_key(&headers).map(|key| site.user(key)) {
        Some(Ok(Some(user))) => user,
        Some(Err(_)) => return StatusCode::INTERNAL_SERVER_ERROR.into_response(),
        _ => return StatusCode::UNAUTHORIZED.into_response(),
    };
    let body = serde_json::json!({"message": "Hello, World!", "user": user.username});
    (HEADERS, body.to_string()).into_response()
}

async fn raw() -> Response {
    let body = serde_json::json!({"message": "Hello, World!"});
    ([(CONTENT_TYPE, "application/json")], body.to_string()).into_response()
}

#[tokio::main(worker_threads = 2)]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let secret = std::env::var("SECRET_KEY")?;
    let url = std::env::var("DATABASE_URL")?;
    let site = Arc::new(Site {
        database: url.strip_prefix("sqlite:///").unwrap_or(&url).to_owned(),
        session: keyed("django.contrib.sessions.SessionStoresigner", &secret),
        password: keyed(
            "django.contrib.auth.models.AbstractBaseUser.get_session_auth_hash",
            &secret,
        ),
    });
    let port: u16 = std::env::var("PORT")?.parse()?;
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", port)).await?;
    let listener = listener.tap_io(|stream| {
        // Without it an answer may wait for the next packet; the peer may have gone already.
        let _ = stream.set_nodelay(true);
    });
    let router = Router::new()
        .route("/hello-auth", get(hello))
        .route("/raw", get(raw))
        .with_state(site);
    axum::serve(listener, router).await?;
    Ok(())
}
