//! Whether a request has to come again over HTTPS.

use std::borrow::Cow;
use std::fmt::Write;

use http::{HeaderValue, Uri};
use percent_encoding::percent_decode_str;
use regex::Regex;

use super::HeadersSettings;
use crate::uri::{escape_uri_path, iri_to_uri};

/// Where requests over HTTP are sent, and which are let be.
#[derive(Debug, Clone)]
pub(super) struct SslRedirect {
    host: Option<String>,
    exempt: Vec<Regex>,
}

impl SslRedirect {
    /// `None` when the setting is off.
    pub(super) fn new(settings: &HeadersSettings) -> Option<Self> {
        if !settings.secure_ssl_redirect {
            return None;
        }
        let mut exempt = Vec::new();
        for pattern in &settings.secure_redirect_exempt {
            match Regex::new(pattern) {
                Ok(regex) => exempt.push(regex),
                // Exempting nothing is the safe reading; the startup check says so.
                Err(error) => tracing::error!(
                    target: "nuages.security",
                    "secure_redirect_exempt: {pattern:?} is not a regular expression: {error}"
                ),
            }
        }
        let host = settings.secure_ssl_host.clone();
        Some(Self {
            host: host.filter(|host| !host.is_empty()),
            exempt,
        })
    }

    /// The URL to come again to; `None` for an exempt path or a request without a usable host.
    pub(super) fn target(&self, host: Option<&str>, uri: &Uri) -> Option<HeaderValue> {
        let path = unescape(uri.path());
        let bare = path.trim_start_matches('/');
        if self.exempt.iter().any(|regex| regex.is_match(bare)) {
            return None;
        }
        let host = self.host.as_deref().or(host)?;
        let query = match uri.query() {
            Some(query) if !query.is_empty() => format!("?{}", iri_to_uri(query)),
            _ => String::new(),
        };
        let url = format!("https://{host}{}{query}", escape_uri_path(&path));
        HeaderValue::from_str(&url).ok()
    }
}

/// The path with its escapes undone, but for those that are not UTF-8.
fn unescape(path: &str) -> String {
    let bytes: Cow<'_, [u8]> = percent_decode_str(path).into();
    let mut text = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        for byte in chunk.invalid() {
            let _ = write!(text, "%{byte:02X}");
        }
    }
    text
}
