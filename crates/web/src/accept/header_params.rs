//! `form-data; name="a"; filename*=utf-8''%C3%A9`: a header value with parameters.

use std::collections::{BTreeMap, HashMap};
use std::fmt::Write as _;

use percent_encoding::percent_decode_str;

use crate::data::Charset;

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
        let mut params = Params::default();
        let mut continued: BTreeMap<String, Vec<(u64, String, bool)>> = BTreeMap::new();
        let mut order = Vec::new();
        for piece in pieces {
            let (name, text) = piece.split_once('=').unwrap_or((&piece, ""));
            let (name, text) = (name.trim(), unquote(text.trim()));
            match continuation(name) {
                Some((base, number)) => {
                    let pieces = continued.entry(base.clone()).or_default();
                    if pieces.is_empty() {
                        order.push(base);
                    }
                    pieces.push((number, text, name.ends_with('*')));
                }
                None if name.is_empty() => {}
                None => params.set(name.to_owned(), text),
            }
        }
        for name in order {
            let mut pieces = continued.remove(&name).unwrap_or_default();
            pieces.sort();
            let text = join(&pieces)?;
            params.set(name, text);
        }
        let params = params.list;
        Some(Self { value, params })
    }

    /// One parameter.
    pub fn get(&self, name: &str) -> Option<&str> {
        let found = self.params.iter().find(|(known, _)| known == name)?;
        Some(&found.1)
    }
}

/// Parameters in order, found by name: of thousands of names none is looked for among all others.
#[derive(Default)]
struct Params {
    list: Vec<(String, String)>,
    places: HashMap<String, usize>,
}

impl Params {
    fn set(&mut self, name: String, text: String) {
        if let Some(place) = self.places.get(&name) {
            self.list[*place].1 = text;
            return;
        }
        self.places.insert(name.clone(), self.list.len());
        self.list.push((name, text));
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
    let is_word = !base.is_empty() && base.bytes().all(|c| c.is_ascii_alphanumeric() || c == b'_');
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

/// Joins the pieces of RFC 2231; `None` when they name an encoding that nobody knows.
fn join(pieces: &[(u64, String, bool)]) -> Option<String> {
    let mut is_extended = false;
    let mut whole = String::new();
    for (_, text, is_encoded) in pieces {
        if *is_encoded {
            is_extended = true;
            // Each byte is a letter until the encoding is known.
            whole.extend(percent_decode_latin(text));
        } else {
            whole.push_str(text);
        }
    }
    if !is_extended {
        return Some(whole);
    }
    let mut parts = whole.splitn(3, '\'');
    let (label, text) = match (parts.next(), parts.next(), parts.next()) {
        (Some(label), Some(_), Some(text)) => (label, text),
        _ => ("us-ascii", whole.as_str()),
    };
    if label.is_empty() {
        return Some(unquote(text));
    }
    let charset = Charset::of_label(label)?;
    Some(charset.decode(&bytes_of(text)).into_owned())
}

/// Escapes undone, each byte a letter of Latin-1; other letters stay.
fn percent_decode_latin(text: &str) -> impl Iterator<Item = char> {
    text.split_inclusive(|c: char| !c.is_ascii())
        .flat_map(|part| {
            let end = part.trim_end_matches(|c: char| !c.is_ascii()).len();
            let (ascii, letter) = part.split_at(end);
            percent_decode_str(ascii)
                .map(char::from)
                .chain(letter.chars())
        })
}

/// The bytes that letters of Latin-1 stand for; others are written out, as Python does it.
fn bytes_of(text: &str) -> Vec<u8> {
    let mut escaped = String::new();
    let mut bytes = Vec::with_capacity(text.len());
    for letter in text.chars() {
        let number = u32::from(letter);
        if let Ok(byte) = u8::try_from(number) {
            bytes.push(byte);
            continue;
        }
        escaped.clear();
        // Writing to a String does not fail.
        let _ = match number {
            0..=0xffff => write!(escaped, "\\u{number:04x}"),
            _ => write!(escaped, "\\U{number:08x}"),
        };
        bytes.extend_from_slice(escaped.as_bytes());
    }
    bytes
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
        check("a; f*=koi8-r'ru'%C1", "a", &[("f", "а")]);
        check("a; f*=\"UTF-8''%C3%A9.", "a", &[("f", "é.")]);
        check("a; é*=b", "a", &[("é*", "b")]);
        check("a; f*=utf-8''é", "a", &[("f", "\u{fffd}")]);
        check("a; f*=%C3%A9", "a", &[("f", "\u{fffd}\u{fffd}")]);
        check("a; f*=''%22%C3%A9%22", "a", &[("f", "Ã©")]);
        check("a; f*=utf-8''%22a%22", "a", &[("f", "\"a\"")]);
        check("a; f*=utf-8'x", "a", &[("f", "utf-8'x")]);
        check("a; f*=windows-1252''%80€", "a", &[("f", "€\\u20ac")]);
        assert_eq!(HeaderParams::parse("a; f*=klingon''x"), None);
    }

    proptest! {
        #[test]
        fn any_text_can_be_read(line in ".*") {
            let _ = HeaderParams::parse(&line);
        }
    }
}
