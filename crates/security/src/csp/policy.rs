//! A policy: its directives, and the header they make.

use std::fmt;

use http::HeaderValue;
use serde::Deserialize;
use serde::de::{Deserializer, Error as _, MapAccess, Visitor};

/// Nothing.
pub const NONE: &str = "'none'";
/// The site's own origin.
pub const SELF: &str = "'self'";
/// Include a sample of the code in reports.
pub const REPORT_SAMPLE: &str = "'report-sample'";
/// Trust what trusted scripts load.
pub const STRICT_DYNAMIC: &str = "'strict-dynamic'";
/// Allow `eval()`.
pub const UNSAFE_EVAL: &str = "'unsafe-eval'";
/// Allow event handler attributes by hash.
pub const UNSAFE_HASHES: &str = "'unsafe-hashes'";
/// Allow all inline code: gives up most of the protection.
pub const UNSAFE_INLINE: &str = "'unsafe-inline'";
/// Allow WebAssembly.
pub const WASM_UNSAFE_EVAL: &str = "'wasm-unsafe-eval'";
/// Stands for the nonce of the response.
pub const NONCE: &str = "<CSP_NONCE_SENTINEL>";

/// A Content-Security-Policy: directives in the order given.
///
/// In settings, a table: a directive's value is a list, one text, `true` for a directive without
/// values, or `false` to leave it out.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Policy {
    directives: Vec<(String, Values)>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Values {
    /// Left out, as if it were not there.
    Off,
    Flag,
    List(Vec<String>),
}

/// A directive that would say something else than it seems to.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} cannot be part of a Content-Security-Policy directive")]
pub struct PolicyError(String);

impl Policy {
    /// A policy without directives; no header is sent for it.
    pub fn new() -> Self {
        Self::default()
    }

    /// What a site gets that sets nothing: its own origin, `data:` images, and a nonce for inline
    /// scripts and styles; no plugins, no foreign `<base>`, no forms to other sites.
    ///
    /// Frames are left to `X-Frame-Options`, so that there is one place to set them.
    pub fn strict() -> Self {
        Self::new()
            .directive("default-src", [SELF])
            .directive("script-src", [SELF, NONCE])
            .directive("style-src", [SELF, NONCE])
            .directive("img-src", [SELF, "data:"])
            .directive("object-src", [NONE])
            .directive("base-uri", [SELF])
            .directive("form-action", [SELF])
    }

    /// Adds a directive.
    ///
    /// # Panics
    /// When a value has a semicolon, a comma or a control character, which would end the directive or
    /// the policy. For values from outside use [`try_directive`](Self::try_directive).
    pub fn directive<V: Into<String>>(
        self,
        name: impl Into<String>,
        values: impl IntoIterator<Item = V>,
    ) -> Self {
        match self.try_directive(name, values) {
            Ok(policy) => policy,
            Err(error) => panic!("{error}"),
        }
    }

    /// Adds a directive.
    ///
    /// # Errors
    /// When a value has a semicolon, a comma or a control character, or the name is not one.
    pub fn try_directive<V: Into<String>>(
        self,
        name: impl Into<String>,
        values: impl IntoIterator<Item = V>,
    ) -> Result<Self, PolicyError> {
        let values: Vec<String> = values.into_iter().map(Into::into).collect();
        self.add(name.into(), Values::List(values))
    }

    /// Adds a directive that has no values, such as `upgrade-insecure-requests`.
    ///
    /// # Errors
    /// When the name is not one.
    pub fn flag(self, name: impl Into<String>) -> Result<Self, PolicyError> {
        self.add(name.into(), Values::Flag)
    }

    fn add(mut self, name: String, values: Values) -> Result<Self, PolicyError> {
        let named = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
        if name.is_empty() || !name.bytes().all(named) {
            return Err(PolicyError(name));
        }
        if let Values::List(list) = &values {
            let unsafe_char = |c: char| c == ';' || c == ',' || c.is_control();
            if let Some(bad) = list.iter().find(|value| value.contains(unsafe_char)) {
                return Err(PolicyError(bad.clone()));
            }
        }
        self.directives.retain(|(known, _)| *known != name);
        self.directives.push((name, values));
        Ok(self)
    }

    /// True when there is nothing to send.
    pub fn is_empty(&self) -> bool {
        self.directives.is_empty()
    }

    /// True when the policy allows all inline code or `eval()`.
    pub fn allows_unsafe_code(&self) -> bool {
        self.directives.iter().any(|(_, values)| match values {
            Values::Off | Values::Flag => false,
            Values::List(list) => list
                .iter()
                .any(|value| value.contains(UNSAFE_INLINE) || value.contains("'unsafe-eval'")),
        })
    }

    /// The text of the header. Without a nonce its placeholder is left out, and so is a directive
    /// that has nothing else.
    ///
    /// # Django
    /// `django.utils.csp.build_policy`.
    pub fn build(&self, nonce: Option<&str>) -> String {
        let nonce = nonce
            .filter(|nonce| !nonce.is_empty())
            .map(|nonce| format!("'nonce-{nonce}'"));
        let mut text = String::new();
        for (name, values) in &self.directives {
            let values: Vec<&str> = match values {
                Values::Off => continue,
                Values::Flag => Vec::new(),
                Values::List(list) => {
                    let values: Vec<&str> = list
                        .iter()
                        .filter_map(|value| match value.as_str() {
                            NONCE => nonce.as_deref(),
                            value => Some(value),
                        })
                        .collect();
                    if values.is_empty() {
                        continue;
                    }
                    values
                }
            };
            if !text.is_empty() {
                text.push_str("; ");
            }
            text.push_str(format!("{name} {}", values.join(" ")).trim_end());
        }
        text
    }

    pub(super) fn compile(&self) -> Option<Compiled> {
        if self.is_empty() {
            return None;
        }
        // A mark that no value can contain stands where the nonce goes.
        let marked = self.build(Some("\u{0}"));
        Some(Compiled {
            plain: HeaderValue::from_bytes(self.build(None).as_bytes()).ok()?,
            pieces: marked.split('\u{0}').map(str::to_owned).collect(),
        })
    }
}

/// A policy made ready, so that a response costs no more than it must.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Compiled {
    plain: HeaderValue,
    pieces: Vec<String>,
}

impl Compiled {
    /// The header's value.
    pub(super) fn value(&self, nonce: Option<&str>) -> HeaderValue {
        match nonce {
            Some(nonce) if self.pieces.len() > 1 => {
                HeaderValue::from_bytes(self.pieces.join(nonce).as_bytes())
                    .unwrap_or_else(|_| self.plain.clone())
            }
            _ => self.plain.clone(),
        }
    }
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Raw {
    Flag(bool),
    Text(String),
    List(Vec<String>),
    Nothing(()),
}

struct PolicyVisitor;

impl<'de> Visitor<'de> for PolicyVisitor {
    type Value = Policy;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a table of Content-Security-Policy directives")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Policy, A::Error> {
        let mut policy = Policy::new();
        while let Some((name, raw)) = map.next_entry::<String, Raw>()? {
            policy = match raw {
                Raw::Flag(false) | Raw::Nothing(()) => policy.add(name, Values::Off),
                Raw::Flag(true) => policy.flag(name),
                Raw::Text(text) => policy.try_directive(name, [text]),
                Raw::List(list) => policy.try_directive(name, list),
            }
            .map_err(A::Error::custom)?;
        }
        Ok(policy)
    }
}

impl<'de> Deserialize<'de> for Policy {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(PolicyVisitor)
    }
}
