//! Settings of HTTPS and the security headers.

use nuages_base::settings;
use serde::Deserialize;

settings! {
    /// HTTPS, and the headers that make browsers careful.
    pub struct HeadersSettings {
        /// SECURE_HSTS_SECONDS: how long browsers are to come over HTTPS only; 0 for no header.
        pub secure_hsts_seconds: u64 = 0,
        /// SECURE_HSTS_INCLUDE_SUBDOMAINS: for all subdomains as well.
        pub secure_hsts_include_subdomains: bool = false,
        /// SECURE_HSTS_PRELOAD: may be put on the browsers' own lists.
        pub secure_hsts_preload: bool = false,
        /// SECURE_CONTENT_TYPE_NOSNIFF: browsers are to believe `Content-Type`.
        pub secure_content_type_nosniff: bool = true,
        /// SECURE_REFERRER_POLICY: what other sites learn of our URLs.
        pub secure_referrer_policy: Option<ReferrerPolicy> =
            Some(ReferrerPolicy(vec!["same-origin".to_owned()])),
        /// SECURE_CROSS_ORIGIN_OPENER_POLICY: keeps windows of other sites apart from ours.
        pub secure_cross_origin_opener_policy: Option<String> = Some("same-origin".to_owned()),
        /// SECURE_SSL_REDIRECT: send HTTP requests to HTTPS.
        pub secure_ssl_redirect: bool = false,
        /// SECURE_SSL_HOST: the host to send them to, if not the one they came to.
        pub secure_ssl_host: Option<String> = None,
        /// SECURE_REDIRECT_EXEMPT: regular expressions of paths (without the first slash) that are
        /// served over HTTP, such as the health check of a load balancer.
        pub secure_redirect_exempt: Vec<String> = Vec::new(),
        /// SECURE_BROWSER_XSS_FILTER: taken from old settings without effect, and `check` says so: browsers
        /// have no such filter any more, and Django sends no header for it since 4.0.
        pub secure_browser_xss_filter: Option<bool> = None,
        /// X_FRAME_OPTIONS: `DENY` or `SAMEORIGIN`.
        pub x_frame_options: String = "DENY".to_owned(),
    }
}

/// One referrer policy, or several of which a browser takes the last it knows.
///
/// In settings: a list, or a text with commas.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(from = "TextOrList")]
pub struct ReferrerPolicy(pub Vec<String>);

#[derive(Deserialize)]
#[serde(untagged)]
enum TextOrList {
    Text(String),
    List(Vec<String>),
}

impl From<TextOrList> for ReferrerPolicy {
    fn from(value: TextOrList) -> Self {
        match value {
            TextOrList::Text(text) => {
                Self(text.split(',').map(|word| word.trim().to_owned()).collect())
            }
            TextOrList::List(list) => Self(list),
        }
    }
}
