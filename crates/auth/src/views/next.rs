//! Where a visitor goes after login or logout.

use nuages_forms::FormData;
use nuages_security::redirect::url_has_allowed_host_and_scheme;
use nuages_web::RequestInfo;

/// The `next` (or another field) of a form or a link, if it leads to this site or to one of these hosts.
///
/// # Security
/// Without the check a link to the login page could end on a copy of it elsewhere that asks for the password once more.
pub(super) fn next(
    req: &RequestInfo,
    data: Option<&FormData>,
    field: &str,
    hosts: &[String],
) -> Option<String> {
    let posted = data.and_then(|data| data.get(field)).map(str::to_owned);
    let wanted = posted.or_else(|| req.query().get(field).map(str::to_owned))?;
    let mut allowed: Vec<&str> = hosts.iter().map(String::as_str).collect();
    allowed.extend(req.host());
    url_has_allowed_host_and_scheme(&wanted, &allowed, req.is_secure()).then_some(wanted)
}
