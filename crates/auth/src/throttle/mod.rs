//! Guessing passwords, slowed down until it is of no use.
//!
//! Every login attempt is written down before its password is hashed, and crossed out when it was right.
//! Whoever has as many failures as are allowed, for one account from one address, or for one account from anywhere, is told to come back later (429) and costs no hash.
//! So an attacker at one address locks nobody else out, and the owner of the account still logs in from theirs.
//!
//! Attempts are rows of the table `nuages_login_attempt`: they outlive a restart, and all processes of a site share them.
//! Neither the account nor the address can be read from a row, for people type passwords where a username belongs.

mod attempt;
mod verify;

use std::net::IpAddr;
use std::time::Duration;

use jiff::SignedDuration;
use nuages_base::Clock;
use nuages_crypto::{Algorithm, KeyRing, salted_hmac};
use nuages_db::Db;
use nuages_orm::Model as _;

use crate::username::{MAX_USERNAME_LENGTH, fold};
use crate::{AuthSettings, Credentials, Error};

pub(crate) use attempt::LoginAttempt;
use verify::{Failure, Limits, verify};

const ACCOUNT_SALT: &str = "nuages.auth.throttle.account";
const ADDRESS_SALT: &str = "nuages.auth.throttle.address";

/// Too many failed logins: come back later.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("too many failed logins: try again later")]
pub struct Throttled {
    /// What to say in `Retry-After`.
    pub retry_after: Duration,
}

/// Counts failed logins, and refuses more of them than the settings allow.
///
/// [`AuthRequest::authenticate`](crate::AuthRequest::authenticate) asks it, and with that the login form and the login view; [`Auth::authenticate`](crate::Auth::authenticate), which knows no client, does not.
///
/// ```
/// use nuages_auth::{Auth, AuthSettings, Credentials};
/// use nuages_base::{Clock, Signals};
/// use nuages_crypto::KeyRing;
/// use nuages_db::{Db, DbSettings};
/// use nuages_migrations::{Executor, Target};
///
/// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
/// let db = Db::connect(&DbSettings::new("sqlite::memory:")).await?;
/// Executor::new(&nuages_auth::app_migrations())?.run(&db, &Target::All).await?;
/// let keys = KeyRing::new("a long and random secret key");
/// let auth = Auth::new(db, keys, AuthSettings::default(), Signals::new(), Clock::system())?;
///
/// let throttle = auth.login_throttle();
/// let guess = Credentials::password("ann", "12345");
/// let attacker = "203.0.113.7".parse().ok();
/// for _ in 0..10 {
///     assert!(throttle.admit(&guess, attacker).await?.is_ok());
/// }
/// let throttled = throttle.admit(&guess, attacker).await?.unwrap_err();
/// assert!(throttled.retry_after.as_secs() > 890);
/// // Ann herself is somewhere else,
/// assert!(throttle.admit(&guess, "198.51.100.1".parse().ok()).await?.is_ok());
/// // and an operator can forget everything about her account.
/// throttle.reset("ann").await?;
/// assert!(throttle.admit(&guess, attacker).await?.is_ok());
/// # Ok::<(), Box<dyn std::error::Error + Send + Sync>>(())
/// # }).unwrap();
/// ```
///
/// # Security
/// An IPv6 client counts by the first half of its address, since the other half is its own to choose.
/// The account is the username as it was typed, whether it exists or not, so a refusal tells nothing about that.
///
/// # Django
/// Django has none; packages such as django-axes do.
#[derive(Clone)]
pub struct LoginThrottle {
    db: Db,
    keys: KeyRing,
    clock: Clock,
    limits: Limits,
}

/// An attempt that was let through: to be forgiven when the password was right.
#[derive(Debug)]
#[must_use = "an attempt that is not forgiven counts as a failure"]
pub struct Attempt(Option<LoginAttempt>);

impl LoginThrottle {
    pub(crate) fn new(db: Db, keys: KeyRing, clock: Clock, settings: &AuthSettings) -> Self {
        let window = i64::try_from(settings.login_failure_window).unwrap_or(i64::MAX);
        Self {
            db,
            keys,
            clock,
            limits: Limits {
                per_client: settings.login_failure_limit,
                per_account: settings.login_failure_limit_per_account,
                window: SignedDuration::from_secs(window),
            },
        }
    }

