//! Every way a request is turned away, in one table.

use http::StatusCode;

/// How loud the log is about a refusal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Level {
    /// Somebody may be trying something.
    Warning,
    /// Either an attack, or a setting is wrong.
    Error,
}

macro_rules! refusals {
    ($( $(#[$doc:meta])* $name:ident = $id:literal, $status:ident, $level:ident, $reason:literal; )*) => {
        /// A way a request is turned away.
        ///
        /// The id is stable: write alerts against it. The client sees fixed words, the log the reason.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum Refusal { $( $(#[$doc])* $name, )* }

        impl Refusal {
            /// The whole table.
            pub const ALL: &'static [Self] = &[ $( Self::$name, )* ];

            /// The stable id, such as `csrf.bad-origin`.
            pub fn id(self) -> &'static str {
                match self { $( Self::$name => $id, )* }
            }

            /// The status of the response.
            pub fn status(self) -> StatusCode {
                match self { $( Self::$name => StatusCode::$status, )* }
            }

            /// How loud the log is about it.
            pub fn level(self) -> Level {
                match self { $( Self::$name => Level::$level, )* }
            }

            /// Django's reason; `%s` stands for what the request said.
            pub fn reason(self) -> &'static str {
                match self { $( Self::$name => $reason, )* }
            }
        }
    };
}

refusals! {
    /// The `Host` header is not a host, or not one of `allowed_hosts`.
    DisallowedHost = "hosts.disallowed", BAD_REQUEST, Error, "Invalid HTTP_HOST header: %s.";
    /// The `Origin` header is neither the site's own nor a trusted one.
    BadOrigin = "csrf.bad-origin", FORBIDDEN, Warning,
        "Origin checking failed - %s does not match any trusted origins.";
    /// Over HTTPS, without `Origin`, there is no `Referer` either.
    NoReferer = "csrf.no-referer", FORBIDDEN, Warning, "Referer checking failed - no Referer.";
    /// The `Referer` is not an absolute URL.
    MalformedReferer = "csrf.malformed-referer", FORBIDDEN, Warning,
        "Referer checking failed - Referer is malformed.";
    /// The form came from a plain HTTP page, which anyone on the way could have written.
    InsecureReferer = "csrf.insecure-referer", FORBIDDEN, Warning,
        "Referer checking failed - Referer is insecure while host is secure.";
    /// The `Referer` is neither of this site nor of a trusted origin.
    BadReferer = "csrf.bad-referer", FORBIDDEN, Warning,
        "Referer checking failed - %s does not match any trusted origins.";
    /// The browser says that another site made the request (`Sec-Fetch-Site`).
    CrossSite = "csrf.cross-site", FORBIDDEN, Warning,
        "Fetch metadata checking failed - the request comes from another site.";
    /// There is no CSRF cookie (or no secret in the session).
    NoCsrfCookie = "csrf.no-cookie", FORBIDDEN, Warning, "CSRF cookie not set.";
    /// The cookie is there, but no token came with the form or the header.
    TokenMissing = "csrf.token-missing", FORBIDDEN, Warning, "CSRF token missing.";
    /// The cookie has not the length of a secret.
    CookieIncorrectLength = "csrf.cookie-incorrect-length", FORBIDDEN, Warning,
        "CSRF cookie has incorrect length.";
    /// The cookie has characters that no secret has.
    CookieInvalidCharacters = "csrf.cookie-invalid-characters", FORBIDDEN, Warning,
        "CSRF cookie has invalid characters.";
    /// The token has not the length of a token.
    TokenIncorrectLength = "csrf.token-incorrect-length", FORBIDDEN, Warning,
        "CSRF token from %s has incorrect length.";
    /// The token has characters that no token has.
    TokenInvalidCharacters = "csrf.token-invalid-characters", FORBIDDEN, Warning,
        "CSRF token from %s has invalid characters.";
    /// The token belongs to another secret: another browser, or one from before the last login.
    TokenIncorrect = "csrf.token-incorrect", FORBIDDEN, Warning, "CSRF token from %s incorrect.";
    /// The form is larger than the limit before its token was found.
    BodyTooLarge = "csrf.body-too-large", BAD_REQUEST, Error,
        "Request body exceeded settings.DATA_UPLOAD_MAX_MEMORY_SIZE.";
    /// The form cannot be read.
    MalformedBody = "csrf.malformed-body", BAD_REQUEST, Error, "Malformed request body.";
    /// `csrf_use_sessions` is on, but there is no session, or it cannot be read.
    SessionUnavailable = "csrf.session-unavailable", INTERNAL_SERVER_ERROR, Error,
        "CSRF_USE_SESSIONS is enabled, but the session cannot be used.";
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn ids_are_unique_and_speak_of_their_room() {
        let ids: BTreeSet<_> = Refusal::ALL.iter().map(|refusal| refusal.id()).collect();
        assert_eq!(ids.len(), Refusal::ALL.len());
        for refusal in Refusal::ALL {
            assert!(refusal.id().starts_with("csrf.") || refusal.id().starts_with("hosts."));
            assert!(refusal.status().is_client_error() || refusal.status().is_server_error());
        }
    }
}
