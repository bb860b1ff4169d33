//! `form-data; name="a"; filename*=utf-8''%C3%A9`: a header value with parameters.

use std::borrow::Cow;
use std::collections::BTreeMap;

use percent_encoding::percent_decode_str;

/// Longer values are not read.
const MAX_LENGTH: usize = 10_000;

/// A header value with its parameters, names in lower case.
///
/// ```
/// use nuages_web::HeaderParams;
///
/// let header = HeaderParams::parse("Text/HTML; charset=\"utf-8\"").unwrap();
/// assert_eq!(header.value, "text/html");
/// assert_eq!(header.get("charset"), Some("utf-8"));
/// ```
///
/// # Django
/// `django.utils.http.parse_header_parameters`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct HeaderParams {
    /// What stands before the first semicolon, in lower case.
    pub value: String,
    /// The parameters in order.
    pub params: Vec<(String, String)>,
}

impl HeaderParams {
    /// Takes a header value apart; `None` when it is too long or names an unknown encoding.
    ///
    /// # Django
    /// `parse_header_parameters`, quirks of Python's `email` included.
    pub fn parse(line: &str) -> Option<Self> {
        Self::parse_within(line, MAX_LENGTH)
    }

    /// The same for a value of at most so many characters.
    ///
    /// ```
    /// use nuages_web::HeaderParams;
    ///
    /// assert!(HeaderParams::parse_within("text/html; a=b", 20).is_some());
    /// assert!(HeaderParams::parse_within("text/html; a=b", 9).is_none());
    /// ```
    ///
    /// # Django
    /// `parse_header_parameters(line, max_length)`.
    pub fn parse_within(line: &str, max_length: usize) -> Option<Self> {
        if line.chars().count() > max_length {
            return None;
        }
        if !line.contains(';') {
            return Some(Self {
                value: line.trim().to_lowercase(),
                params: Vec::new(),
            });
        }
        let mut pieces = split(line).into_iter();
        let first = pieces.next().unwrap_or_default();
        let value = first.split('=').next().unwrap_or("").trim().to_lowercase();
        let mut params = Vec::new();
        let mut continued: BTreeMap<String, Vec<(u64, String, bool)>> = BTreeMap::new();
        let mut order = Vec::new();
        for piece in pieces {
            let (name, text) = piece.split_once('=').unwrap_or((&piece, ""));
            let (name, text) = (name.trim(), unquote(text.trim()));
            match continuation(name) {
                Some((base, number)) => {
                    if !order.contains(&base) {
                        order.push(base.clone());
                    }
                    let is_encoded = name.ends_with('*');
                    continued
                        .entry(base)
                        .or_default()
                        .push((number, text, is_encoded));
                }
                None if name.is_empty() => {}
                None => set(&mut params, name.to_owned(), text),
            }
        }
        for name in order {
            let mut pieces = continued.remove(&name).unwrap_or_default();
            pieces.sort();
            let text = join(pieces)?;
            set(&mut params, name, text);
        }
        Some(Self { value, params })
    }

    /// One parameter.
    pub fn get(&self, name: &str) -> Option<&str> {
        let found = self.params.iter().find(|(known, _)| known == name)?;
        Some(&found.1)
    }
}

fn set(params: &mut Vec<(String, String)>, name: String, text: String) {
    match params.iter_mut().find(|(known, _)| *known == name) {
        Some((_, known)) => *known = text,
        None => params.push((name, text)),
    }
}

/// Splits at the semicolons that are not in quotes.
fn split(line: &str) -> Vec<String> {
    let mut pieces = Vec::new();
    let mut rest = Some(line);
    while let Some(text) = rest {
        let end = end_of_piece(text);
        let piece = &text[..end];
        pieces.push(match piece.split_once('=') {
            Some((name, value)) => format!("{}={}", name.trim().to_lowercase(), value.trim()),
            None => piece.trim().to_owned(),
        });
        rest = text.get(end + 1..);
    }
    pieces
}

