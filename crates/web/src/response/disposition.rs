//! `Content-Disposition`: under which name a browser keeps a response.

use http::HeaderValue;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

const NAME: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'_')
    .remove(b'.')
    .remove(b'-')
    .remove(b'~')
    .remove(b'/');

/// The value of `Content-Disposition`; `None` for a response without a name that is shown.
///
/// ```
/// use nuages_web::content_disposition;
///
/// let header = |name| content_disposition(true, name).unwrap();
/// assert_eq!(header("a \"b\".txt"), r#"attachment; filename="a \"b\".txt""#);
/// assert_eq!(header("é.txt"), "attachment; filename*=utf-8''%C3%A9.txt");
/// assert_eq!(content_disposition(false, ""), None);
/// ```
///
/// # Security
/// Quotes and line ends of the name cannot end the header or add another one.
///
/// # Django
/// `content_disposition_header`.
pub fn content_disposition(as_attachment: bool, file_name: &str) -> Option<HeaderValue> {
    let kind = if as_attachment {
        "attachment"
    } else {
        "inline"
    };
    if file_name.is_empty() {
        return as_attachment.then(|| HeaderValue::from_static("attachment"));
    }
    let is_quotable = file_name
        .bytes()
        .all(|byte| matches!(byte, b'\t' | b' '..=b'~'));
    let name = if is_quotable {
        let quoted = file_name.replace('\\', "\\\\").replace('"', "\\\"");
        format!("filename=\"{quoted}\"")
    } else {
        format!("filename*=utf-8''{}", utf8_percent_encode(file_name, NAME))
    };
    HeaderValue::try_from(format!("{kind}; {name}")).ok()
}
