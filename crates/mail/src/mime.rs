//! The form in which mails travel: headers of RFC 5322 and 2047, bodies of RFC 2045.
//!
//! Our own and small: `mail-builder` costs 3 CPU-seconds of a clean build, the builder of `lettre` more than 20 (most of it `idna` with its tables).

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use nuages_crypto::random_string;

use crate::address::Address;
use crate::error::Error;
use crate::message::{Attachment, EmailMessage};

/// A line that is not longer is easy on every reader.
const SHORT: usize = 76;
/// No line may be longer.
const LONGEST: usize = 998;
/// How many bytes of text one encoded word holds.
const WORD: usize = 42;

/// Writes a header of text.
///
/// # Errors
/// When its name is none, or its value has control characters in it: a line break would begin another header.
pub(crate) fn text_header(out: &mut Vec<u8>, name: &str, value: &str) -> Result<(), Error> {
    let is_name = |byte: u8| byte.is_ascii_graphic() && byte != b':';
    if name.is_empty() || !name.bytes().all(is_name) {
        return Err(Error::BadHeader("?".to_owned()));
    }
    if value.chars().any(|char| char.is_control() && char != '\t') {
        return Err(Error::BadHeader(name.to_owned()));
    }
    out.extend_from_slice(name.as_bytes());
    out.extend_from_slice(b": ");
    let too_long = |word: &str| word.len() > LONGEST - SHORT;
    let plain = value.is_ascii() && !value.contains("=?") && !value.split(' ').any(too_long);
    if plain {
        folded(out, name.len() + 2, value);
    } else {
        encoded_words(out, value);
    }
    out.extend_from_slice(b"\r\n");
    Ok(())
}

/// Writes a header of addresses; nothing without one.
pub(crate) fn addresses(out: &mut Vec<u8>, name: &str, list: &[Address]) {
    for (index, address) in list.iter().enumerate() {
        let before = if index == 0 { name } else { ",\r\n" };
        out.extend_from_slice(before.as_bytes());
        out.extend_from_slice(if index == 0 { b": " } else { b" " });
        phrase(out, address.name());
        if address.name().is_empty() {
            out.extend_from_slice(address.email().as_bytes());
        } else {
            out.extend_from_slice(format!(" <{}>", address.email()).as_bytes());
        }
    }
    if !list.is_empty() {
        out.extend_from_slice(b"\r\n");
    }
}

/// The name beside an address.
fn phrase(out: &mut Vec<u8>, name: &str) {
    if !name.is_ascii() || name.len() > SHORT || name.contains("=?") {
        return encoded_words(out, name);
    }
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b" !#$%&'*+-/=?^_`{|}~".contains(&byte);
    if name.bytes().all(plain) {
        return out.extend_from_slice(name.as_bytes());
    }
    out.push(b'"');
    for byte in name.bytes() {
        if matches!(byte, b'"' | b'\\') {
            out.push(b'\\');
        }
        out.push(byte);
    }
    out.push(b'"');
}

/// Breaks lines at spaces, where they get long.
fn folded(out: &mut Vec<u8>, mut column: usize, value: &str) {
    for (index, word) in value.split(' ').enumerate() {
        if index > 0 {
            if column + word.len() > SHORT && !word.is_empty() {
                out.extend_from_slice(b"\r\n");
                column = 0;
            }
            out.push(b' ');
            column += 1;
        }
        out.extend_from_slice(word.as_bytes());
        column += word.len();
    }
}

/// `=?utf-8?b?…?=`, as many as it takes.
fn encoded_words(out: &mut Vec<u8>, text: &str) {
    let mut rest = text;
    while !rest.is_empty() {
        let (word, next) = rest.split_at(rest.floor_char_boundary(WORD));
        out.extend_from_slice(format!("=?utf-8?b?{}?=", STANDARD.encode(word)).as_bytes());
        if !next.is_empty() {
            out.extend_from_slice(b"\r\n ");
        }
        rest = next;
    }
}

/// Writes the headers of the body, and the body.
pub(crate) fn body(out: &mut Vec<u8>, message: &EmailMessage, ascii: bool) {
    out.extend_from_slice(b"MIME-Version: 1.0\r\n");
    if message.attachments.is_empty() {
        return words(out, message, ascii);
    }
    multipart(out, "mixed", |out, boundary| {
        if !message.text.is_empty() || message.html.is_some() {
            separate(out, boundary);
            words(out, message, ascii);
        }
        for file in &message.attachments {
            separate(out, boundary);
            attachment(out, file);
        }
    });
}

/// The text, or the text and its HTML.
fn words(out: &mut Vec<u8>, message: &EmailMessage, ascii: bool) {
    let Some(html) = &message.html else {
        return text_part(out, "plain", &message.text, ascii);
    };
    multipart(out, "alternative", |out, boundary| {
        separate(out, boundary);
        text_part(out, "plain", &message.text, ascii);
        separate(out, boundary);
        text_part(out, "html", html, ascii);
    });
}

fn multipart(out: &mut Vec<u8>, kind: &str, parts: impl FnOnce(&mut Vec<u8>, &str)) {
    // Nobody can guess it, so no text can end its part.
    let boundary = format!("==={}===", random_string(32));
    let line = format!("Content-Type: multipart/{kind}; boundary=\"{boundary}\"\r\n\r\n");
    out.extend_from_slice(line.as_bytes());
    parts(out, &boundary);
    out.extend_from_slice(format!("--{boundary}--\r\n").as_bytes());
}

