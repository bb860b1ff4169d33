//! Percent signs: how a path is written into a URL and read out of it.

use std::borrow::Cow;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

/// What stays as it is in a path: the `pchar` of RFC 3986, and the slash.
const PATH: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'_')
    .remove(b'.')
    .remove(b'-')
    .remove(b'~')
    .remove(b'!')
    .remove(b'$')
    .remove(b'&')
    .remove(b'\'')
    .remove(b'(')
    .remove(b')')
    .remove(b'*')
    .remove(b'+')
    .remove(b',')
    .remove(b';')
    .remove(b'=')
    .remove(b'/')
    .remove(b':')
    .remove(b'@');

/// Writes decoded text as the path of a URL.
pub(crate) fn quote_path(path: &str) -> String {
    utf8_percent_encode(path, PATH).to_string()
}

/// The same for a path that nobody needs any more: most have nothing to quote, and stay what they are.
pub(crate) fn quote_whole_path(path: String) -> String {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"/-_.".contains(&byte);
    if path.bytes().all(is_plain) {
        return path;
    }
    quote_path(&path)
}

/// Keeps a path from being read as the name of another host.
///
/// # Django
/// `escape_leading_slashes`.
pub(crate) fn escape_leading_slashes(url: String) -> String {
    match url.strip_prefix("//") {
        Some(rest) => format!("/%2F{rest}"),
        None => url,
    }
}

/// The decoded path of a request target; bytes that are not UTF-8 stay percent-encoded.
///
/// # Django
/// `request.path_info` with `repercent_broken_unicode`.
pub(crate) fn decode_path(raw: &str) -> Cow<'_, str> {
    if !raw.contains('%') {
        return Cow::Borrowed(raw);
    }
    let bytes: Vec<u8> = percent_decode_str(raw).collect();
    let bytes = match String::from_utf8(bytes) {
        Ok(text) => return Cow::Owned(text),
        Err(error) => error.into_bytes(),
    };
    let mut text = String::with_capacity(bytes.len() * 3);
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        for byte in chunk.invalid() {
            text.push_str(percent_encoding::percent_encode_byte(*byte));
        }
    }
    Cow::Owned(text)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn paths_keep_the_characters_that_paths_may_have() {
        assert_eq!(
            quote_path("/a b/é/+$*/@:?#%"),
            "/a%20b/%C3%A9/+$*/@:%3F%23%25"
        );
    }

    #[test]
    fn two_leading_slashes_never_name_a_host() {
        assert_eq!(
            escape_leading_slashes("//evil.example/".into()),
            "/%2Fevil.example/"
        );
        assert_eq!(escape_leading_slashes("/a//b".into()), "/a//b");
    }

    #[test]
    fn broken_utf8_stays_percent_encoded() {
        assert_eq!(decode_path("/%C3%A9/%ff/%"), "/é/%FF/%");
    }

    proptest! {
        #[test]
        fn quoting_is_undone_by_decoding(path in "\\PC*") {
            let quoted = quote_path(&path);
            prop_assert_eq!(decode_path(&quoted), path);
        }

        #[test]
        fn decoding_takes_any_text(raw in ".*") {
            let _ = decode_path(&raw);
        }
    }
}
