//! What a route asks of the layers around it.

use std::sync::Arc;
use std::time::Duration;

use nuages_security::csp::CspOverride;
use nuages_security::csrf::CsrfMode;
use nuages_security::frame::XFrameOptions;

use crate::page_cache::CachePage;

const COOKIE: &str = "ensure_csrf_cookie";
const TOKEN: &str = "requires_csrf_token";

/// Who may open a route; enforced by the layer of the room `auth`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Access {
    /// Everybody.
    #[default]
    Public,
    /// Users who have logged in; others are sent to the login page.
    Login,
    /// Users who have all the permissions.
    Permission {
        /// Names such as `blog.change_post`.
        perms: Arc<[String]>,
        /// Answer 403 rather than sending to the login page.
        raise: bool,
    },
}

/// The flags of one route, put into the request's extensions before any layer runs.
///
/// Absent flags mean the default: public, CSRF protected.
///
/// # Django
/// The attributes that `login_required`, `permission_required`, `csrf_exempt`, `xframe_options_*`,
/// `csp_override`, `cache_page` and `no_append_slash` leave on a view.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RouteFlags {
    /// Who may open it.
    pub access: Access,
    /// For how long a login is good enough; after that the user is asked to log in again. For users who have logged in only.
    pub recent_login: Option<Duration>,
    /// Where users who must log in are sent, when not to `login_url` of the settings.
    pub login_url: Option<Arc<str>>,
    /// The query parameter that tells the login page the way back, when not `next`; empty to tell none.
    pub redirect_field_name: Option<Arc<str>>,
    /// What it asks of CSRF protection; nothing is: protected where the site is.
    pub csrf: Option<CsrfMode>,
    /// Its own `X-Frame-Options`.
    pub frame: Option<XFrameOptions>,
    /// Its own Content-Security-Policy.
    pub csp: Option<CspOverride>,
    /// Keeps its pages in a cache.
    pub cache_page: Option<CachePage>,
    /// Whether a missing slash may be appended to reach it.
    pub append_slash: bool,
    /// Whether the log says the route instead of the path, which holds a secret.
    pub private_path: bool,
}

impl Default for RouteFlags {
    fn default() -> Self {
        Self {
            access: Access::Public,
            recent_login: None,
            login_url: None,
            redirect_field_name: None,
            csrf: None,
            frame: None,
            csp: None,
            cache_page: None,
            append_slash: true,
            private_path: false,
        }
    }
}

impl RouteFlags {
    /// The protections in words, for the `routes` command.
    pub fn describe(&self) -> String {
        let mut words = Vec::new();
        match &self.access {
            Access::Public => {}
            Access::Login => words.push("login".to_owned()),
            Access::Permission { perms, raise } => {
                words.push(format!("permission {}", perms.join(", ")));
                if *raise {
                    words.push("403".to_owned());
                }
            }
        }
        if let Some(age) = self.recent_login {
            words.push(format!("login within {} s", age.as_secs()));
        }
        let (check, sent) = match self.csrf {
            None => (None, None),
            Some(CsrfMode::Protect) => (Some("csrf_protect"), None),
            Some(CsrfMode::ProtectEnsureCookie) => (Some("csrf_protect"), Some(COOKIE)),
            Some(CsrfMode::Exempt) => (Some("csrf_exempt"), None),
            Some(CsrfMode::ExemptEnsureCookie) => (Some("csrf_exempt"), Some(COOKIE)),
            Some(CsrfMode::ExemptRequiresToken) => (Some("csrf_exempt"), Some(TOKEN)),
            Some(CsrfMode::EnsureCookie) => (None, Some(COOKIE)),
            Some(CsrfMode::RequiresToken) => (None, Some(TOKEN)),
        };
        let frame = match self.frame {
            None => None,
            Some(XFrameOptions::Deny) => Some("xframe_options_deny"),
            Some(XFrameOptions::Exempt) => Some("xframe_options_exempt"),
            Some(XFrameOptions::SameOrigin) => Some("xframe_options_sameorigin"),
        };
        let csp = self.csp.as_ref().map(|_| "csp_override");
        let cached = self.cache_page.as_ref().map(|_| "cache_page");
        let more = [check, sent, frame, csp, cached].into_iter().flatten();
        words.extend(more.map(str::to_owned));
        words.join(", ")
    }
}
