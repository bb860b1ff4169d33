//! Where visitors are sent to log in, and where they go after.

use http::request::Parts;
use nuages_security::hosts::{Host, IsSecure};
use nuages_web::{QueryDict, SiteContext};

/// The query parameter that says where to go after the login.
pub(crate) const NEXT: &str = "next";

/// The URL that a setting means: a path, a URL, or the name of a route.
///
/// # Django
/// `resolve_url`.
pub(crate) fn resolve_url(site: Option<&SiteContext>, to: &str) -> String {
    if to.starts_with(['/', '.']) || to.contains("://") {
        return to.to_owned();
    }
    site.and_then(|site| site.reverse(to, &[], &[]).ok())
        .unwrap_or_else(|| to.to_owned())
}

/// The login page for a visitor who asked for something else, with the way back to that.
///
/// # Django
/// What `login_required` redirects to.
pub(crate) fn login_redirect(parts: &Parts, login_url: &str) -> String {
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
        Some(host) if !here => with_next(login_url, &format!("{scheme}://{host}{path}")),
        _ => with_next(login_url, path),
    }
}

/// Adds `next` to the query of a URL, or replaces it there.
fn with_next(url: &str, next: &str) -> String {
    let (url, fragment) = url.split_once('#').unwrap_or((url, ""));
    let (path, query) = url.split_once('?').unwrap_or((url, ""));
    let mut query = QueryDict::parse(query, usize::MAX).unwrap_or_default();
    query.set(NEXT, next);
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
            assert_eq!(login_redirect(&parts, login_url), expect);
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
