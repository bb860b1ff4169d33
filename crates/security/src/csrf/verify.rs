//! Whether the token fits the secret.

use std::borrow::Cow;
use std::fmt::Write;

use super::token::{CsrfSecret, InvalidFormat};
use crate::Refusal;

/// A refused request: which refusal, and the reason in Django's words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rejection {
    /// The entry of the table.
    pub refusal: Refusal,
    /// The reason, for the log and the debug page.
    pub reason: Cow<'static, str>,
}

impl Rejection {
    /// A refusal whose reason says it all.
    pub fn new(refusal: Refusal) -> Self {
        Self {
            refusal,
            reason: Cow::Borrowed(refusal.reason()),
        }
    }

    /// A refusal whose reason quotes the request.
    ///
    /// # Security
    /// What is not printable ASCII is escaped, so that a request cannot write lines into the log.
    pub fn with(refusal: Refusal, detail: &str) -> Self {
        let mut quoted = String::with_capacity(detail.len());
        for byte in detail.bytes() {
            match byte {
                b'\\' => quoted.push_str("\\\\"),
                b'\t' => quoted.push_str("\\t"),
                b' '..=b'~' => quoted.push(char::from(byte)),
                _ => {
                    let _ = write!(quoted, "\\x{byte:02x}");
                }
            }
        }
        Self {
            refusal,
            reason: Cow::Owned(refusal.reason().replacen("%s", &quoted, 1)),
        }
    }
}

/// The secret a request brought in its cookie or session.
///
/// # Errors
/// When there is none, or something else in its place.
pub fn verify_secret(
    secret: Result<Option<CsrfSecret>, InvalidFormat>,
) -> Result<CsrfSecret, Rejection> {
    match secret {
        Ok(Some(secret)) => Ok(secret),
        Ok(None) => Err(Rejection::new(Refusal::NoCsrfCookie)),
        Err(format) => Err(Rejection::new(format.of_cookie())),
    }
}

/// Refuses a request whose token was not made of its secret.
///
/// The form's token counts before the header's.
///
/// # Errors
/// When there is no token, or it does not fit.
pub fn verify_token(
    secret: &CsrfSecret,
    form: Option<&str>,
    header: Option<&[u8]>,
    header_name: &str,
) -> Result<(), Rejection> {
    let (token, source) = match (form.filter(|token| !token.is_empty()), header) {
        (Some(token), _) => (Cow::Borrowed(token), Cow::Borrowed("POST")),
        // A header is Latin-1 to Django: one character a byte.
        (None, Some(token)) => (
            token.iter().map(|byte| char::from(*byte)).collect(),
            Cow::Owned(format!("the '{}' HTTP header", title(header_name))),
        ),
        (None, None) => return Err(Rejection::new(Refusal::TokenMissing)),
    };
    let token =
        CsrfSecret::parse(&token).map_err(|format| Rejection::with(format.of_token(), &source))?;
    if token.matches(secret) {
        Ok(())
    } else {
        Err(Rejection::with(Refusal::TokenIncorrect, &source))
    }
}

/// `x-csrftoken` as Django shows it: `X-Csrftoken`.
fn title(name: &str) -> String {
    let words: Vec<String> = name
        .split('-')
        .map(|word| {
            let mut word = word.to_ascii_lowercase();
            if let Some(first) = word.get_mut(..1) {
                first.make_ascii_uppercase();
            }
            word
        })
        .collect();
    words.join("-")
}
