//! What a route asks of the layers around it.

use std::sync::Arc;

use nuages_security::csrf::CsrfMode;
use nuages_security::frame::XFrameOptions;

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
/// The attributes that `login_required`, `permission_required`, `csrf_exempt`, `xframe_options_*` and
/// `no_append_slash` leave on a view.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RouteFlags {
    /// Who may open it.
    pub access: Access,
    /// Where users who must log in are sent, when not to `login_url` of the settings.
    pub login_url: Option<Arc<str>>,
    /// How CSRF protection treats it.
    pub csrf: CsrfMode,
    /// Its own `X-Frame-Options`.
    pub frame: Option<XFrameOptions>,
    /// Whether a missing slash may be appended to reach it.
    pub append_slash: bool,
}

impl Default for RouteFlags {
    fn default() -> Self {
        Self {
            access: Access::Public,
            login_url: None,
            csrf: CsrfMode::Protect,
            frame: None,
            append_slash: true,
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
        match self.csrf {
            CsrfMode::Exempt => words.push("csrf_exempt".to_owned()),
            CsrfMode::EnsureCookie => words.push("ensure_csrf_cookie".to_owned()),
            CsrfMode::RequiresToken => words.push("requires_csrf_token".to_owned()),
            CsrfMode::Protect => {}
        }
        match self.frame {
            Some(XFrameOptions::Exempt) => words.push("xframe_options_exempt".to_owned()),
            Some(XFrameOptions::SameOrigin) => words.push("xframe_options_sameorigin".to_owned()),
            _ => {}
        }
        words.join(", ")
    }
}
