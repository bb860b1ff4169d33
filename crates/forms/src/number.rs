//! Numbers as Python reads them: surrounding space, underscores and the digits of every script.

/// The zero of each script whose ten digits Python's `int()` reads (Unicode category Nd).
static ZEROS: [u32; 66] = [
    0x30, 0x660, 0x6F0, 0x7C0, 0x966, 0x9E6, 0xA66, 0xAE6, 0xB66, 0xBE6, 0xC66, 0xCE6, 0xD66,
    0xDE6, 0xE50, 0xED0, 0xF20, 0x1040, 0x1090, 0x17E0, 0x1810, 0x1946, 0x19D0, 0x1A80, 0x1A90,
    0x1B50, 0x1BB0, 0x1C40, 0x1C50, 0xA620, 0xA8D0, 0xA900, 0xA9D0, 0xA9F0, 0xAA50, 0xABF0, 0xFF10,
    0x104A0, 0x10D30, 0x11066, 0x110F0, 0x11136, 0x111D0, 0x112F0, 0x11450, 0x114D0, 0x11650,
    0x116C0, 0x11730, 0x118E0, 0x11950, 0x11C50, 0x11D50, 0x11DA0, 0x16A60, 0x16AC0, 0x16B50,
    0x1D7CE, 0x1D7D8, 0x1D7E2, 0x1D7EC, 0x1D7F6, 0x1E140, 0x1E2F0, 0x1E950, 0x1FBF0,
];

/// More digits than this Python refuses to read, since reading them takes quadratic time.
const MOST_DIGITS: usize = 4300;

/// Is it white space for Python's `str.isspace`?
pub(crate) fn is_space(c: char) -> bool {
    c.is_whitespace() || ('\u{1c}'..='\u{1f}').contains(&c)
}

/// Python's `str.strip()`.
pub(crate) fn strip(text: &str) -> &str {
    text.trim_matches(is_space)
}

/// The value of a decimal digit of any script.
fn digit(c: char) -> Option<u8> {
    let code = u32::from(c);
    let after = ZEROS.partition_point(|zero| *zero <= code);
    let zero = ZEROS.get(after.checked_sub(1)?)?;
    u8::try_from(code - zero).ok().filter(|value| *value < 10)
}

/// Is it a digit of any script (`\d` in Python)?
pub(crate) fn is_digit(c: char) -> bool {
    digit(c).is_some()
}

/// The text with the digits of all scripts written in ASCII.
pub(crate) fn ascii_digits(text: &str) -> String {
    text.chars()
        .map(|c| match digit(c) {
            Some(value) => char::from(b'0' + value),
            None => c,
        })
        .collect()
}

/// The text without underscores between digits; nothing if one stands elsewhere.
fn without_underscores(text: &str) -> Option<String> {
    let bytes = text.as_bytes();
    let digit_at = |at: Option<usize>| {
        at.and_then(|at| bytes.get(at))
            .is_some_and(u8::is_ascii_digit)
    };
    let well_placed = bytes
        .iter()
        .enumerate()
        .filter(|(_, b)| **b == b'_')
        .all(|(at, _)| digit_at(at.checked_sub(1)) && digit_at(Some(at + 1)));
    well_placed.then(|| text.replace('_', ""))
}

/// A whole number that was read.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Whole {
    /// It fits.
    Fits(i64),
    /// It is larger than any `i64`.
    TooLarge,
    /// It is smaller than any `i64`.
    TooSmall,
}

/// Python's `int(text)`; nothing if the text is no whole number.
pub(crate) fn parse_int(text: &str) -> Option<Whole> {
    let text = without_underscores(&ascii_digits(strip(text)))?;
    let digits = text.strip_prefix(['+', '-']).unwrap_or(&text);
    if digits.is_empty()
        || digits.len() > MOST_DIGITS
        || !digits.bytes().all(|b| b.is_ascii_digit())
    {
        return None;
    }
    Some(match text.parse() {
        Ok(number) => Whole::Fits(number),
        Err(_) if text.starts_with('-') => Whole::TooSmall,
        Err(_) => Whole::TooLarge,
    })
}

/// Python's `float(text)`; nothing if the text is no number.
pub(crate) fn parse_float(text: &str) -> Option<f64> {
    without_underscores(&ascii_digits(strip(text)))?
        .parse()
        .ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_numbers_are_read_like_python() {
        let check = |text: &str, expect: Option<i64>| {
            let found = parse_int(text).map(|whole| match whole {
                Whole::Fits(number) => number,
                Whole::TooLarge => i64::MAX,
                Whole::TooSmall => i64::MIN,
            });
            assert_eq!(found, expect, "{text:?}");
        };
        check(" 42\u{a0}", Some(42));
        check("+1_000", Some(1000));
        check("٤٢", Some(42));
        check("-7", Some(-7));
        check("9223372036854775808", Some(i64::MAX));
        check("1__0", None);
        check("_1", None);
        check("", None);
        check("²", None);
        check(&"1".repeat(5000), None);
    }

    #[test]
    fn floats_are_read_like_python() {
        assert_eq!(parse_float(" 1.5 "), Some(1.5));
        assert_eq!(parse_float(".5"), Some(0.5));
        assert_eq!(parse_float("1_0.5"), Some(10.5));
        assert_eq!(parse_float("x"), None);
        assert!(parse_float("nan").is_some_and(f64::is_nan));
    }
}