fn end_of_piece(text: &str) -> usize {
    let mut quotes = 0_usize;
    let mut escaped = 0_usize;
    let bytes = text.as_bytes();
    for (at, byte) in bytes.iter().enumerate() {
        match byte {
            b'"' => {
                quotes += 1;
                if at > 0 && bytes[at - 1] == b'\\' {
                    escaped += 1;
                }
            }
            b';' if at == 0 || (quotes - escaped).is_multiple_of(2) => return at,
            _ => {}
        }
    }
    text.len()
}

fn unquote(text: &str) -> String {
    if text.len() > 1 {
        if let Some(inner) = text
            .strip_prefix('"')
            .and_then(|text| text.strip_suffix('"'))
        {
            return inner.replace("\\\\", "\\").replace("\\\"", "\"");
        }
        if let Some(inner) = text
            .strip_prefix('<')
            .and_then(|text| text.strip_suffix('>'))
        {
            return inner.to_owned();
        }
    }
    text.to_owned()
}

/// `name*`, `name*0` and `name*0*` belong to `name`.
fn continuation(name: &str) -> Option<(String, u64)> {
    let (base, number) = name.split_once('*')?;
    let is_word = !base.is_empty() && base.chars().all(|c| c.is_alphanumeric() || c == '_');
    if !is_word {
        return None;
    }
    if number.is_empty() {
        return Some((base.to_owned(), 0));
    }
    let digits = number.strip_suffix('*').unwrap_or(number);
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    Some((base.to_owned(), digits.parse().unwrap_or(u64::MAX)))
}

/// Joins the pieces of RFC 2231; only UTF-8, ASCII and Latin-1 are known.
fn join(pieces: Vec<(u64, String, bool)>) -> Option<String> {
    let mut is_extended = false;
    let mut bytes: Vec<u8> = Vec::new();
    for (_, text, is_encoded) in pieces {
        if is_encoded {
            is_extended = true;
            bytes.extend(percent_decode_str(&text));
        } else {
            bytes.extend(text.bytes());
        }
    }
    if !is_extended {
        return Some(String::from_utf8_lossy(&bytes).into_owned());
    }
    let mut quotes = bytes.splitn(3, |byte| *byte == b'\'');
    let (charset, text) = match (quotes.next(), quotes.next(), quotes.next()) {
        (Some(charset), Some(_), Some(text)) => (String::from_utf8_lossy(charset), text),
        _ => (Cow::Borrowed(""), bytes.as_slice()),
    };
    let text = unquote(&match &*charset.to_ascii_lowercase().replace('_', "-") {
        "utf-8" | "utf8" | "" | "us-ascii" | "ascii" => String::from_utf8_lossy(text).into_owned(),
        "iso-8859-1" | "latin-1" | "latin1" => text.iter().copied().map(char::from).collect(),
        _ => return None,
    });
    Some(text)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn check(line: &str, value: &str, params: &[(&str, &str)]) {
        let parsed = HeaderParams::parse(line).unwrap();
        let found: Vec<(&str, &str)> = parsed
            .params
            .iter()
            .map(|(name, text)| (name.as_str(), text.as_str()))
            .collect();
        assert_eq!(
            (parsed.value.as_str(), found.as_slice()),
            (value, params),
            "{line}"
        );
    }

    #[test]
    fn parameters_are_unquoted() {
        check("Text/HTML ", "text/html", &[]);
        check("a; B=c", "a", &[("b", "c")]);
        check(
            r#"a; b="x;y"; c="q\"r""#,
            "a",
            &[("b", "x;y"), ("c", "q\"r")],
        );
    }

    #[test]
    fn encoded_parameters_are_decoded() {
        check("a; f*=utf-8''%C3%A9.txt", "a", &[("f", "é.txt")]);
        check("a; f*0=x; f*1=y", "a", &[("f", "xy")]);
        assert_eq!(HeaderParams::parse("a; f*=klingon''x"), None);
    }

    proptest! {
        #[test]
        fn any_text_can_be_read(line in ".*") {
            let _ = HeaderParams::parse(&line);
        }
    }
}
