//! Passwords as Django stores them, and signed links that end, in an axum app that has never heard of `Site`.
//!
//! ```sh
//! cargo run -p passwords-signing
//! curl -d 'name=ann&password=correct horse' http://127.0.0.1:8000/register
//! curl -d 'name=ann&password=correct horse' http://127.0.0.1:8000/link     # a link, good for ten minutes
//! ```
//!
//! The accounts lie in memory here; their hashes could as well come from a table of Django's.
#![expect(clippy::print_stdout, reason = "an example says where it listens")]

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use axum::Router;
use axum::extract::{Form, Path, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use jiff::SignedDuration;
use nuages_auth::passwords::{
    Hashers, Overloaded, PasswordOwner, PasswordPool, PasswordValidator, PasswordValidators, Pbkdf2,
};
use nuages_base::Clock;
use nuages_crypto::signing::TimestampSigner;
use nuages_crypto::{KeyRing, random_string};
use nuages_forms::ValidationError;
use serde::Deserialize;

#[cfg(test)]
mod tests;

const LINK_AGE: SignedDuration = SignedDuration::from_mins(10);

/// A rule of this app's own, beside those of Django.
#[derive(Debug)]
struct NoCloud;

impl PasswordValidator for NoCloud {
    fn validate(
        &self,
        password: &str,
        _: Option<&PasswordOwner<'_>>,
    ) -> Result<(), ValidationError> {
        if password.to_lowercase().contains("cloud") {
            return Err(
                ValidationError::new("Everybody here thinks of clouds first.")
                    .code("password_cloud"),
            );
        }
        Ok(())
    }

    fn help_text(&self) -> String {
        "Your password can’t be about clouds.".to_owned()
    }
}

#[derive(Clone)]
struct App {
    pool: PasswordPool,
    rules: PasswordValidators,
    signer: TimestampSigner,
    clock: Clock,
    /// The hash of each name.
    accounts: Arc<Mutex<HashMap<String, String>>>,
}

#[derive(Deserialize)]
struct Login {
    name: String,
    password: String,
}

impl App {
    fn new(keys: &KeyRing, hashers: Hashers, clock: Clock) -> Self {
        Self {
            // Two passwords are hashed at a time, a hundred wait; the next visitor is asked to come back.
            pool: PasswordPool::new(hashers, 2, 100),
            rules: PasswordValidators::default().with(NoCloud),
            signer: TimestampSigner::new(keys, "links of the example"),
            clock,
            accounts: Arc::default(),
        }
    }

    fn stored(&self, name: &str) -> Option<String> {
        let accounts = self.accounts.lock().unwrap_or_else(PoisonError::into_inner);
        accounts.get(name).cloned()
    }

    fn store(&self, name: String, hash: String) {
        let mut accounts = self.accounts.lock().unwrap_or_else(PoisonError::into_inner);
        accounts.insert(name, hash);
    }
}

/// Too many passwords are waiting.
fn come_back(full: Overloaded) -> Response {
    let seconds = full.retry_after.as_secs().to_string();
    (
        StatusCode::SERVICE_UNAVAILABLE,
        [(header::RETRY_AFTER, seconds)],
    )
        .into_response()
}

async fn register(State(app): State<App>, Form(login): Form<Login>) -> Response {
    let owner = PasswordOwner::new().with("username", "username", &login.name);
    if let Err(errors) = app.rules.validate(&login.password, Some(&owner)) {
        let lines: Vec<String> = errors.iter().map(ToString::to_string).collect();
        return (StatusCode::UNPROCESSABLE_ENTITY, lines.join("\n")).into_response();
    }
    if app.stored(&login.name).is_some() {
        return (StatusCode::CONFLICT, "There is one of that name.").into_response();
    }
    match app.pool.make_password(&login.password).await {
        Ok(hash) => {
            app.store(login.name, hash);
            StatusCode::CREATED.into_response()
        }
        Err(full) => come_back(full),
    }
}

/// Gives a link to who knows the password. Whom nobody knows costs the same work.
async fn link(State(app): State<App>, Form(login): Form<Login>) -> Response {
    let checked = match app.stored(&login.name) {
        Some(hash) => app.pool.verify(&login.password, &hash).await,
        None => match app.pool.waste_one_hash(&login.password).await {
            Ok(()) => return StatusCode::FORBIDDEN.into_response(),
            Err(full) => Err(full),
        },
    };
    let checked = match checked {
        Ok(checked) if checked.is_correct => checked,
        Ok(_) => return StatusCode::FORBIDDEN.into_response(),
        Err(full) => return come_back(full),
    };
    // A hash of former years is made anew while the password is at hand.
    if checked.must_update {
        match app.pool.make_password(&login.password).await {
            Ok(hash) => app.store(login.name.clone(), hash),
            Err(full) => return come_back(full),
        }
    }
    format!(
        "/report/{}\n",
        app.signer.sign(&login.name, app.clock.now())
    )
    .into_response()
}

async fn report(State(app): State<App>, Path(signed): Path<String>) -> Response {
    match app.signer.unsign(&signed, app.clock.now(), Some(LINK_AGE)) {
        Ok(name) => format!("The report of {name}.\n").into_response(),
        Err(error) if error.is_expired() => {
            (StatusCode::GONE, "This link is too old.\n").into_response()
        }
        Err(_) => (StatusCode::NOT_FOUND, "There is no such link.\n").into_response(),
    }
}

fn router(app: App) -> Router {
    Router::new()
        .route("/register", post(register))
        .route("/link", post(link))
        .route("/report/{signed}", get(report))
        .with_state(app)
}

#[tokio::main]
async fn main() -> Result<(), std::io::Error> {
    // A key that is kept, and that other processes share, would come from the environment.
    let keys = KeyRing::new(random_string(50));
    let app = App::new(&keys, Hashers::new(Pbkdf2::sha256()), Clock::system());
    let listener = tokio::net::TcpListener::bind("127.0.0.1:8000").await?;
    println!("http://{}/", listener.local_addr()?);
    axum::serve(listener, router(app)).await
}
