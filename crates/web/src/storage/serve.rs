//! Files of visitors, given out so that they stay files.

use axum::response::Response;
use http::HeaderValue;
use http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_SECURITY_POLICY, HeaderName};
use jiff::Timestamp;

use super::files::Files;
use super::name::split;
use super::place::StoredFile;
use crate::Path;
use crate::error::Result;
use crate::page::SiteHandle;
use crate::request_info::RequestInfo;
use crate::response::{FileResponse, content_disposition, guess_content_type};
use crate::urls::{View, get};

/// What a browser may show in its window: it runs nothing of these.
const SHOWN: [&str; 4] = ["image/", "audio/", "video/", "text/plain"];
/// An image that is a page with scripts.
const ACTIVE: &str = "image/svg+xml";

/// The view of files that visitors uploaded: a route whose parameter `name` is a `path`.
///
/// ```
/// use nuages_web::{Files, FileSystemStorage, Urls, serve_files};
///
/// let files = Files::new(FileSystemStorage::new("media", "/media/"));
/// let urls = Urls::new().path("media/<path:name>", serve_files(files), "media");
/// # let _ = urls;
/// ```
///
/// Answers conditional requests and ranges.
///
/// # Security
/// What a browser could run (HTML, SVG, XML, PDF, unknown) is an attachment of no known type; all have
/// `nosniff` and a policy that allows nothing. A domain of its own for such files is safer still.
///
/// # Django
/// `django.views.static.serve` with what its documentation asks of the server in front.
pub fn serve_files(files: Files) -> View {
    get(
        move |Path(name): Path<String>, req: RequestInfo, site: SiteHandle| {
            let files = files.clone();
            async move { serve(&files, &name, &req, site.0.clock().now()).await }
        },
    )
}

async fn serve(files: &Files, name: &str, req: &RequestInfo, now: Timestamp) -> Result {
    let is_hidden = name.split('/').any(|part| part.starts_with('.'));
    let is_control = name.chars().any(char::is_control);
    if is_hidden || is_control {
        return Err(crate::Error::not_found("There is no such file."));
    }
    let stored = match files.open(name).await {
        Ok(stored) => stored,
        // A visitor who tries names learns nothing from the difference.
        Err(super::StorageError::Suspicious(words)) => return Err(crate::Error::not_found(words)),
        Err(error) => return Err(error.into()),
    };
    respond(stored, split(name).1, req, now).await
}

async fn respond(
    stored: StoredFile,
    name: &str,
    req: &RequestInfo,
    now: Timestamp,
) -> Result<Response> {
    let guessed = guess_content_type(name);
    let is_shown = guessed != ACTIVE && SHOWN.iter().any(|kind| guessed.starts_with(kind));
    let content_type = if is_shown {
        guessed
    } else {
        "application/octet-stream"
    };
    let file = FileResponse::of_stored(stored, name).content_type(content_type);
    let mut response = file.answer(req.method(), req.headers(), now).await?;
    let headers = response.headers_mut();
    if let Some(value) = content_disposition(!is_shown, name) {
        headers.insert(CONTENT_DISPOSITION, value);
    }
    let policy = HeaderValue::from_static("default-src 'none'; sandbox");
    headers.insert(CONTENT_SECURITY_POLICY, policy);
    let name = HeaderName::from_static("cross-origin-resource-policy");
    headers.insert(name, HeaderValue::from_static("same-origin"));
    headers
        .entry(CACHE_CONTROL)
        .or_insert(HeaderValue::from_static("private"));
    Ok(response)
}
