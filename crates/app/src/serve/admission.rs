//! What a request must be before anybody else sees it.

use http::header::{HeaderMap, HeaderName, UPGRADE};
use http::{Request, StatusCode, Version};

use super::settings::ServerSettings;

/// Whether a request is within the limits that the HTTP library does not know.
///
/// # Errors
/// 414 for a target that is too long, 431 for too many headers.
pub(super) fn verify<B>(settings: &ServerSettings, req: &Request<B>) -> Result<(), StatusCode> {
    let max = settings.server_max_url_length;
    let uri = req.uri();
    let length = uri
        .path_and_query()
        .map_or(0, |target| target.as_str().len());
    if max != 0 && length > max {
        return Err(StatusCode::URI_TOO_LONG);
    }
    let max = settings.server_max_headers;
    if max != 0 && req.headers().len() > max {
        return Err(StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE);
    }
    Ok(())
}

/// Drops headers with an underscore: proxies strip `Remote-User` and know nothing of `Remote_User`.
///
/// # Django
/// The same in its servers, for the same reason.
pub(super) fn drop_underscores(headers: &mut HeaderMap) {
    let is_bad = |name: &&HeaderName| name.as_str().contains('_');
    if headers.keys().find(is_bad).is_none() {
        return;
    }
    let bad: Vec<_> = headers.keys().filter(is_bad).cloned().collect();
    for name in bad {
        headers.remove(name);
    }
}

/// True when the client may have begun to speak another protocol without waiting for the answer.
///
/// What it sent after the request must not be taken for the next one.
pub(super) fn may_have_switched<B>(req: &Request<B>) -> bool {
    req.version() <= Version::HTTP_11 && req.headers().contains_key(UPGRADE)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_with_an_underscore_are_nobodys() {
        let mut headers = HeaderMap::new();
        for name in ["remote_user", "remote-user", "x_forwarded_proto", "host"] {
            headers.append(HeaderName::from_static(name), "x".parse().unwrap());
        }
        drop_underscores(&mut headers);
        let mut left: Vec<_> = headers.keys().map(HeaderName::as_str).collect();
        left.sort_unstable();
        assert_eq!(left, ["host", "remote-user"]);
    }

    #[test]
    fn targets_and_headers_have_a_limit() {
        let settings = ServerSettings {
            server_max_url_length: 10,
            server_max_headers: 2,
            ..ServerSettings::default()
        };
        let request = |target: &str, headers: usize| {
            let mut request = Request::get(target);
            for _ in 0..headers {
                request = request.header("x", "y");
            }
            verify(&settings, &request.body(()).unwrap())
        };
        assert_eq!(request("/123456789", 2), Ok(()));
        assert_eq!(request("/1234567890", 0), Err(StatusCode::URI_TOO_LONG));
        assert_eq!(
            request("/", 3),
            Err(StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE)
        );
    }
}
