//! Secrets, the tokens made of them, and the handle that views get.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use nuages_crypto::{RANDOM_STRING_CHARS, constant_time_compare, random_string};

use crate::Refusal;

/// How long a secret is; a token has its mask before it and is twice as long.
const SECRET_LENGTH: usize = 32;

/// What the cookie or the session holds: 32 letters and digits.
#[derive(Clone, Copy)]
pub struct CsrfSecret([u8; SECRET_LENGTH]);

/// Why a text is not a secret or a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InvalidFormat {
    /// Neither the length of a secret nor of a token.
    IncorrectLength,
    /// Other characters than letters and digits.
    InvalidCharacters,
}

impl InvalidFormat {
    /// The refusal of a cookie of this kind.
    pub fn of_cookie(self) -> Refusal {
        match self {
            Self::IncorrectLength => Refusal::CookieIncorrectLength,
            Self::InvalidCharacters => Refusal::CookieInvalidCharacters,
        }
    }

    /// The refusal of a token of this kind.
    pub fn of_token(self) -> Refusal {
        match self {
            Self::IncorrectLength => Refusal::TokenIncorrectLength,
            Self::InvalidCharacters => Refusal::TokenInvalidCharacters,
        }
    }
}

impl CsrfSecret {
    /// A fresh one.
    pub fn new() -> Self {
        let mut bytes = [b'a'; SECRET_LENGTH];
        bytes.copy_from_slice(random_string(SECRET_LENGTH).as_bytes());
        Self(bytes)
    }

    /// Reads a secret or a token, as a cookie, a form or a header has it.
    ///
    /// A token is unmasked: that gives the secret it was made of.
    ///
    /// # Errors
    /// When the text is neither.
    pub fn parse(text: &str) -> Result<Self, InvalidFormat> {
        let length = text.chars().count();
        let text = text.as_bytes();
        if length != SECRET_LENGTH && length != 2 * SECRET_LENGTH {
            return Err(InvalidFormat::IncorrectLength);
        }
        if !text.iter().all(u8::is_ascii_alphanumeric) {
            return Err(InvalidFormat::InvalidCharacters);
        }
        let mut secret = [0; SECRET_LENGTH];
        if text.len() == SECRET_LENGTH {
            secret.copy_from_slice(text);
        } else {
            let (mask, cipher) = text.split_at(SECRET_LENGTH);
            for (place, (masked, mask)) in secret.iter_mut().zip(cipher.iter().zip(mask)) {
                *place = letter(62 + number(*masked) - number(*mask));
            }
        }
        Ok(Self(secret))
    }

    /// The secret's text, for the cookie or the session.
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or_default()
    }

    /// A token of this secret, with a fresh mask: the same secret never looks the same twice, so that
    /// nothing can be learnt from the sizes of compressed pages (BREACH).
    pub fn mask(&self) -> String {
        self.mask_with(&Self::new())
    }

    /// A token of this secret with the given mask.
    pub fn mask_with(&self, mask: &Self) -> String {
        let mut token = String::with_capacity(2 * SECRET_LENGTH);
        token.push_str(mask.as_str());
        for (secret, mask) in self.0.iter().zip(&mask.0) {
            token.push(char::from(letter(number(*secret) + number(*mask))));
        }
        token
    }

    /// Compares without telling by the time where the difference is.
    pub fn matches(&self, other: &Self) -> bool {
        constant_time_compare(self.0, other.0)
    }
}

impl Default for CsrfSecret {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for CsrfSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("CsrfSecret(…)")
    }
}

/// The place of a character in Django's alphabet: `a-z`, `A-Z`, `0-9`.
fn number(byte: u8) -> u8 {
    match byte {
        b'a'..=b'z' => byte - b'a',
        b'A'..=b'Z' => byte - b'A' + 26,
        b'0'..=b'9' => byte - b'0' + 52,
        _ => 0,
    }
}

fn letter(number: u8) -> u8 {
    RANDOM_STRING_CHARS[usize::from(number % 62)]
}

/// The CSRF token of a request, for forms and scripts of the page it asks for.
///
/// In the extensions of every request that passed the [`CsrfLayer`](super::CsrfLayer). Asking for the
/// token makes the layer send the cookie and say that the page varies with it.
///
/// ```
/// use nuages_security::csrf::CsrfToken;
///
/// let token = CsrfToken::new();
/// assert_eq!(token.get().len(), 64);
/// // Each time another mask, the same secret behind it.
/// assert_ne!(token.get(), token.get());
/// ```
///
/// # Django
/// `get_token(request)`, `{% csrf_token %}`, `rotate_token(request)`.
#[derive(Clone, Default)]
pub struct CsrfToken(Arc<Mutex<State>>);

#[derive(Default)]
struct State {
    secret: Option<CsrfSecret>,
    needs_update: bool,
}

impl CsrfToken {
    /// The handle of a request that brought no secret.
    pub fn new() -> Self {
        Self::default()
    }

    pub(super) fn of(secret: Option<CsrfSecret>) -> Self {
        let needs_update = false;
        Self(Arc::new(Mutex::new(State {
            secret,
            needs_update,
        })))
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A token to put into a form or to hand to a script.
    pub fn get(&self) -> String {
        self.require().mask()
    }

    /// Takes a new secret: do this at login, so that a token known before is worthless after.
    pub fn rotate(&self) {
        let mut state = self.state();
        state.secret = Some(CsrfSecret::new());
        state.needs_update = true;
    }

    /// True when somebody has asked for the token or taken a new secret, and the cookie is still to be sent.
    pub fn is_used(&self) -> bool {
        self.state().needs_update
    }

    /// Makes sure that there is a secret and that it is sent.
    pub(super) fn require(&self) -> CsrfSecret {
        let mut state = self.state();
        state.needs_update = true;
        *state.secret.get_or_insert_with(CsrfSecret::new)
    }

    /// The secret to send, if it has to be sent.
    pub(super) fn take_update(&self) -> Option<CsrfSecret> {
        let mut state = self.state();
        if std::mem::take(&mut state.needs_update) {
            state.secret
        } else {
            None
        }
    }
}

impl fmt::Debug for CsrfToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("CsrfToken(…)")
    }
}
