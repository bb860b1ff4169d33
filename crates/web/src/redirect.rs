//! Redirects.

use axum::body::Body;
use axum::response::Response;
use http::StatusCode;
use http::header::{CONTENT_TYPE, LOCATION};
use nuages_security::redirect::location;

use crate::error::{Error, Result};
use crate::pages::HTML;
use crate::site_context::SiteContext;
use crate::urls::UrlValue;

/// Sends the visitor elsewhere.
///
/// ```
/// use nuages_web::redirect;
///
/// let response = redirect("/posts/?q=é")?;
/// assert_eq!(response.status(), 302);
/// assert_eq!(response.headers()["location"], "/posts/?q=%C3%A9");
/// assert!(redirect("javascript:alert(1)").is_err());
/// # Ok::<(), nuages_web::Error>(())
/// ```
///
/// # Errors
/// When the URL is one that must not be redirected to, such as `javascript:`.
///
/// # Security
/// This does not ask where the URL goes. One that came with the request belongs through
/// `nuages_security::redirect::url_has_allowed_host_and_scheme` first.
///
/// # Django
/// `redirect(url)`, `HttpResponseRedirect`.
pub fn redirect(to: &str) -> Result {
    Redirect::to(to)
}

/// The kinds of redirects.
#[derive(Debug, Clone, Copy)]
pub struct Redirect;

impl Redirect {
    /// 302 to a URL.
    ///
    /// # Errors
    /// As [`redirect()`].
    pub fn to(url: &str) -> Result {
        Self::with_status(StatusCode::FOUND, url)
    }

    /// 301 to a URL: browsers remember it.
    ///
    /// # Errors
    /// As [`redirect()`].
    pub fn permanent(url: &str) -> Result {
        Self::with_status(StatusCode::MOVED_PERMANENTLY, url)
    }

    /// 307 or 308 to a URL: the method and the body stay.
    ///
    /// # Errors
    /// As [`redirect()`].
    ///
    /// # Django
    /// `redirect(url, preserve_request=True)`.
    pub fn preserving(url: &str, is_permanent: bool) -> Result {
        let status = if is_permanent {
            StatusCode::PERMANENT_REDIRECT
        } else {
            StatusCode::TEMPORARY_REDIRECT
        };
        Self::with_status(status, url)
    }

    /// 302 to a named route.
    ///
    /// # Errors
    /// When no route has the name and takes the arguments.
    pub fn to_name(site: &SiteContext, name: &str, args: &[UrlValue<'_>]) -> Result {
        Self::to(&site.reverse(name, args, &[])?)
    }

    fn with_status(status: StatusCode, url: &str) -> Result {
        let location = location(url)
            .map_err(|refusal| Error::bad_request(refusal.to_string()).with_source(refusal))?;
        let mut response = Response::new(Body::empty());
        *response.status_mut() = status;
        let headers = response.headers_mut();
        headers.insert(LOCATION, location);
        headers.insert(CONTENT_TYPE, HTML);
        Ok(response)
    }
}
