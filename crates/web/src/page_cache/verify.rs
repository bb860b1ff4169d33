//! Whether a response may be kept for others, and for how long.

use axum::response::Response;
use http::StatusCode;
use http::header::{AUTHORIZATION, CACHE_CONTROL, HeaderMap, SET_COOKIE};
use http_body::Body as _;
use nuages_security::vary::{has_vary_header, split_commas};

use crate::cache_headers::get_max_age;

/// The most bytes of a page that is kept.
const MAX_BODY: u64 = 8 * 1024 * 1024;

/// How long pages are good.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Timeouts {
    /// What the route says, in seconds; it counts before all else.
    pub page: Option<i64>,
    /// What the settings say, where the response does not say it either.
    pub default: i64,
}

/// Why a response is not kept; its headers are left alone, too.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum NotKept {
    /// Its status is neither 200 nor 304.
    Status,
    /// It is written while it is sent.
    Streaming,
    /// It is longer than eight megabytes.
    TooLarge,
    /// It sets a cookie, which the next visitor would get.
    SetsCookie,
    /// `Cache-Control` says `private`, `no-cache` or `no-store`, in any case.
    CacheControl,
    /// `Vary: *`.
    VariesOnAll,
    /// `max-age=0`.
    MaxAgeZero,
    /// Layers further out were told something about it that a cache cannot keep, such as a policy of its own.
    Extensions,
}

/// For how many seconds a response may be given to others; 0 or less is not at all, but its age is told to clients.
///
/// ```
/// use axum::response::{IntoResponse, Response};
/// use nuages_web::page_cache::{NotKept, Timeouts, verify};
///
/// let timeouts = Timeouts { page: None, default: 600 };
/// let check = |res: Response| verify(&res, timeouts);
/// assert_eq!(check("news".into_response()), Ok(600));
/// assert_eq!(check([("cache-control", "max-age=30")].into_response()), Ok(30));
/// assert_eq!(check([("cache-control", "PRIVATE")].into_response()), Err(NotKept::CacheControl));
/// assert_eq!(check([("set-cookie", "a=b")].into_response()), Err(NotKept::SetsCookie));
/// ```
///
/// # Errors
/// When it must not be kept: why.
///
/// # Django
/// The first half of `UpdateCacheMiddleware.process_response`. There a response that sets a cookie is kept unless it
/// says `Vary: Cookie`.
pub fn verify(res: &Response, timeouts: Timeouts) -> Result<i64, NotKept> {
    if !matches!(res.status(), StatusCode::OK | StatusCode::NOT_MODIFIED) {
        return Err(NotKept::Status);
    }
    match res.body().size_hint().exact() {
        None => return Err(NotKept::Streaming),
        Some(length) if length > MAX_BODY => return Err(NotKept::TooLarge),
        Some(_) => {}
    }
    let headers = res.headers();
    if headers.contains_key(SET_COOKIE) {
        return Err(NotKept::SetsCookie);
    }
    let control = control_of(headers);
    let says = |word: &str| control.contains(word);
    if ["private", "no-cache", "no-store"]
        .iter()
        .any(|word| says(word))
    {
        return Err(NotKept::CacheControl);
    }
    if has_vary_header(headers, "*") {
        return Err(NotKept::VariesOnAll);
    }
    if !res.extensions().is_empty() {
        return Err(NotKept::Extensions);
    }
    match (timeouts.page, get_max_age(headers)) {
        (Some(page), _) => Ok(page),
        (None, Some(0)) => Err(NotKept::MaxAgeZero),
        (None, age) => Ok(age.unwrap_or(timeouts.default)),
    }
}

/// Whether the response to a request that proves who it is may be given to others who prove nothing.
pub(super) fn needs_authorization(asked: &HeaderMap, answered: &HeaderMap) -> bool {
    let proves = asked
        .get_all(AUTHORIZATION)
        .iter()
        .any(|line| !line.is_empty());
    proves && !split_commas(&control_of(answered)).contains(&"public")
}

/// `Cache-Control` in small letters.
fn control_of(headers: &HeaderMap) -> String {
    let mut whole = String::new();
    for line in headers.get_all(CACHE_CONTROL) {
        if !whole.is_empty() {
            whole.push_str(", ");
        }
        whole.push_str(&String::from_utf8_lossy(line.as_bytes()).to_lowercase());
    }
    whole
}

#[cfg(test)]
mod tests {
    use axum::body::Body;
    use axum::response::IntoResponse;

    use super::*;

    fn check(name: &'static str, value: &'static str, expect: Result<i64, NotKept>) {
        let timeouts = Timeouts {
            page: None,
            default: 600,
        };
        let res = [(name, value)].into_response();
        assert_eq!(verify(&res, timeouts), expect, "{name}: {value}");
    }

    #[test]
    fn cve_2026_8404_the_case_of_a_directive_does_not_count() {
        for value in [
            "PRIVATE",
            "NO-store",
            "max-age=9, No-Cache",
            "no-cache=\"X\"",
        ] {
            check("cache-control", value, Err(NotKept::CacheControl));
        }
        check("cache-control", "PUBLIC", Ok(600));
    }

    #[test]
    fn cve_2026_6907_and_cve_2026_48587_a_page_that_varies_on_all_is_not_kept_however_it_is_written()
     {
        for value in ["*", "Cookie, *", "*, Cookie", " * ", " Cookie ,\t* ", "*,"] {
            check("vary", value, Err(NotKept::VariesOnAll));
        }
        check("vary", "Cookie", Ok(600));
        check("vary", "x-*", Ok(600));
    }

    #[test]
    fn cve_2026_48588_a_page_that_sets_a_cookie_is_not_kept() {
        check("set-cookie", "sessionid=1", Err(NotKept::SetsCookie));
    }

    #[test]
    fn what_is_no_finished_page_is_not_kept() {
        let timeouts = Timeouts {
            page: Some(60),
            default: 600,
        };
        let stream = futures_util::stream::empty::<Result<&str, std::io::Error>>();
        let stream = Response::new(Body::from_stream(stream));
        assert_eq!(verify(&stream, timeouts), Err(NotKept::Streaming));
        for status in [206, 302, 404, 500] {
            let status = StatusCode::from_u16(status).unwrap();
            let res = (status, "page").into_response();
            assert_eq!(verify(&res, timeouts), Err(NotKept::Status));
        }
        let large = vec![0; 8 * 1024 * 1024 + 1].into_response();
        assert_eq!(verify(&large, timeouts), Err(NotKept::TooLarge));
        let told = (axum::Extension(1_u8), "page").into_response();
        assert_eq!(verify(&told, timeouts), Err(NotKept::Extensions));
    }

    #[test]
    fn the_route_decides_before_the_response_and_that_before_the_settings() {
        check("cache-control", "max-age=30", Ok(30));
        check("cache-control", "max-age=0", Err(NotKept::MaxAgeZero));
        check("cache-control", "max-age=-5", Ok(-5));
        check("cache-control", "max-age=junk", Ok(600));
        let res = [("cache-control", "max-age=30")].into_response();
        let timeouts = Timeouts {
            page: Some(5),
            default: 600,
        };
        assert_eq!(verify(&res, timeouts), Ok(5));
    }
}
