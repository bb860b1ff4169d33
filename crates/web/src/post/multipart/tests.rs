//! The parser, whatever the pieces are in which the body comes.

use proptest::prelude::*;

use super::parser::{Event, MultipartParser};

/// The names and contents of the parts, with the body cut into pieces of these lengths.
fn parts(body: &[u8], lengths: &[usize]) -> Vec<(Option<String>, Vec<u8>)> {
    let mut parser = MultipartParser::new("BB");
    let mut parts: Vec<(Option<String>, Vec<u8>)> = Vec::new();
    let mut rest = body;
    let mut lengths = lengths.iter().copied().cycle();
    loop {
        let length = lengths
            .next()
            .unwrap_or(rest.len())
            .clamp(1, rest.len().max(1));
        if rest.is_empty() {
            parser.end();
        } else {
            parser.push(&rest[..length]);
            rest = &rest[length..];
        }
        loop {
            match parser.next() {
                Ok(Some(Event::Part(part))) => {
                    parts.push((part.name().map(str::to_owned), Vec::new()));
                }
                Ok(Some(Event::Content(content))) => {
                    parts.last_mut().unwrap().1.extend_from_slice(&content);
                }
                Ok(None) => break,
                Err(_) => return parts,
            }
        }
        if parser.is_done() {
            return parts;
        }
    }
}

const FORM: &[u8] = b"--BB\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\none\r\n--BB\r\n\
    Content-Disposition: form-data; name=\"b\"; filename=\"x\"\r\n\r\ntwo\r\nlines\r\n--BB--\r\n";

#[test]
fn fields_are_found() {
    let found: Vec<_> = parts(FORM, &[])
        .into_iter()
        .filter_map(|(name, content)| Some((name?, String::from_utf8(content).unwrap())))
        .collect();
    assert_eq!(
        found,
        [
            ("a".into(), "one".into()),
            ("b".into(), "two\r\nlines".into())
        ]
    );
}

#[test]
fn headers_without_end_are_refused() {
    let mut parser = MultipartParser::new("BB");
    parser.push(b"--BB\r\n");
    parser.push(&vec![b'a'; 4096]);
    assert!(matches!(parser.next(), Ok(Some(Event::Part(_)))));
    assert!(parser.next().is_err());
}

proptest! {
    #[test]
    fn the_pieces_do_not_matter(lengths in proptest::collection::vec(1_usize..40, 1..8)) {
        prop_assert_eq!(parts(FORM, &lengths), parts(FORM, &[]));
    }

    #[test]
    fn hostile_bodies_are_read_alike_in_any_pieces(
        words in proptest::collection::vec(
            prop_oneof![
                Just("--BB"), Just("\r\n"), Just("\n"), Just("--"), Just("BB"), Just("x"),
                Just("Content-Disposition: form-data; name=\"a\""), Just("\r\n\r\n"),
            ],
            0..30,
        ),
        lengths in proptest::collection::vec(1_usize..20, 1..5),
    ) {
        let body = words.concat();
        prop_assert_eq!(parts(body.as_bytes(), &lengths), parts(body.as_bytes(), &[]));
    }

    #[test]
    fn any_bytes_can_be_read(body in proptest::collection::vec(any::<u8>(), 0..600)) {
        let _ = parts(&body, &[7]);
    }
}
