//! The pages of debug mode: what was tried, and what went wrong.
//!
//! They show the request's method and path, URL patterns, error messages and template excerpts.
//! They never show settings, headers, cookies or posted data.

use std::fmt::Write;

use nuages_security::csp::Nonce;
use nuages_template::push_escaped;

use crate::error::ErrorReport;
use crate::request_info::RequestInfo;
use crate::urls::UrlTable;

const STYLE: &str = include_str!("debug.css");

/// What the pages know of the request.
pub(super) struct DebugPage<'a> {
    pub(super) req: Option<&'a RequestInfo>,
}

/// HTML in the making: text is escaped, markup is ours.
struct Html(String);

impl Html {
    fn markup(&mut self, markup: &'static str) -> &mut Self {
        self.0.push_str(markup);
        self
    }

    fn text(&mut self, text: &str) -> &mut Self {
        push_escaped(&mut self.0, text);
        self
    }
}

impl DebugPage<'_> {
    fn open(&self, title: &str, status: u16, message: &str) -> Html {
        let mut html = Html(String::with_capacity(4096));
        html.markup("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"robots\" content=\"NONE,NOARCHIVE\">\n<title>");
        html.text(title).markup(" at ");
        html.text(self.req.map_or("", RequestInfo::path))
            .markup("</title>\n<style");
        if let Some(nonce) = self.req.and_then(|req| req.extension::<Nonce>()) {
            html.markup(" nonce=\"").text(nonce.get()).markup("\"");
        }
        html.markup(">\n")
            .markup(STYLE)
            .markup("</style>\n</head>\n<body>\n<header id=\"summary\">\n<h1>");
        html.text(title).markup(" <small>(");
        let _ = write!(html.0, "{status}");
        html.markup(")</small></h1>\n");
        if !message.is_empty() {
            html.markup("<pre class=\"exception_value\">")
                .text(message)
                .markup("</pre>\n");
        }
        if let Some(req) = self.req {
            html.markup("<table class=\"meta\">\n<tr><th scope=\"row\">Request Method:</th><td>")
                .text(req.method().as_str())
                .markup("</td></tr>\n<tr><th scope=\"row\">Request URL:</th><td>");
            let url = req.absolute_url(&format!("//{}", req.uri().path()));
            html.text(url.as_deref().unwrap_or(req.uri().path()))
                .markup("</td></tr>\n");
            if let Some(found) = req.resolver_match() {
                let name = if found.view_name().is_empty() {
                    found.route()
                } else {
                    found.view_name()
                };
                html.markup("<tr><th scope=\"row\">View:</th><td>")
                    .text(name)
                    .markup("</td></tr>\n");
            }
            html.markup("</table>\n");
        }
        html.markup("</header>\n<main id=\"info\">\n");
        html
    }

    fn close(mut html: Html) -> String {
        html.markup(
            "</main>\n<footer id=\"explanation\"><p>You’re seeing this error because you have \
             <code>debug = true</code> in your settings. Change that to <code>false</code>, and \
             Nuages will display a standard page.</p></footer>\n</body>\n</html>\n",
        );
        html.0
    }

    /// A view said 404.
    pub(super) fn raised_404(&self, message: &str) -> String {
        Self::close(self.open("Page not found", 404, message))
    }
}

/// No route matched: these were tried.
pub(super) fn technical_404(page: &DebugPage<'_>, urls: &UrlTable) -> String {
    let mut html = page.open("Page not found", 404, "");
    let path = page.req.map_or("/", RequestInfo::path);
    let tried = urls.tried(path);
    if !tried.is_empty() {
        html.markup("<p>Nuages tried these URL patterns, in this order:</p>\n<ol>\n");
        for routes in &tried {
            html.markup("<li>");
            for (at, route) in routes.iter().enumerate() {
                html.markup("<code>").text(&route.route);
                if let Some(name) = route.name.as_deref().filter(|_| at + 1 == routes.len()) {
                    html.markup(" [name='").text(name).markup("']");
                }
                html.markup("</code> ");
            }
            html.markup("</li>\n");
        }
        html.markup("</ol>\n");
    }
    let relative = path.strip_prefix('/').unwrap_or(path);
    if relative.is_empty() {
        html.markup("<p>The empty path didn’t match any of these.</p>\n");
    } else {
        html.markup("<p>The current path, <code>")
            .text(relative)
            .markup("</code>, didn’t match any of these.</p>\n");
    }
    DebugPage::close(html)
}

/// A view failed: the error, its causes, and the place in the template.
pub(super) fn technical_500(page: &DebugPage<'_>, report: &ErrorReport) -> String {
    let chain = report.chain();
    let mut html = page.open(
        "Server error",
        500,
        chain.first().map_or("", String::as_str),
    );
    if let Some(hint) = report.hint() {
        html.markup("<p><strong>Hint:</strong> ")
            .text(hint)
            .markup("</p>\n");
    }
    if chain.len() > 1 {
        html.markup("<h2>Caused by</h2>\n<ol>\n");
        for cause in &chain[1..] {
            html.markup("<li>").text(cause).markup("</li>\n");
        }
        html.markup("</ol>\n");
    }
    if let Some(error) = report.template_error() {
        html.markup("<h2>Error during template rendering</h2>\n<p>");
        if let Some(template) = error.template() {
            html.markup("In template <code>")
                .text(template)
                .markup("</code>");
            if let Some(line) = error.line() {
                html.markup(", error at line ").text(&line.to_string());
            }
        }
        html.markup("</p>\n");
        if let Some(hint) = error.hint() {
            html.markup("<p><strong>Hint:</strong> ")
                .text(hint)
                .markup("</p>\n");
        }
        if let Some(excerpt) = error.excerpt() {
            html.markup("<pre class=\"excerpt\">")
                .text(excerpt)
                .markup("</pre>\n");
        }
    }
    DebugPage::close(html)
}
