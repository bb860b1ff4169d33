//! What a visitor sees whose request CSRF protection refuses, in a site that has its own words for it.

use std::sync::Arc;

use axum::body::Body;
use axum::response::{IntoResponse, Response};
use http::{Request, StatusCode};
use nuages_security::Refusal;
use nuages_security::csrf::{FailureHandler, Rejection, words};
use nuages_template::{ErrorKind, context};
use nuages_web::{Page, RequestInfo, Result, SiteContext};

use crate::built::BuiltSite;

/// The template that stands for the page of Django, where a site has one.
const TEMPLATE: &str = "403_csrf.html";

/// The site's own answer: its view, else its template; `None` leaves the page to the layer.
pub(crate) fn handler(site: &BuiltSite) -> Option<FailureHandler> {
    if let Some(view) = site.csrf_failure.clone() {
        return Some(Arc::new(move |req| view.respond(req)));
    }
    let context = Arc::clone(site.context());
    // One that is there and broken is the site's as well: its mistake shows.
    let found = context.engine().get_template(TEMPLATE);
    if found.is_err_and(|error| error.kind() == ErrorKind::NotFound) {
        return None;
    }
    Some(Arc::new(move |req| {
        let context = Arc::clone(&context);
        Box::pin(async move { Ok(by_template(context, req).await.into_response()) })
    }))
}

/// The template gets what Django gives it.
async fn by_template(site: Arc<SiteContext>, req: Request<Body>) -> Result<Response> {
    let (parts, _) = req.into_parts();
    let (refusal, reason) = match parts.extensions.get::<Rejection>() {
        Some(rejection) => (Some(rejection.refusal), rejection.reason.to_string()),
        None => (None, String::new()),
    };
    let is_debug = site.is_debug();
    let [no_referer1, no_referer2, no_referer3] = words::NO_REFERER;
    let [no_cookie1, no_cookie2] = words::NO_COOKIE;
    let values = context! {
        title: words::TITLE,
        main: words::MAIN,
        reason: reason,
        no_referer: refusal == Some(Refusal::NoReferer),
        no_referer1: no_referer1,
        no_referer2: no_referer2,
        no_referer3: no_referer3,
        no_cookie: refusal == Some(Refusal::NoCsrfCookie),
        no_cookie1: no_cookie1,
        no_cookie2: no_cookie2,
        DEBUG: is_debug,
        more: words::MORE,
    };
    Page::new(site, RequestInfo::new(&parts))
        .status(StatusCode::FORBIDDEN)
        .render(TEMPLATE, values)
        .await
}
