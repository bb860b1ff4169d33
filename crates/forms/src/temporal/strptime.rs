//! Python's `strptime`, as far as Django's formats use it.

use jiff::civil::{Date, DateTime, Time};

use crate::number::is_space;

static MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

/// The parts that were read so far; what a format leaves out is 1900-01-01 00:00, as in Python.
struct Parts {
    year: i16,
    month: i8,
    day: i8,
    hour: i8,
    hour_is_of_half_day: bool,
    afternoon: bool,
    minute: i8,
    second: i8,
    nanosecond: i32,
}

/// Reads the whole text by a format of `%Y %y %m %d %b %B %H %I %M %S %f %p %%`; nothing if it does not fit.
pub(crate) fn strptime(text: &str, format: &str) -> Option<DateTime> {
    let mut parts = Parts {
        year: 1900,
        month: 1,
        day: 1,
        hour: 0,
        hour_is_of_half_day: false,
        afternoon: false,
        minute: 0,
        second: 0,
        nanosecond: 0,
    };
    let mut rest = text;
    let mut directives = format.chars();
    while let Some(c) = directives.next() {
        if c == '%' {
            rest = parts.read(directives.next()?, rest)?;
        } else if is_space(c) {
            let shorter = rest.trim_start_matches(is_space);
            if shorter.len() == rest.len() {
                return None;
            }
            rest = shorter;
        } else {
            let first = rest.chars().next()?;
            if !first.eq_ignore_ascii_case(&c) {
                return None;
            }
            rest = &rest[first.len_utf8()..];
        }
    }
    rest.is_empty().then(|| parts.finish())?
}

impl Parts {
    /// Reads one directive from the start of the text and gives what is left.
    fn read<'a>(&mut self, directive: char, text: &'a str) -> Option<&'a str> {
        match directive {
            'Y' => {
                let (value, rest) = digits(text, 4, 4)?;
                self.year = value.try_into().ok()?;
                Some(rest)
            }
            'y' => {
                let (value, rest) = digits(text, 2, 2)?;
                let year = if value < 69 {
                    value + 2000
                } else {
                    value + 1900
                };
                self.year = year.try_into().ok()?;
                Some(rest)
            }
            'm' => number(text, 1, 12, &mut self.month),
            'd' => number(text, 1, 31, &mut self.day),
            'H' => number(text, 0, 23, &mut self.hour),
            'I' => {
                self.hour_is_of_half_day = true;
                number(text, 1, 12, &mut self.hour)
            }
            'M' => number(text, 0, 59, &mut self.minute),
            'S' => number(text, 0, 61, &mut self.second),
            'f' => {
                let (value, rest) = digits(text, 1, 6)?;
                let read = u32::try_from(text.len() - rest.len()).ok()?;
                self.nanosecond = value.checked_mul(10_i32.pow(9 - read))?;
                Some(rest)
            }
            'b' => self.read_month(text, 3),
            'B' => self.read_month(text, usize::MAX),
            'p' => {
                let half = text.get(..2)?;
                self.afternoon = half.eq_ignore_ascii_case("pm");
                (self.afternoon || half.eq_ignore_ascii_case("am")).then_some(&text[2..])
            }
            '%' => text.strip_prefix('%'),
            _ => None,
        }
    }

    /// Reads the name of a month, of which the first letters may be enough.
    fn read_month<'a>(&mut self, text: &'a str, letters: usize) -> Option<&'a str> {
        for (at, name) in MONTHS.iter().enumerate() {
            let name = &name[..letters.min(name.len())];
            let Some(start) = text.get(..name.len()) else {
                continue;
            };
            if start.eq_ignore_ascii_case(name) {
                self.month = i8::try_from(at + 1).ok()?;
                return Some(&text[name.len()..]);
            }
        }
        None
    }

    fn finish(&self) -> Option<DateTime> {
        if self.year < 1 {
            return None;
        }
        let date = Date::new(self.year, self.month, self.day).ok()?;
        let hour = if self.hour_is_of_half_day {
            self.hour % 12 + if self.afternoon { 12 } else { 0 }
        } else {
            self.hour
        };
        let time = Time::new(hour, self.minute, self.second, self.nanosecond).ok()?;
        Some(date.to_datetime(time))
    }
}

/// Reads as many ASCII digits as there are, up to `most`; nothing if there are less than `least`.
pub(super) fn digits(text: &str, least: usize, most: usize) -> Option<(i32, &str)> {
    let count = text
        .bytes()
        .take(most)
        .take_while(u8::is_ascii_digit)
        .count();
    if count < least {
        return None;
    }
    let (read, rest) = text.split_at(count);
    Some((read.parse().ok()?, rest))
}

/// Reads a number of one or two digits; of two only one when the two are too large.
fn number<'a>(text: &'a str, least: i32, most: i32, into: &mut i8) -> Option<&'a str> {
    for length in [2, 1] {
        if let Some((value, rest)) = digits(text, length, length)
            && (least..=most).contains(&value)
        {
            *into = value.try_into().ok()?;
            return Some(rest);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats_are_read_like_python() {
        let check = |text: &str, format: &str, expect: Option<&str>| {
            let found = strptime(text, format).map(|at| at.to_string());
            assert_eq!(found.as_deref(), expect, "{text:?} by {format}");
        };
        check("2006-10-25", "%Y-%m-%d", Some("2006-10-25T00:00:00"));
        check("10/25/06", "%m/%d/%y", Some("2006-10-25T00:00:00"));
        check("oct 25,  2006", "%b %d, %Y", Some("2006-10-25T00:00:00"));
        check("25 October 2006", "%d %B %Y", Some("2006-10-25T00:00:00"));
        check("1:30:05 PM", "%I:%M:%S %p", Some("1900-01-01T13:30:05"));
        check("12:00 AM", "%I:%M %p", Some("1900-01-01T00:00:00"));
        check("14:30:45.5", "%H:%M:%S.%f", Some("1900-01-01T14:30:45.5"));
        check("2006-13-25", "%Y-%m-%d", None);
        check("2006-02-31", "%Y-%m-%d", None);
        check("0000-01-01", "%Y-%m-%d", None);
        check("2006-10-25 ", "%Y-%m-%d", None);
        check("14:30:61", "%H:%M:%S", None);
    }
}
