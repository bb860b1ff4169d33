//! Where visitors are sent to log in, and where they go after.

use http::request::Parts;
use nuages_security::hosts::{Host, IsSecure};
use nuages_web::{Error, QueryDict, Redirect, SiteContext};

/// The query parameter that says where to go after the login.
pub(crate) const NEXT: &str = "next";

/// The URL that a setting means: a path, a URL, or the name of a route.
///
/// # Errors
/// When it is neither the name of a route nor looks like a URL.
///
/// # Django
/// `resolve_url`.
pub(crate) fn resolve_url(site: Option<&SiteContext>, to: &str) -> Result<String, Error> {
    if to.starts_with(['/', '.']) || to.contains("://") {
        return Ok(to.to_owned());
    }
    match site.map(|site| site.reverse(to, &[], &[])) {
        Some(Ok(url)) => Ok(url),
        _ if to.contains(['/', '.']) => Ok(to.to_owned()),
        Some(Err(error)) => Err(error.into()),
        None => Err(Error::server(format!("`{to}` is no URL"))
            .with_hint("a name needs the routes of a site to become a URL")),
    }
}

/// Sends a visitor to the login page, with the way back to `next`.
///
/// Without a field, the way back is not told.
/// This does not ask where `next` leads; the login page does, before it sends anybody there.
///
/// ```
/// use nuages_auth::redirect_to_login;
///
/// let res = redirect_to_login(None, "/a/?b=1", "/login/?c=2", Some("next"))?;
/// assert_eq!(res.headers()["location"], "/login/?c=2&next=/a/%3Fb%3D1");
/// # Ok::<(), nuages_web::Error>(())
/// ```
///
/// # Errors
/// When `login_url` is neither a URL nor the name of a route of the site.
///
/// # Django
/// `redirect_to_login`.
pub fn redirect_to_login(
    site: Option<&SiteContext>,
    next: &str,
    login_url: &str,
    field: Option<&str>,
) -> nuages_web::Result {
    let url = resolve_url(site, login_url)?;
    match field.filter(|field| !field.is_empty()) {
        Some(field) => Redirect::to(&with_next(&url, field, next)),
        None => Redirect::to(&url),
    }
}

/// The login page for a visitor who asked for something else, with the way back to that.
///
/// # Django
/// What `login_required` redirects to.
pub(crate) fn login_redirect(parts: &Parts, login_url: &str, field: &str) -> String {
    if field.is_empty() {
        return login_url.to_owned();
    }
    let path = parts.uri.path_and_query().map_or("/", |path| path.as_str());
    let login = Url::split(login_url);
    let secure = parts
        .extensions
        .get::<IsSecure>()
        .is_some_and(|secure| secure.0);
    let scheme = if secure { "https" } else { "http" };
    let host = parts.extensions.get::<Host>().map(Host::as_str);
    let here = (login.scheme.is_empty() || login.scheme.eq_ignore_ascii_case(scheme))
        && (login.host.is_empty() || Some(login.host) == host);
    match host {
        // The login page of another site has to know where the way back begins.
        Some(host) if !here => with_next(login_url, field, &format!("{scheme}://{host}{path}")),
        _ => with_next(login_url, field, path),
    }
}

/// Adds a field to the query of a URL, or replaces it there.
fn with_next(url: &str, field: &str, next: &str) -> String {
    let (url, fragment) = url.split_once('#').unwrap_or((url, ""));
    let (path, query) = url.split_once('?').unwrap_or((url, ""));
    let mut query = QueryDict::parse(query, usize::MAX).unwrap_or_default();
    query.set(field, next);
    let mut result = format!("{path}?{}", query.urlencode_safe("/"));
    if !fragment.is_empty() {
        result.push('#');
        result.push_str(fragment);
    }
    result
}

/// Scheme and host of a URL of the site's own settings.
struct Url<'u> {
    scheme: &'u str,
    host: &'u str,
}

impl<'u> Url<'u> {
    fn split(url: &'u str) -> Self {
        let (scheme, rest) = match url.split_once("//") {
            Some((scheme, rest)) if scheme.is_empty() || scheme.ends_with(':') => {
                (scheme.trim_end_matches(':'), rest)
            }
            _ => {
                return Self {
                    scheme: "",
                    host: "",
                };
            }
        };
        let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
        Self {
            scheme,
            host: &rest[..end],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::Request;

    #[test]
    fn the_way_back_is_kept() {
        let check = |path: &str, login_url: &str, expect: &str| {
            let (parts, ()) = Request::builder().uri(path).body(()).unwrap().into_parts();
            assert_eq!(login_redirect(&parts, login_url, NEXT), expect);
        };
        check("/a/", "/login/", "/login/?next=/a/");
        check(
            "/a/?b=1&c=ü",
            "/login/",
            "/login/?next=/a/%3Fb%3D1%26c%3D%C3%BC",
        );
        check(
            "/a%20b/",
            "/login/?x=1&next=old",
            "/login/?x=1&next=/a%2520b/",
        );
        check("/a/", "/login/#top", "/login/?next=/a/#top");
    }
}
