//! Why a signed value was refused.

use jiff::SignedDuration;

/// Why a signed value was refused. Show the visitor none of this but that the link is not valid.
///
/// # Django
/// `BadSignature` and `SignatureExpired`, with Django's messages.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// There is no separator, so no signature.
    #[error("No \"{separator}\" found in value")]
    NoSeparator {
        /// The separator that was looked for.
        separator: String,
    },
    /// The value was changed, or signed with another key or for another purpose.
    #[error("Signature \"{signature}\" does not match")]
    Mismatch {
        /// What came in the signature's place.
        signature: String,
    },
    /// The signature is right, but has become too old.
    #[error("Signature age {age:?} > {max_age} seconds")]
    Expired {
        /// Its age in seconds.
        age: f64,
        /// The greatest age allowed, in seconds.
        max_age: f64,
    },
    /// The signature is right, but what was signed is not what this kind of signature holds.
    #[error("The signed value is not {expected}")]
    Malformed {
        /// What should have been there.
        expected: &'static str,
    },
    /// The value cannot be written as JSON.
    #[error("The value cannot be written as JSON: {reason}")]
    Unserializable {
        /// The serializer's words.
        reason: String,
    },
}

impl Error {
    #[cold]
    pub(super) fn expired(age: SignedDuration, max_age: SignedDuration) -> Self {
        Self::Expired {
            age: age.as_secs_f64(),
            max_age: max_age.as_secs_f64(),
        }
    }

    #[cold]
    pub(super) fn malformed(expected: &'static str) -> Self {
        Self::Malformed { expected }
    }

    /// True when the value is not to be believed, for whatever reason but its age.
    pub fn is_bad_signature(&self) -> bool {
        matches!(self, Self::NoSeparator { .. } | Self::Mismatch { .. })
    }

    /// True when the signature was right once.
    pub fn is_expired(&self) -> bool {
        matches!(self, Self::Expired { .. })
    }
}
