//! `Range`: a part of a file.

use std::ops::RangeInclusive;

/// What a `Range` header asks of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Wanted {
    /// The whole: no header, or one that is not understood.
    Whole,
    /// These bytes.
    Part(RangeInclusive<u64>),
    /// Bytes that are not there: 416.
    Nothing,
}

/// Reads a header with one range; several are answered with the whole, which the standard allows.
pub(super) fn parse(header: Option<&str>, length: u64) -> Wanted {
    let Some((first, last)) = header
        .and_then(|header| header.strip_prefix("bytes="))
        .filter(|ranges| !ranges.contains(','))
        .and_then(|range| range.trim().split_once('-'))
    else {
        return Wanted::Whole;
    };
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let number = |text: &str| text.parse::<u64>().unwrap_or(u64::MAX);
    let range = match (is_number(first), is_number(last)) {
        (true, true) if number(first) > number(last) => return Wanted::Whole,
        (true, true) => number(first)..=number(last).min(length.saturating_sub(1)),
        (true, false) if last.is_empty() => number(first)..=length.saturating_sub(1),
        (false, true) if first.is_empty() => {
            if number(last) == 0 {
                return Wanted::Nothing;
            }
            length.saturating_sub(number(last))..=length.saturating_sub(1)
        }
        _ => return Wanted::Whole,
    };
    if *range.start() >= length {
        Wanted::Nothing
    } else {
        Wanted::Part(range)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    proptest::proptest! {
        #[test]
        fn any_header_asks_for_bytes_that_are_there(header in "(bytes=)?[0-9, -]*|.*", length in 0_u64..1000) {
            if let Wanted::Part(part) = parse(Some(&header), length) {
                proptest::prop_assert!(part.start() <= part.end() && *part.end() < length);
            }
        }
    }

    fn check(header: &str, expect: &Wanted) {
        assert_eq!(parse(Some(header), 10), *expect, "{header}");
    }

    #[test]
    fn one_range_is_understood() {
        check("bytes=0-3", &Wanted::Part(0..=3));
        check("bytes=4-", &Wanted::Part(4..=9));
        check("bytes=-3", &Wanted::Part(7..=9));
        check("bytes=5-500", &Wanted::Part(5..=9));
        check("bytes=-99999999999999999999999", &Wanted::Part(0..=9));
        check("bytes=10-", &Wanted::Nothing);
        check("bytes=-0", &Wanted::Nothing);
        for header in [
            "bytes=3-1",
            "bytes=a-b",
            "bytes=0-1,2-3",
            "lines=0-1",
            "bytes=",
            "bytes=-",
        ] {
            check(header, &Wanted::Whole);
        }
        assert_eq!(parse(Some("bytes=0-0"), 0), Wanted::Nothing);
    }
}
