//! Which error page a response gets.

use std::any::Any;
use std::sync::Arc;

use axum::body::Body;
use axum::response::Response;
use http::header::{CONTENT_LENGTH, CONTENT_TYPE};
use http::{Method, StatusCode};
use nuages_template::{Context, context};

use super::debug::{DebugPage, technical_404, technical_500};
use super::plain::HTML;
use crate::error::{Error, ErrorKind, ErrorReport};
use crate::page::Page;
use crate::request_info::RequestInfo;
use crate::services::PageServices;
use crate::site_context::SiteContext;
use crate::urls::quote_path;

/// Marks a response whose error page has been written, so that outer layers leave it alone.
#[derive(Debug, Clone, Copy)]
pub(crate) struct WrittenPage;

/// What a panic becomes: a server error that quotes it in the log only.
#[cold]
pub(crate) fn panic_error(panic: &(dyn Any + Send)) -> Error {
    let message = panic
        .downcast_ref::<&'static str>()
        .map(|message| (*message).to_owned())
        .or_else(|| panic.downcast_ref::<String>().cloned())
        .unwrap_or_else(|| "no message".to_owned());
    Error::server(format!("panicked: {message}"))
}

/// Writes the error page of a response.
pub(crate) struct ErrorPage<'a> {
    pub(crate) site: &'a Arc<SiteContext>,
    /// What is known of the request, if it was copied before it went to the view.
    pub(crate) copy: Option<&'a RequestInfo>,
}

impl ErrorPage<'_> {
    /// The response with the page that the site has for it.
    #[cold]
    pub(crate) async fn write(&self, response: Response, method: &Method) -> Response {
        let report = response.extensions().get::<ErrorReport>().cloned();
        let html = self.html(response.status(), report).await;
        replace(response, html, method)
    }

    /// The page of a path that leads nowhere.
    pub(crate) async fn write_not_found(&self, response: Response) -> Response {
        let Some(copy) = self.copy else {
            return response;
        };
        let html = if self.site.debug {
            Some(technical_404(
                &DebugPage { req: Some(copy) },
                &self.site.urls,
            ))
        } else {
            let report = response.extensions().get::<ErrorReport>().cloned();
            self.html(response.status(), report).await
        };
        replace(response, html, copy.method())
    }

    async fn html(&self, status: StatusCode, report: Option<ErrorReport>) -> Option<String> {
        let report = report.as_ref();
        let kind = report.map(ErrorReport::kind);
        if self.site.debug && kind == Some(ErrorKind::Server) {
            let page = DebugPage { req: self.copy };
            return report.map(|report| technical_500(&page, report));
        }
        let message = report.map_or("", ErrorReport::message);
        if self.site.debug
            && let (Some(ErrorKind::NotFound), Some(_)) = (kind, self.copy)
        {
            return Some(DebugPage { req: self.copy }.raised_404(message));
        }
        if !self.site.error_pages.has(status.as_u16()) {
            return None;
        }
        match self.site_page(status, message).await {
            Ok(html) => Some(html),
            Err(error) => {
                tracing::error!(target: "nuages.request", "the error page {status} failed: {error:?}");
                None
            }
        }
    }

    /// The site's own page: with the request for 403 and 404, and without anything for the others,
    /// whose cause may be the very thing that a page would ask for.
    async fn site_page(&self, status: StatusCode, message: &str) -> Result<String, Error> {
        let name = format!("{}.html", status.as_u16());
        match self.copy {
            Some(copy) if matches!(status, StatusCode::FORBIDDEN | StatusCode::NOT_FOUND) => {
                let page = Page::new(Arc::clone(self.site), copy.clone());
                let request_path = quote_path(copy.path());
                let context = context! { request_path, exception: message };
                page.render_to_string(&name, context).await
            }
            _ => {
                let services = PageServices::new(self.site, String::new());
                let template = self.site.engine.get_template(&name)?;
                Ok(template.render(&Context::new(), &services)?)
            }
        }
    }
}

fn replace(response: Response, html: Option<String>, method: &Method) -> Response {
    let (mut parts, plain) = response.into_parts();
    parts.extensions.insert(WrittenPage);
    let body = match html {
        Some(html) => {
            parts.headers.remove(CONTENT_LENGTH);
            parts.headers.insert(CONTENT_TYPE, HTML);
            Body::from(html)
        }
        None => plain,
    };
    let is_head = *method == Method::HEAD;
    Response::from_parts(parts, if is_head { Body::empty() } else { body })
}
