//! The extractor of posted forms.

use std::ops::Deref;
use std::sync::Arc;

use axum::extract::{FromRequest, Request};
use http::{HeaderMap, Method, header};

use super::file::UploadedFile;
use super::limits::Limits;
use super::multipart::read_multipart;
use crate::accept::HeaderParams;
use crate::body_limit::refuse_coding;
use crate::data::{Charset, QueryDict};
use crate::error::{Error, Result};
use crate::extract::read_whole;
use crate::settings::WebSettings;
use crate::site_context::SiteContext;

/// The fields and files of a posted form.
///
/// Reads `application/x-www-form-urlencoded` and `multipart/form-data` bodies of POST requests; of
/// anything else it is empty. More than the limits of [`WebSettings`] allow is a 400.
///
/// ```
/// use nuages_web::PostData;
///
/// async fn contact(post: PostData) -> String {
///     format!("Thank you, {}", post.get("name").unwrap_or("stranger"))
/// }
/// ```
///
/// # Django
/// `request.POST` and `request.FILES`.
#[derive(Debug, Clone, Default)]
pub struct PostData {
    fields: QueryDict,
    files: Vec<(String, UploadedFile)>,
}

/// The fields, of which the last value counts.
impl Deref for PostData {
    type Target = QueryDict;

    fn deref(&self) -> &QueryDict {
        &self.fields
    }
}

impl PostData {
    /// The fields.
    pub fn fields(&self) -> &QueryDict {
        &self.fields
    }

    /// The last file of a name.
    pub fn file(&self, name: &str) -> Option<&UploadedFile> {
        let found = self.files.iter().rev().find(|(known, _)| known == name)?;
        Some(&found.1)
    }

    /// Every file with the name of its field, in the order of the request.
    pub fn files(&self) -> impl Iterator<Item = (&str, &UploadedFile)> {
        self.files.iter().map(|(name, file)| (name.as_str(), file))
    }

    /// Reads the body of a request.
    ///
    /// # Errors
    /// 400, in Django's words, when the body cannot be read or is more than the limits allow.
    pub async fn read(req: Request, settings: &WebSettings) -> Result<Self> {
        let (parts, body) = req.into_parts();
        // As in Django, a method in small letters is the same.
        if !parts
            .method
            .as_str()
            .eq_ignore_ascii_case(Method::POST.as_str())
        {
            return Ok(Self::default());
        }
        refuse_coding(&parts.headers)?;
        let content_type = content_type(&parts.headers);
        let essence = content_type.as_ref().map_or("", |parsed| &parsed.value);
        match (essence, &content_type) {
            ("application/x-www-form-urlencoded", Some(parsed)) => {
                if !is_utf8(parsed) {
                    return Err(Error::bad_request(
                        "HTTP requests with the 'application/x-www-form-urlencoded' content type must \
                         be UTF-8 encoded.",
                    ));
                }
                let bytes = read_whole(body, settings.data_upload_max_memory_size).await?;
                let max = settings.data_upload_max_number_fields;
                let fields = QueryDict::parse_bytes(&bytes, max, Charset::UTF_8)
                    .map_err(|error| Error::bad_request(error.to_string()))?;
                Ok(Self {
                    fields,
                    files: Vec::new(),
                })
            }
            ("multipart/form-data", Some(parsed)) => {
                refuse_letters(&parts.headers)?;
                let boundary = boundary(parsed)?;
                let length = content_length(&parts.headers)?;
                if length == Some(0) {
                    return Ok(Self::default());
                }
                let charset = parsed.get("charset").and_then(Charset::of_label);
                let limits = Limits {
                    charset: charset.unwrap_or_default(),
                    ..Limits::new(settings, length)
                };
                let (fields, files) = read_multipart(boundary, body, &limits).await?;
                Ok(Self { fields, files })
            }
            _ => Ok(Self::default()),
        }
    }
}

fn content_type(headers: &HeaderMap) -> Option<HeaderParams> {
    let value = headers.get(header::CONTENT_TYPE)?;
    HeaderParams::parse(&String::from_utf8_lossy(value.as_bytes()))
}

/// A form is UTF-8 unless it names another charset that exists; an unknown one is not heeded.
fn is_utf8(content_type: &HeaderParams) -> bool {
    let charset = content_type
        .get("charset")
        .filter(|label| Charset::of_label(label).is_some());
    charset.is_none_or(|label| label.eq_ignore_ascii_case("utf-8"))
}

/// A boundary is ASCII; what looks like another letter is a trick.
fn refuse_letters(headers: &HeaderMap) -> Result<()> {
    let value = headers
        .get(header::CONTENT_TYPE)
        .map_or(&[][..], |value| value.as_bytes());
    if value.is_ascii() {
        return Ok(());
    }
    let shown = String::from_utf8_lossy(value);
    Err(Error::bad_request(format!(
        "Invalid non-ASCII Content-Type in multipart: {shown}"
    )))
}

fn boundary(content_type: &HeaderParams) -> Result<&str> {
    const MAX_LENGTH: usize = 201;
    let boundary = content_type.get("boundary");
    let is_valid = |text: &&str| {
        let is_printable = text.bytes().all(|byte| matches!(byte, b' '..=b'~'));
        !text.is_empty() && text.len() <= MAX_LENGTH && is_printable && !text.ends_with(' ')
    };
    boundary.filter(is_valid).ok_or_else(|| {
        let shown = boundary.unwrap_or("None").to_owned();
        Error::bad_request(format!("Invalid boundary in multipart: {shown}"))
    })
}

fn content_length(headers: &HeaderMap) -> Result<Option<u64>> {
    let Some(value) = headers.get(header::CONTENT_LENGTH) else {
        return Ok(None);
    };
    let text = value.to_str().unwrap_or("").trim();
    if text.starts_with('-') {
        return Err(Error::bad_request(format!(
            "Invalid content length: {text}"
        )));
    }
    Ok(Some(text.parse().unwrap_or(0)))
}

impl<S: Send + Sync> FromRequest<S> for PostData {
    type Rejection = Error;

    async fn from_request(req: Request, _: &S) -> Result<Self> {
        let settings = SiteContext::of(req.extensions())
            .map_or_else(Arc::default, |site| Arc::clone(site.settings()));
        Self::read(req, &settings).await
    }
}
