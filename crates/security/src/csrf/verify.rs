//! Whether the token fits the secret.

use std::borrow::Cow;

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
    pub fn with(refusal: Refusal, detail: &str) -> Self {
        Self {
            refusal,
            reason: Cow::Owned(refusal.reason().replacen("%s", detail, 1)),
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
        (Some(token), _) => (token.as_bytes(), Cow::Borrowed("POST")),
        (None, Some(token)) => (
            token,
            Cow::Owned(format!("the '{}' HTTP header", title(header_name))),
        ),
        (None, None) => return Err(Rejection::new(Refusal::TokenMissing)),
    };
    let token = CsrfSecret::parse(token)
        .map_err(|format| Rejection::with(format.of_token(), &source))?;
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