fn separate(out: &mut Vec<u8>, boundary: &str) {
    out.extend_from_slice(format!("--{boundary}\r\n").as_bytes());
}

fn text_part(out: &mut Vec<u8>, kind: &str, text: &str, ascii: bool) {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let text = text.strip_suffix('\n').unwrap_or(&text);
    let strange = |char: char| char.is_control() && !matches!(char, '\n' | '\t');
    let is_long = text.split('\n').any(|line| line.len() > LONGEST);
    let how = match text.is_ascii() {
        _ if is_long || text.contains(strange) => "quoted-printable",
        true => "7bit",
        false if ascii => "quoted-printable",
        false => "8bit",
    };
    let head = format!(
        "Content-Type: text/{kind}; charset=\"utf-8\"\r\nContent-Transfer-Encoding: {how}\r\n\r\n"
    );
    out.extend_from_slice(head.as_bytes());
    for line in text.split('\n') {
        if how == "quoted-printable" {
            quoted_printable(out, line);
        } else {
            out.extend_from_slice(line.as_bytes());
        }
        out.extend_from_slice(b"\r\n");
    }
}

/// One line in quoted-printable.
fn quoted_printable(out: &mut Vec<u8>, line: &str) {
    let mut column = 0;
    let bytes = line.as_bytes();
    for (index, &byte) in bytes.iter().enumerate() {
        let is_last = index + 1 == bytes.len();
        let plain = match byte {
            b' ' | b'\t' => !is_last,
            byte => byte.is_ascii_graphic() && byte != b'=',
        };
        let width = if plain { 1 } else { 3 };
        if column + width >= SHORT {
            out.extend_from_slice(b"=\r\n");
            column = 0;
        }
        if plain {
            out.push(byte);
        } else {
            out.extend_from_slice(format!("={byte:02X}").as_bytes());
        }
        column += width;
    }
}

/// Refuses a name or type that would begin another header.
pub(crate) fn check_attachment(file: &Attachment) -> Result<(), Error> {
    let is_token = |text: &str| {
        let fine = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$&^_.+-".contains(&byte);
        !text.is_empty() && text.bytes().all(fine)
    };
    let kind = file.mimetype.split_once('/');
    if kind.is_none_or(|(major, minor)| !is_token(major) || !is_token(minor)) {
        return Err(Error::BadHeader("Content-Type".to_owned()));
    }
    if file.filename.chars().any(char::is_control) {
        return Err(Error::BadHeader("Content-Disposition".to_owned()));
    }
    Ok(())
}

fn attachment(out: &mut Vec<u8>, file: &Attachment) {
    let name = match file.filename.as_str() {
        "" => String::new(),
        name if name.is_ascii() && name.len() <= SHORT => {
            let escaped = name.replace('\\', "\\\\").replace('"', "\\\"");
            format!(";\r\n filename=\"{escaped}\"")
        }
        name => {
            let escaped: String = name
                .bytes()
                .map(|byte| match byte {
                    byte if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) => {
                        char::from(byte).to_string()
                    }
                    byte => format!("%{byte:02X}"),
                })
                .collect();
            format!(";\r\n filename*=utf-8''{escaped}")
        }
    };
    let kind = &file.mimetype;
    let head = format!(
        "Content-Type: {kind}\r\nContent-Transfer-Encoding: base64\r\nContent-Disposition: attachment{name}\r\n\r\n"
    );
    out.extend_from_slice(head.as_bytes());
    let text = STANDARD.encode(&file.content);
    for line in text.as_bytes().chunks(SHORT) {
        out.extend_from_slice(line);
        out.extend_from_slice(b"\r\n");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn header(name: &str, value: &str) -> String {
        let mut out = Vec::new();
        text_header(&mut out, name, value).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn long_headers_are_folded_at_spaces() {
        let value = "word ".repeat(40);
        let text = header("Subject", value.trim());
        assert!(text.lines().count() > 2 && text.lines().all(|line| line.len() <= SHORT + 5));
        assert_eq!(
            text.replace("\r\n ", " "),
            format!("Subject: {}\r\n", value.trim())
        );
    }

    #[test]
    fn other_scripts_become_encoded_words_of_whole_characters() {
        let text = header("Subject", &"ß€".repeat(40));
        let words = text.trim_start_matches("Subject: ").trim().split("\r\n ");
        let decoded: String = words
            .map(|word| {
                let inner = word.strip_prefix("=?utf-8?b?").unwrap();
                let inner = inner.strip_suffix("?=").unwrap();
                assert!(word.len() <= 75);
                String::from_utf8(STANDARD.decode(inner).unwrap()).unwrap()
            })
            .collect();
        assert_eq!(decoded, "ß€".repeat(40));
        // What looks like an encoded word would be decoded by the reader.
        assert!(header("Subject", "=?utf-8?q?x?=").contains("=?utf-8?b?PT91"));
    }

    #[test]
    fn quoted_printable_breaks_long_lines_and_ends_no_line_with_a_space() {
        let mut out = Vec::new();
        quoted_printable(&mut out, &format!("{}é= ", "x".repeat(200)));
        let text = String::from_utf8(out).unwrap();
        assert!(text.split("\r\n").all(|line| line.len() <= 76));
        assert!(text.replace("=\r\n", "").ends_with("x=C3=A9=3D=20"));
    }
}
