//! Entity tags: names of the content of a response.

use std::fmt::Write as _;

use md5::{Digest, Md5};

/// The tags of `If-Match` or `If-None-Match`; what is no tag is left out.
///
/// ```
/// use nuages_web::conditional::parse_etags;
///
/// assert_eq!(parse_etags(r#""a", W/"b", c"#), [r#""a""#, r#"W/"b""#]);
/// assert_eq!(parse_etags(" * "), ["*"]);
/// ```
///
/// # Django
/// `django.utils.http.parse_etags`.
pub fn parse_etags(header: &str) -> Vec<&str> {
    if header.trim() == "*" {
        return vec!["*"];
    }
    header
        .split(',')
        .map(str::trim)
        .filter(|tag| is_etag(tag))
        .collect()
}

/// A tag with its quotes, which are added to a text that has none.
///
/// ```
/// use nuages_web::conditional::quote_etag;
///
/// assert_eq!(quote_etag("v1"), r#""v1""#);
/// assert_eq!(quote_etag(r#"W/"v1""#), r#"W/"v1""#);
/// ```
///
/// # Django
/// `django.utils.http.quote_etag`.
pub fn quote_etag(tag: &str) -> String {
    if is_etag(tag) {
        tag.to_owned()
    } else {
        format!("\"{tag}\"")
    }
}

/// The tag of a content: the same content has the same tag.
///
/// ```
/// use nuages_web::conditional::etag_of;
///
/// assert_eq!(etag_of(b"full body"), r#""f9397a0c5d5179e162db2b10a390eb08""#);
/// ```
///
/// # Security
/// This is MD5 as in Django: whoever can choose the content can make two with one tag, and thereby
/// only spoil their own cached copy.
///
/// # Django
/// What `set_response_etag` computes.
pub fn etag_of(content: &[u8]) -> String {
    let mut tag = String::with_capacity(34);
    tag.push('"');
    for byte in Md5::digest(content) {
        // Writing to a String does not fail.
        let _ = write!(tag, "{byte:02x}");
    }
    tag.push('"');
    tag
}

fn is_etag(text: &str) -> bool {
    let quoted = text.strip_prefix("W/").unwrap_or(text);
    let inner = quoted
        .strip_prefix('"')
        .and_then(|text| text.strip_suffix('"'));
    inner.is_some_and(|inner| !inner.contains('"'))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_quoted_tag_without_quotes_inside_is_read_back(tag in "[^\",]*") {
            let quoted = quote_etag(&tag);
            prop_assert_eq!(parse_etags(&quoted), [quoted.as_str()]);
        }

        #[test]
        fn any_header_can_be_read(header in ".*") {
            for tag in parse_etags(&header) {
                prop_assert!(header.contains(tag));
            }
        }
    }
}
