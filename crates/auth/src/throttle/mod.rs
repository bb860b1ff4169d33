//! Guessing passwords, slowed down until it is of no use.
//!
//! Every login attempt is written down before its password is hashed, and crossed out when it was right.
//! Whoever has as many failures as are allowed, for one account from one address, or for one account from anywhere, is told to come back later (429) and costs no hash.
//! So an attacker at one address locks nobody else out, and the owner of the account still logs in from theirs.
//!
//! An attempt that is being checked counts as failed, for its client may leave before the end.
//! Where only such attempts leave no room, the next one waits for their end: who is right is not refused for coming twice at the same moment.
//!
//! Attempts are rows of the table `nuages_login_attempt`: they outlive a restart, and all processes of a site share them.
//! Neither the account nor the address can be read from a row, for people type passwords where a username belongs.

mod attempt;
mod line;
mod verify;

use std::net::IpAddr;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use nuages_base::Clock;
use nuages_crypto::{Algorithm, KeyRing, salted_hmac};
use nuages_db::Db;
use nuages_orm::Model as _;

use crate::username::{MAX_USERNAME_LENGTH, fold};
use crate::{AuthSettings, Credentials, Error};

pub(crate) use attempt::LoginAttempt;
use line::{First, Keyed, Line, UnderWay};
use verify::{Failure, Limits, verify};

const ACCOUNT_SALT: &str = "nuages.auth.throttle.account";
const ADDRESS_SALT: &str = "nuages.auth.throttle.address";

/// How long an attempt waits for others of the same account from the same address.
const PATIENCE: Duration = Duration::from_secs(20);

/// What an attempt is told that would wait too long.
const BUSY: Throttled = Throttled {
    retry_after: Duration::from_secs(1),
};

/// One of so many attempts clears away what is older than the window.
const CLEARING: i64 = 64;

/// Too many failed logins, or too many at the same moment: come back later.
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
/// Of attempts that come to one process at the same time exactly as many pass as are allowed.
/// Each process more that serves the site may let one more pass.
///
/// # Django
/// Django has none; packages such as django-axes do.
#[derive(Clone)]
pub struct LoginThrottle {
    db: Db,
    keys: KeyRing,
    clock: Clock,
    limits: Limits,
    waiting: Waiting,
}

/// Where the attempts of a process wait for each other.
#[derive(Clone, Default)]
pub(crate) struct Waiting {
    /// By account and address.
    lines: Keyed<Line>,
    /// By account: who counts and writes, which no two do at once.
    desks: Keyed<tokio::sync::Mutex<()>>,
}

/// An attempt that was let through: to be forgiven when the password was right.
///
/// It is under way until then, or until it is dropped, and others of the same account from the same address may have to wait for it.
#[must_use = "an attempt that is not forgiven counts as a failure"]
pub struct Attempt(Option<(LoginAttempt, UnderWay)>);

impl LoginThrottle {
    pub(crate) fn new(
        db: Db,
        keys: KeyRing,
        clock: Clock,
        settings: &AuthSettings,
        waiting: Waiting,
    ) -> Self {
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
            waiting,
        }
    }

    /// Writes an attempt down as failed, or refuses it.
    ///
    /// It waits as long as only attempts that are under way leave no room, for 20 seconds at most, and behind 100 others at most.
    ///
    /// Credentials that name nobody, such as a token alone, are not counted: no account would be protected by it.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn admit(
        &self,
        credentials: &Credentials,
        client: Option<IpAddr>,
    ) -> Result<Result<Attempt, Throttled>, Error> {
        let Some(account) = self.account(credentials).filter(|_| self.limits.are_set()) else {
            return Ok(Ok(Attempt(None)));
        };
        let mut attempt = LoginAttempt {
            account,
            address: self.address(client),
            ..LoginAttempt::blank()
        };
        let key = format!("{} {}", attempt.account, attempt.address);
        let Some(first) = First::of(&self.waiting.lines, key, PATIENCE).await else {
            return Ok(Err(BUSY));
        };
        let under_way = loop {
            let others = first.under_way();
            if others < self.limits.at_once() {
                match self.note(&mut attempt).await? {
                    Ok(()) => break first.go(),
                    Err(throttled) if others == 0 => return Ok(Err(throttled)),
                    Err(_) => {}
                }
            }
            if !first.one_ended().await {
                return Ok(Err(BUSY));
            }
        };
        if attempt.id.get().is_some_and(|id| id % CLEARING == 0) {
            self.clear_expired().await?;
        }
        Ok(Ok(Attempt(Some((attempt, under_way)))))
    }

    /// Forgets the failures of this account from this client up to this attempt: the password was right.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn forgive(&self, attempt: Attempt) -> Result<(), Error> {
        if let Some((row, under_way)) = attempt.0
            && let Some(id) = row.id.get()
        {
            LoginAttempt::objects()
                .filter(|other| {
                    other.account().eq(row.account)
                        & other.address().eq(row.address)
                        & other.id().lte(id)
                })
                .delete(&self.db)
                .await?;
            drop(under_way);
        }
        Ok(())
    }

    /// Takes one attempt back: nobody has looked at its password.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn withdraw(&self, attempt: Attempt) -> Result<(), Error> {
        if let Some((row, under_way)) = attempt.0
            && let Some(id) = row.id.get()
        {
            LoginAttempt::objects()
                .filter(|other| other.id().eq(id))
                .delete(&self.db)
                .await?;
            drop(under_way);
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

    /// Deletes the attempts that do not count any more, and says how many (the `clearsessions` command).
    ///
    /// Logins do so from time to time; a site where nobody logs in keeps the last ones until it is told.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn clear_expired(&self) -> Result<u64, Error> {
        let over = self.limits.begin(self.clock.now());
        let deleted = LoginAttempt::objects()
            .filter(|row| row.attempted_at().lte(over))
            .delete(&self.db)
            .await?;
        Ok(deleted)
    }

    /// Writes an attempt down, unless there are too many before it.
    async fn note(&self, attempt: &mut LoginAttempt) -> Result<Result<(), Throttled>, Error> {
        let (desk, _) = self.waiting.desks.enter(attempt.account.clone());
        let _turn = desk.lock().await;
        let now = self.clock.now();
        let earlier = self.failures(&attempt.account, now).await?;
        if let Err(throttled) = verify(self.limits, &earlier, &attempt.address, now) {
            return Ok(Err(throttled));
        }
        attempt.attempted_at = now;
        attempt.insert(&self.db).await?;
        Ok(Ok(()))
    }

    /// The failures of an account that still count, oldest first.
    async fn failures(&self, account: &str, now: Timestamp) -> Result<Vec<Failure>, Error> {
        let begin = self.limits.begin(now);
        let rows = LoginAttempt::objects()
            .filter(|row| row.account().eq(account) & row.attempted_at().gt(begin))
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

impl std::fmt::Debug for Attempt {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let row = self.0.as_ref().map(|(row, _)| row);
        f.debug_tuple("Attempt").field(&row).finish()
    }
}