    /// Writes an attempt down as failed, or refuses it.
    ///
    /// Credentials that name nobody, such as a token alone, are not counted: no account would be protected by it.
    ///
    /// # Errors
    /// When the database fails.
    ///
    /// # Security
    /// Of attempts that come at the same time exactly as many pass as are allowed: each is written first and then counts those that were written before it.
    pub async fn admit(
        &self,
        credentials: &Credentials,
        client: Option<IpAddr>,
    ) -> Result<Result<Attempt, Throttled>, Error> {
        let Some(account) = self.account(credentials).filter(|_| self.limits.are_set()) else {
            return Ok(Ok(Attempt(None)));
        };
        let now = self.clock.now();
        let mut attempt = LoginAttempt {
            account,
            address: self.address(client),
            attempted_at: now,
            ..LoginAttempt::blank()
        };
        // Most attempts that are refused write nothing.
        let earlier = self.failures(&attempt).await?;
        if let Err(throttled) = verify(self.limits, &earlier, &attempt.address, now) {
            return Ok(Err(throttled));
        }
        attempt.insert(&self.db).await?;
        let earlier = self.failures(&attempt).await?;
        if let Err(throttled) = verify(self.limits, &earlier, &attempt.address, now) {
            self.withdraw(Attempt(Some(attempt))).await?;
            return Ok(Err(throttled));
        }
        let over = self.limits.begin(now);
        LoginAttempt::objects()
            .filter(|row| row.attempted_at().lte(over))
            .delete(&self.db)
            .await?;
        Ok(Ok(Attempt(Some(attempt))))
    }

    /// Forgets the failures of this account from this client: the password was right.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn forgive(&self, attempt: Attempt) -> Result<(), Error> {
        if let Some(LoginAttempt {
            account, address, ..
        }) = attempt.0
        {
            LoginAttempt::objects()
                .filter(|row| row.account().eq(account) & row.address().eq(address))
                .delete(&self.db)
                .await?;
        }
        Ok(())
    }

    /// Takes one attempt back: nobody has looked at its password.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn withdraw(&self, attempt: Attempt) -> Result<(), Error> {
        if let Some(id) = attempt.0.and_then(|attempt| attempt.id.get()) {
            LoginAttempt::objects()
                .filter(|row| row.id().eq(id))
                .delete(&self.db)
                .await?;
        }
        Ok(())
    }

    /// Forgets all failures of an account, from wherever they came.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn reset(&self, username: &str) -> Result<(), Error> {
        if let Some(account) = self.account(&Credentials::new().with("username", username)) {
            LoginAttempt::objects()
                .filter(|row| row.account().eq(account))
                .delete(&self.db)
                .await?;
        }
        Ok(())
    }

    /// The failures of the account that were written before this attempt, oldest first.
    async fn failures(&self, attempt: &LoginAttempt) -> Result<Vec<Failure>, Error> {
        let begin = self.limits.begin(attempt.attempted_at);
        let last = attempt.id.get().unwrap_or(i64::MAX);
        let rows = LoginAttempt::objects()
            .filter(|row| {
                row.account().eq(attempt.account.as_str())
                    & row.attempted_at().gt(begin)
                    & row.id().lt(last)
            })
            .order_by(|row| row.attempted_at().asc())
            .select(|row| (row.address(), row.attempted_at()))
            .all(&self.db)
            .await?;
        let failure = |(address, at)| Failure { address, at };
        Ok(rows.into_iter().map(failure).collect())
    }

    /// What stands for the account that credentials name: by `username`, else by the first value that is no secret.
    fn account(&self, credentials: &Credentials) -> Option<String> {
        let named = credentials.get("username");
        let name = named.or_else(|| credentials.public().next().map(|(_, value)| value));
        let name = name.filter(|name| !name.is_empty())?;
        // Backends may be as lenient about case as they like.
        let spelling = if name.chars().count() <= MAX_USERNAME_LENGTH {
            fold(name.trim()).collect()
        } else {
            name.to_owned()
        };
        Some(self.hidden(ACCOUNT_SALT, &spelling))
    }

    fn address(&self, client: Option<IpAddr>) -> String {
        let network = match client {
            None => String::new(),
            Some(IpAddr::V4(address)) => address.to_string(),
            Some(IpAddr::V6(address)) => {
                let [a, b, c, d, ..] = address.segments();
                format!("{a:x}:{b:x}:{c:x}:{d:x}")
            }
        };
        self.hidden(ADDRESS_SALT, &network)
    }

    fn hidden(&self, salt: &str, value: &str) -> String {
        salted_hmac(salt, value, self.keys.current().expose(), Algorithm::Sha256).to_hex()
    }
}

impl std::fmt::Debug for LoginThrottle {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("LoginThrottle")
            .field("limits", &self.limits)
            .finish_non_exhaustive()
    }
}
