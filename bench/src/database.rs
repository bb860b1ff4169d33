//! A SQLite file with one user and one session, in Django's tables.

use std::path::Path;

use jiff::{Timestamp, ToSpan};
use nuages_crypto::{Algorithm, KeyRing, salted_hmac, signing};
use rusqlite::Connection;
use serde_json::json;

/// What the servers sign with.
pub const SECRET_KEY: &str = "a key for measuring, which signs nothing else";

/// The key of the session that the load presents.
pub const SESSION_KEY: &str = "benchbenchbenchbenchbenchbench00";

const TABLES: &str = r#"
CREATE TABLE "auth_user" (
    "id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "password" varchar(128) NOT NULL,
    "last_login" datetime NULL, "is_superuser" bool NOT NULL, "username" varchar(150) NOT NULL UNIQUE,
    "last_name" varchar(150) NOT NULL, "email" varchar(254) NOT NULL, "is_staff" bool NOT NULL,
    "is_active" bool NOT NULL, "date_joined" datetime NOT NULL, "first_name" varchar(150) NOT NULL);
CREATE TABLE "django_session" (
    "session_key" varchar(40) NOT NULL PRIMARY KEY, "session_data" text NOT NULL,
    "expire_date" datetime NOT NULL);
CREATE INDEX "django_session_expire_date_a5c62663" ON "django_session" ("expire_date");
"#;

/// Makes the file anew.
///
/// # Errors
///
/// When the file cannot be written.
pub fn create(path: &Path, now: Timestamp) -> Result<(), Box<dyn std::error::Error>> {
    for ending in ["", "-wal", "-shm"] {
        let mut file = path.as_os_str().to_owned();
        file.push(ending);
        if Path::new(&file).exists() {
            std::fs::remove_file(&file)?;
        }
    }
    let database = Connection::open(path)?;
    database.execute_batch("PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL")?;
    database.execute_batch(TABLES)?;
    let password = "md5$salt$00000000000000000000000000000000";
    database.execute(
        "INSERT INTO auth_user (id, password, last_login, is_superuser, username, last_name, email, \
         is_staff, is_active, date_joined, first_name) \
         VALUES (1, ?1, ?2, 0, 'bench', 'Mark', 'bench@example.com', 0, 1, ?2, 'Ben')",
        (password, text(now)),
    )?;
    database.execute(
        "INSERT INTO django_session (session_key, session_data, expire_date) VALUES (?1, ?2, ?3)",
        (
            SESSION_KEY,
            session(password, now)?,
            text(now + 240.hours()),
        ),
    )?;
    Ok(())
}

/// The signed data of a session that user 1 has logged in to.
fn session(password: &str, now: Timestamp) -> Result<String, signing::Error> {
    let salt = "django.contrib.auth.models.AbstractBaseUser.get_session_auth_hash";
    let data = json!({
        "_auth_user_id": "1",
        "_auth_user_backend": "django.contrib.auth.backends.ModelBackend",
        "_auth_user_hash": salted_hmac(salt, password, SECRET_KEY, Algorithm::Sha256).to_hex(),
    });
    let ring = KeyRing::new(SECRET_KEY);
    signing::dumps_compressed(&data, &ring, "django.contrib.sessions.SessionStore", now)
}

/// A time as Django stores it on SQLite.
fn text(time: Timestamp) -> String {
    time.strftime("%Y-%m-%d %H:%M:%S%.6f").to_string()
}
