//! The `SameSite` attribute.

use serde::de::{Deserialize, Deserializer, Error, Visitor};
use std::fmt;

/// Whether a browser sends the cookie along with requests from other sites.
///
/// In settings: `"Lax"`, `"Strict"`, `"None"`, or `false` for no attribute.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum SameSite {
    /// Not with requests from other sites, except when a link is followed.
    #[default]
    Lax,
    /// Never with requests from other sites.
    Strict,
    /// Always; the browser then wants `Secure`.
    None,
    /// No attribute: the browser decides.
    Unset,
}

impl SameSite {
    /// The value of the attribute.
    pub fn as_str(self) -> Option<&'static str> {
        match self {
            Self::Lax => Some("Lax"),
            Self::Strict => Some("Strict"),
            Self::None => Some("None"),
            Self::Unset => None,
        }
    }
}

struct SameSiteVisitor;

impl Visitor<'_> for SameSiteVisitor {
    type Value = SameSite;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("\"Lax\", \"Strict\", \"None\" or false")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<SameSite, E> {
        match text.to_ascii_lowercase().as_str() {
            "lax" => Ok(SameSite::Lax),
            "strict" => Ok(SameSite::Strict),
            "none" => Ok(SameSite::None),
            _ => Err(E::custom("expected \"Lax\", \"Strict\", \"None\" or false")),
        }
    }

    fn visit_bool<E: Error>(self, on: bool) -> Result<SameSite, E> {
        if on {
            Err(E::custom("expected \"Lax\", \"Strict\", \"None\" or false"))
        } else {
            Ok(SameSite::Unset)
        }
    }

    fn visit_unit<E: Error>(self) -> Result<SameSite, E> {
        Ok(SameSite::Unset)
    }
}

impl<'de> Deserialize<'de> for SameSite {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(SameSiteVisitor)
    }
}
