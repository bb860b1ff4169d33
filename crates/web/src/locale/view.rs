//! The view that keeps the language which a visitor chose.

use axum::response::IntoResponse;
use http::StatusCode;
use http::header::{REFERER, SET_COOKIE};
use nuages_security::cookie::SetCookie;
use nuages_security::redirect::url_has_allowed_host_and_scheme;

use crate::error::{Error, Result};
use crate::page::SiteHandle;
use crate::post::PostData;
use crate::redirect::Redirect;
use crate::request_info::RequestInfo;

/// Keeps the language of the field `language` in a cookie, and goes on to `next` or back to where the visitor came from.
///
/// A script, which names no `next` and takes no HTML, goes nowhere: the answer is a 204. A language that the site does not
/// have is left alone.
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
/// `django.views.i18n.set_language`, with a cookie that, unless the settings say otherwise, is kept for a year and is
/// `SameSite=Lax`; one that is set over HTTPS is `Secure`.
pub async fn set_language(
    req: RequestInfo,
    SiteHandle(site): SiteHandle,
    post: PostData,
) -> Result {
    let hosts: Vec<&str> = req.host().into_iter().collect();
    let allowed = |url: &&str| url_has_allowed_host_and_scheme(url, &hosts, req.is_secure());
    let query = req.query();
    let next = post.fields().get("next").or_else(|| query.get("next"));
    let goes_on =
        next.is_some_and(|next| !next.is_empty()) || req.accepted_types().accepts("text/html");
    let mut response = if goes_on {
        let next = next.filter(allowed);
        let next = next.or_else(|| req.header(REFERER).filter(allowed));
        Redirect::to(next.unwrap_or("/"))?.into_response()
    } else {
        StatusCode::NO_CONTENT.into_response()
    };
    let chosen = post.fields().get("language").unwrap_or("");
    if site.locale.knows(chosen) {
        let settings = site.settings();
        let mut cookie = SetCookie::new(settings.language_cookie_name.as_str(), chosen)
            .path(settings.language_cookie_path.as_str())
            .http_only(settings.language_cookie_httponly)
            .same_site(settings.language_cookie_samesite)
            .secure(settings.language_cookie_secure || req.is_secure());
        if let Some(age) = settings.language_cookie_age {
            cookie = cookie.max_age(age);
        }
        if let Some(domain) = &settings.language_cookie_domain {
            cookie = cookie.domain(domain.as_str());
        }
        let header = cookie
            .to_header_value(site.clock.now())
            .map_err(|error| Error::server(error.to_string()))?;
        response.headers_mut().append(SET_COOKIE, header);
    }
    Ok(response)
}
