//! How the protection treats a route.

/// How the protection treats a route: in the extensions of the request before it gets here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum CsrfMode {
    /// Refuse forged requests.
    #[default]
    Protect,
    /// Let everything through: for machines that call without a browser's cookies.
    ///
    /// # Django
    /// `csrf_exempt`.
    Exempt,
    /// Protect, and send the cookie even if nobody asks for the token: for scripts that read it.
    ///
    /// # Django
    /// `ensure_csrf_cookie`.
    EnsureCookie,
    /// Let everything through, but have the token ready: for error pages.
    ///
    /// # Django
    /// `requires_csrf_token`.
    RequiresToken,
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
