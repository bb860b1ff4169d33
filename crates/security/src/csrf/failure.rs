//! The page that a refused visitor sees.

use std::fmt::Write;
use std::sync::Arc;

use axum_core::body::Body;
use http::request::Parts;
use http::{Request, Response};

use super::Rejection;
use crate::csp::Nonce;
use crate::{Refusal, ResponseFuture, page};

/// What a failure view gets to know.
#[derive(Debug)]
pub struct FailureContext<'a> {
    /// The request without its body.
    pub parts: &'a Parts,
    /// Why it was refused.
    pub rejection: &'a Rejection,
    /// The site is in debug mode: the reason may be shown.
    pub debug: bool,
}

/// Makes the response to a refused request.
///
/// # Django
/// `CSRF_FAILURE_VIEW`.
pub type FailureView = Arc<dyn Fn(&FailureContext<'_>) -> Response<Body> + Send + Sync>;

/// Answers refused requests as a view does: it may wait, render templates, ask extractors.
///
/// It gets the request without its body, with the [`Rejection`] in its extensions.
pub type FailureHandler = Arc<dyn Fn(Request<Body>) -> ResponseFuture + Send + Sync>;

/// The page of Django: fixed words, and in debug mode the reason and what to do about it.
///
/// # Django
/// `django.views.csrf.csrf_failure`.
pub fn failure_page(context: &FailureContext<'_>) -> Response<Body> {
    let status = context.rejection.refusal.status();
    if !status.is_client_error() {
        return page::html(status, page::SERVER_ERROR);
    }
    if status == http::StatusCode::BAD_REQUEST {
        return page::html(status, page::BAD_REQUEST);
    }
    let nonce = context.parts.extensions.get::<Nonce>();
    let refusal = Some(context.rejection.refusal);
    let text = render(refusal, &context.rejection.reason, context.debug, nonce);
    page::html(status, text)
}

const STYLE: &str = "    html * { padding:0; margin:0; }
    body * { padding:10px 20px; }
    body * * { padding:0; }
    body { font-family: sans-serif; background:#eee; color:#000; }
    body>div { border-bottom:1px solid #ddd; }
    h1 { font-weight:normal; margin-bottom:.4em; }
    h1 span { font-size:60%; color:#666; font-weight:normal; }
    #info { background:#f6f6f6; }
    #info ul { margin: 0.5em 4em; }
    #info p, #summary p { padding-top:10px; }
    #summary { background: #ffc; }
    #explanation { background:#eee; border-bottom: 0px none; }
";

/// The words of the page, for templates that say them in another frame.
pub mod words {
    /// The heading.
    pub const TITLE: &str = "Forbidden";
    /// What happened.
    pub const MAIN: &str = "CSRF verification failed. Request aborted.";
    /// What to do when the browser sends no `Referer`.
    pub const NO_REFERER: [&str; 3] = [
        "You are seeing this message because this HTTPS site requires a “Referer header” to be sent by \
         your web browser, but none was sent. This header is required for security reasons, to ensure \
         that your browser is not being hijacked by third parties.",
        "If you have configured your browser to disable “Referer” headers, please re-enable them, at \
         least for this site, or for HTTPS connections, or for “same-origin” requests.",
        "If you are using the <meta name=\"referrer\" content=\"no-referrer\"> tag or including the \
         “Referrer-Policy: no-referrer” header, please remove them. The CSRF protection requires the \
         “Referer” header to do strict referer checking. If you’re concerned about privacy, use \
         alternatives like <a rel=\"noreferrer\" …> for links to third-party sites.",
    ];
    /// What to do when the browser sends no cookie.
    pub const NO_COOKIE: [&str; 2] = [
        "You are seeing this message because this site requires a CSRF cookie when submitting forms. \
         This cookie is required for security reasons, to ensure that your browser is not being \
         hijacked by third parties.",
        "If you have configured your browser to disable cookies, please re-enable them, at least for \
         this site, or for “same-origin” requests.",
    ];
    /// Where to learn more.
    pub const MORE: &str = "More information is available with DEBUG=True.";
}

fn paragraphs(texts: &[&str], out: &mut String) {
    for text in texts {
        out.push_str("\n  <p>");
        page::escape(text, out);
        out.push_str("</p>");
    }
    out.push('\n');
}

const HELP: &str = include_str!("failure_help.html");

/// The page itself.
fn render(refusal: Option<Refusal>, reason: &str, debug: bool, nonce: Option<&Nonce>) -> String {
    let mut text = String::with_capacity(4096);
    text.push_str(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n  <meta http-equiv=\"content-type\" \
         content=\"text/html; charset=utf-8\">\n  <meta name=\"robots\" \
         content=\"NONE,NOARCHIVE\">\n  <title>403 Forbidden</title>\n",
    );
    match nonce {
        Some(nonce) => {
            let _ = writeln!(text, "  <style nonce=\"{}\">", nonce.get());
        }
        None => text.push_str("  <style>\n"),
    }
    text.push_str(STYLE);
    text.push_str(
        "  </style>\n</head>\n<body>\n<div id=\"summary\">\n  <h1>Forbidden \
         <span>(403)</span></h1>\n  <p>CSRF verification failed. Request aborted.</p>\n",
    );
    if refusal == Some(Refusal::NoReferer) {
        paragraphs(&words::NO_REFERER, &mut text);
    }
    text.push('\n');
    if refusal == Some(Refusal::NoCsrfCookie) {
        paragraphs(&words::NO_COOKIE, &mut text);
    }
    text.push_str("\n</div>\n");
    if debug {
        text.push_str("\n<div id=\"info\">\n  <h2>Help</h2>\n    ");
        if !reason.is_empty() {
            text.push_str("\n    <p>Reason given for failure:</p>\n    <pre>\n    ");
            page::escape(reason, &mut text);
            text.push_str("\n    </pre>\n    ");
        }
        text.push_str(HELP);
    } else {
        text.push_str(
            "\n<div id=\"explanation\">\n  <p><small>More information is available with \
             DEBUG=True.</small></p>\n</div>\n",
        );
    }
    text.push_str("\n</body>\n</html>\n");
    text
}
