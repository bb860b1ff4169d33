//! What a route asks of the protection.

/// What a route asks of the protection: in the extensions of the request before it gets here.
///
/// Without it a request is protected, unless the layer acts
/// [only where it is asked to](super::CsrfLayer::only_where_asked).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum CsrfMode {
    /// Refuse forged requests.
    ///
    /// # Django
    /// `csrf_protect`.
    #[default]
    Protect,
    /// Refuse forged requests, and send the cookie even if nobody asks for the token.
    ProtectEnsureCookie,
    /// Let everything through: for machines that call without a browser's cookies.
    ///
    /// # Django
    /// `csrf_exempt`.
    Exempt,
    /// Let everything through, and send the cookie even if nobody asks for the token.
    ExemptEnsureCookie,
    /// Let everything through, and have the token ready, also where no layer goes around the whole site.
    ExemptRequiresToken,
    /// Send the cookie even if nobody asks for the token, for scripts that read it; protect as without it.
    ///
    /// # Django
    /// `ensure_csrf_cookie`.
    EnsureCookie,
    /// Have the token ready, also where no layer goes around the whole site; protect as without it.
    ///
    /// # Django
    /// `requires_csrf_token`.
    RequiresToken,
}

impl CsrfMode {
    /// The same, and protected.
    pub fn and_protect(self) -> Self {
        if self.ensures_cookie() {
            Self::ProtectEnsureCookie
        } else {
            Self::Protect
        }
    }

    /// The same, and exempt from protection; a route that asks for protection itself stays protected.
    pub fn and_exempt(self) -> Self {
        match self {
            Self::Protect | Self::ProtectEnsureCookie => self,
            Self::EnsureCookie | Self::ExemptEnsureCookie => Self::ExemptEnsureCookie,
            Self::RequiresToken | Self::ExemptRequiresToken => Self::ExemptRequiresToken,
            Self::Exempt => Self::Exempt,
        }
    }

    /// The same, and the cookie is sent.
    pub fn and_ensure_cookie(self) -> Self {
        match self {
            Self::Exempt | Self::ExemptEnsureCookie | Self::ExemptRequiresToken => {
                Self::ExemptEnsureCookie
            }
            Self::Protect | Self::ProtectEnsureCookie => Self::ProtectEnsureCookie,
            Self::EnsureCookie | Self::RequiresToken => Self::EnsureCookie,
        }
    }

    /// The same, and the token is ready.
    pub fn and_require_token(self) -> Self {
        match self {
            Self::Exempt => Self::ExemptRequiresToken,
            other => other,
        }
    }

    /// True when nothing is refused.
    pub fn is_exempt(self) -> bool {
        matches!(
            self,
            Self::Exempt | Self::ExemptEnsureCookie | Self::ExemptRequiresToken
        )
    }

    /// True when the cookie is sent in any case.
    pub fn ensures_cookie(self) -> bool {
        matches!(
            self,
            Self::EnsureCookie | Self::ProtectEnsureCookie | Self::ExemptEnsureCookie
        )
    }

    /// True when the route itself asks for protection.
    pub(super) fn asks_protection(self) -> bool {
        matches!(self, Self::Protect | Self::ProtectEnsureCookie)
    }
}

/// Turns the check off for one request; the token and the cookie work as ever. For test clients.
///
/// # Security
/// Only code of the site itself can put it into the extensions; no request can.
///
/// # Django
/// `request._dont_enforce_csrf_checks`.
#[derive(Debug, Clone, Copy)]
pub struct InsecureSkipCsrf;
