//! The view that keeps the language which a visitor chose.

use axum::response::IntoResponse;
use http::header::{REFERER, SET_COOKIE};
use nuages_security::cookie::{SameSite, SetCookie};
use nuages_security::redirect::url_has_allowed_host_and_scheme;

use crate::error::{Error, Result};
use crate::page::SiteHandle;
use crate::post::PostData;
use crate::redirect::Redirect;
use crate::request_info::RequestInfo;

/// A year: a visitor does not choose anew in each session.
const COOKIE_AGE: i64 = 365 * 24 * 60 * 60;

/// Keeps the language of the field `language` in a cookie, and goes on to `next` or back to where the visitor came from.
///
/// A language that the site does not have is left alone.
///
/// ```
/// use nuages_web::{Urls, post, set_language};
/// let urls = Urls::new().path("i18n/setlang/", post(set_language), "set_language");
/// # let _ = urls;
/// ```
///
/// # Errors
/// When the cookie cannot be written.
///
/// # Security
/// Only paths of this host are gone to. Route it for POST alone, as above: then it is behind the protection from forged
/// requests.
///
/// # Django
/// `django.views.i18n.set_language`, with a cookie for a year that is `SameSite=Lax` and, over HTTPS, `Secure`.
pub async fn set_language(
    req: RequestInfo,
    SiteHandle(site): SiteHandle,
    post: PostData,
) -> Result {
    let hosts: Vec<&str> = req.host().into_iter().collect();
    let allowed = |url: &&str| url_has_allowed_host_and_scheme(url, &hosts, req.is_secure());
    let query = req.query();
    let next = post.fields().get("next").or_else(|| query.get("next"));
    let next = next.filter(allowed);
    let next = next.or_else(|| req.header(REFERER).filter(allowed));
    let mut response = Redirect::to(next.unwrap_or("/"))?.into_response();
    let chosen = post.fields().get("language").unwrap_or("");
    if site.locale.knows(chosen) {
        let name = site.settings.language_cookie_name.as_str();
        let cookie = SetCookie::new(name, chosen)
            .max_age(COOKIE_AGE)
            .same_site(SameSite::Lax)
            .secure(req.is_secure());
        let header = cookie
            .to_header_value(site.clock.now())
            .map_err(|error| Error::server(error.to_string()))?;
        response.headers_mut().append(SET_COOKIE, header);
    }
    Ok(response)
}
