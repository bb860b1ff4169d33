//! Tokens for the link in a mail that lets its reader set a new password.

use std::fmt;

use jiff::civil::{DateTime, datetime};
use jiff::tz::TimeZone;
use nuages_base::Clock;
use nuages_crypto::encoding::{base36_decode, base36_encode, base64_decode, base64_encode};
use nuages_crypto::{Algorithm, KeyRing, constant_time_compare, salted_hmac};

use crate::User;

const KEY_SALT: &str = "django.contrib.auth.tokens.PasswordResetTokenGenerator";
/// Tokens count the seconds since then.
const EPOCH: DateTime = datetime(2001, 1, 1, 0, 0, 0, 0);

/// Makes and checks the tokens of password resets.
///
/// A token is worth something once and for a while: it is bound to the user's password, last login and e-mail address, so it ends with any of them.
/// Nothing is stored for it.
///
/// ```
/// use jiff::{SignedDuration, Timestamp};
/// use nuages_auth::{PasswordResetTokenGenerator, User};
/// use nuages_base::Clock;
/// use nuages_crypto::KeyRing;
///
/// let clock = Clock::held(Timestamp::from_second(1_780_000_000)?);
/// let tokens = PasswordResetTokenGenerator::new(KeyRing::new("a secret key"), clock.clone());
/// let mut user = User { password: "md5$a$b".to_owned(), ..User::blank() };
/// let token = tokens.make_token(&user);
/// assert!(tokens.check_token(&user, &token));
/// // It ends when the password changes,
/// user.password = "md5$a$c".to_owned();
/// assert!(!tokens.check_token(&user, &token));
/// // and after three days.
/// let token = tokens.make_token(&user);
/// clock.advance(SignedDuration::from_hours(73));
/// assert!(!tokens.check_token(&user, &token));
/// # use nuages_orm::Model as _;
/// # Ok::<(), jiff::Error>(())
/// ```
///
/// # Django
/// `PasswordResetTokenGenerator`, with the same tokens.
/// Django reads the clock in the zone of TIME_ZONE, and so do we when [told to](Self::time_zone): two sites that check each other's tokens need the same one.
#[derive(Clone)]
pub struct PasswordResetTokenGenerator {
    keys: KeyRing,
    clock: Clock,
    zone: TimeZone,
    timeout: u64,
}

impl PasswordResetTokenGenerator {
    /// Tokens that live for three days, with the clock read in UTC.
    pub fn new(keys: KeyRing, clock: Clock) -> Self {
        Self {
            keys,
            clock,
            zone: TimeZone::UTC,
            timeout: 259_200,
        }
    }

    /// How many seconds a token lives.
    ///
    /// # Django
    /// PASSWORD_RESET_TIMEOUT.
    pub fn timeout(mut self, seconds: u64) -> Self {
        self.timeout = seconds;
        self
    }

    /// The zone in which the clock is read.
    ///
    /// # Django
    /// TIME_ZONE, in which `datetime.now()` tells the time.
    pub fn time_zone(mut self, zone: TimeZone) -> Self {
        self.zone = zone;
        self
    }

    /// A token for this user as they are now.
    pub fn make_token(&self, user: &User) -> String {
        token(user, self.seconds(), self.keys.current().expose())
    }

    /// True when this token was made for the user as they are now, and not too long ago.
    ///
    /// # Security
    /// Every key is tried in constant time. A token of the future is accepted, as in Django: only the holder of a key can have made it.
    pub fn check_token(&self, user: &User, given: &str) -> bool {
        let mut parts = given.split('-');
        let (Some(made), Some(_), None) = (parts.next(), parts.next(), parts.next()) else {
            return false;
        };
        let Some(made) = base36_decode(made) else {
            return false;
        };
        let keys = std::iter::once(self.keys.current()).chain(self.keys.fallbacks());
        let mut genuine = false;
        for key in keys {
            genuine |= constant_time_compare(token(user, made, key.expose()), given);
        }
        genuine && self.seconds().saturating_sub(made) <= u128::from(self.timeout)
    }

    /// The seconds since 2001, as the clock on the wall shows them.
    fn seconds(&self) -> u128 {
        let now = self.zone.to_datetime(self.clock.now());
        let seconds = now.duration_since(EPOCH).as_secs();
        u128::try_from(seconds).unwrap_or_default()
    }
}

impl fmt::Debug for PasswordResetTokenGenerator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PasswordResetTokenGenerator")
            .field("timeout", &self.timeout)
            .finish_non_exhaustive()
    }
}

fn token(user: &User, seconds: u128, key: &[u8]) -> String {
    let id = user.id.get().map(|id| id.to_string()).unwrap_or_default();
    let login = user.last_login.map_or_else(String::new, |login| {
        login.strftime("%Y-%m-%d %H:%M:%S").to_string()
    });
    let state = format!("{id}{}{login}{seconds}{}", user.password, user.email);
    let mac = salted_hmac(KEY_SALT, state, key, Algorithm::Sha256).to_hex();
    let half: String = mac.chars().step_by(2).collect();
    format!("{}-{half}", base36_encode(seconds))
}

/// The key of a user as it stands in a link.
///
/// ```
/// use nuages_auth::{uid_decode, uid_encode};
///
/// assert_eq!(uid_encode(42), "NDI");
/// assert_eq!(uid_decode("NDI"), Some(42));
/// assert_eq!(uid_decode("!"), None);
/// ```
///
/// # Django
/// `urlsafe_base64_encode(force_bytes(user.pk))`.
pub fn uid_encode(id: i64) -> String {
    base64_encode(id.to_string())
}

/// The key of a user from a link, if it is one.
///
/// # Django
/// `urlsafe_base64_decode`, which skips characters that are not base64; here they are refused.
pub fn uid_decode(text: &str) -> Option<i64> {
    let bytes = base64_decode(text.trim_end_matches('='))?;
    std::str::from_utf8(&bytes).ok()?.trim().parse().ok()
}
