//! The format letters of `date`, `time` and `now`.

use std::borrow::Cow;
use std::fmt::{self, Write};

use jiff::Timestamp;
use jiff::civil::{Date, Time};
use jiff::tz::TimeZone;

use super::zone::offset_name;
use super::{MONTHS, MONTHS_AP, MONTHS_SHORT, Parts, WEEKDAYS, WEEKDAYS_SHORT};
use crate::formats::Locale;
use crate::value::Value;

const TIME_LETTERS: &str = "aAefgGhHiOPsTuZ";
const DATE_LETTERS: &str = "bcdDEFIjlLmMnNorStUwWyYz";

/// Why a value cannot be written in a format.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum FormatError {
    /// It is no date, or a time that was asked for its year.
    NoSuchPart,
    /// A date that was asked for its hour, with this letter.
    DateWithTime(char),
    /// A time that was asked for its place on the time line, with this letter.
    TimeWithDate(char),
}

impl fmt::Display for FormatError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TimeWithDate(letter) => {
                write!(f, "a time without a date has no '{letter}'")
            }
            Self::NoSuchPart => f.write_str("the value has nothing to show in this format"),
            Self::DateWithTime(letter) => write!(
                f,
                "The format for date objects may not contain time-related format specifiers (found '{letter}')."
            ),
        }
    }
}

impl std::error::Error for FormatError {}

/// Formats a date or time.
///
/// # Django
/// `dateformat.format`.
pub(crate) fn format(
    value: &Value<'_>,
    letters: &str,
    locale: &Locale<'_>,
) -> Result<String, FormatError> {
    let mut out = String::with_capacity(letters.len() * 2);
    write(value, letters, locale, false, &mut out)?;
    Ok(out)
}

/// Formats a time; the letters of dates are none of its.
///
/// # Django
/// `dateformat.time_format`.
pub(crate) fn format_time(
    value: &Value<'_>,
    letters: &str,
    locale: &Locale<'_>,
) -> Result<String, FormatError> {
    let mut out = String::with_capacity(letters.len() * 2);
    write(value, letters, locale, true, &mut out)?;
    Ok(out)
}

fn write(
    value: &Value<'_>,
    letters: &str,
    locale: &Locale<'_>,
    only_time: bool,
    out: &mut String,
) -> Result<(), FormatError> {
    let parts = Parts::of(value).ok_or(FormatError::NoSuchPart)?;
    let moment = Moment {
        parts,
        instant: if letters.contains(['c', 'e', 'I', 'O', 'r', 'T', 'U', 'Z']) {
            Instant::of(value, parts, locale)
        } else {
            None
        },
        aware: is_aware(value),
        locale,
    };
    let mut escaped = false;
    let mut before = ' ';
    for c in letters.chars() {
        let is_time = TIME_LETTERS.contains(c);
        let letter = is_time || DATE_LETTERS.contains(c);
        if letter && before != '\\' {
            if only_time && !is_time {
                return Err(FormatError::NoSuchPart);
            }
            moment.write(c, out)?;
        } else if c == '\\' && !escaped {
            escaped = true;
            before = c;
            continue;
        } else {
            out.push(c);
        }
        escaped = false;
        before = c;
    }
    if escaped {
        out.push('\\');
    }
    Ok(())
}

fn is_aware(value: &Value<'_>) -> bool {
    matches!(
        value,
        Value::Timestamp(_) | Value::Zoned(_) | Value::Local(_)
    )
}

/// The point on the time line, and the zone's offset there.
#[derive(Clone)]
struct Instant {
    at: Timestamp,
    offset: i32,
    dst: bool,
    abbreviation: String,
    /// Does the clock show this time twice?
    ambiguous: bool,
}

impl Instant {
    /// Nothing for dates, times, and naive times that a change of clocks makes ambiguous.
    fn of(value: &Value<'_>, parts: Parts, locale: &Locale<'_>) -> Option<Self> {
        match value {
            Value::Timestamp(at) => Some(Self::new(*at, &TimeZone::UTC)),
            Value::Zoned(at) | Value::Local(at) => {
                let zone = at.time_zone();
                let mut instant = Self::new(at.timestamp(), zone);
                instant.ambiguous = zone.to_ambiguous_timestamp(at.datetime()).is_ambiguous();
                Some(instant)
            }
            Value::DateTime(_) => {
                let zone = locale.default_time_zone();
                let ambiguous = zone.to_ambiguous_timestamp(parts.date?.to_datetime(parts.time?));
                if ambiguous.is_ambiguous() {
                    return None;
                }
                Some(Self::new(ambiguous.compatible().ok()?, &zone))
            }
            _ => None,
        }
    }

    fn new(at: Timestamp, zone: &TimeZone) -> Self {
        let info = zone.to_offset_info(at);
        let fixed = *zone != TimeZone::UTC && zone.iana_name().is_none();
        Self {
            at,
            offset: info.offset().seconds(),
            dst: info.dst().is_dst(),
            abbreviation: if fixed {
                offset_name(info.offset())
            } else {
                info.abbreviation().to_owned()
            },
            ambiguous: false,
        }
    }
}

struct Moment<'m> {
    parts: Parts,
    instant: Option<Instant>,
    aware: bool,
    locale: &'m Locale<'m>,
}

impl Moment<'_> {
    fn write(&self, letter: char, out: &mut String) -> Result<(), FormatError> {
        if TIME_LETTERS.contains(letter) {
            let Some(time) = self.parts.time else {
                return Err(FormatError::DateWithTime(letter));
            };
            self.write_time(letter, time, out);
            return Ok(());
        }
        match (self.parts.date, self.parts.time) {
            (Some(date), _) => self.write_date(letter, date, out),
            (None, Some(time)) if letter == 'c' => {
                // Writing into a String cannot fail.
                let _ = write_iso_time(time, out);
            }
            (None, _) if letter == 'I' => {}
            (None, _) if matches!(letter, 'r' | 'U') => {
                return Err(FormatError::TimeWithDate(letter));
            }
            _ => return Err(FormatError::NoSuchPart),
        }
        Ok(())
    }

    /// The instant, where the zone tells something about it: not for times that the clock shows twice.
    fn zoned(&self) -> Option<&Instant> {
        self.instant.as_ref().filter(|instant| !instant.ambiguous)
    }

    /// `a.m.` or `p.m.`
    fn half(&self, hour: i8) -> Cow<'_, str> {
        self.locale.gettext(if hour > 11 { "p.m." } else { "a.m." })
    }

    fn write_time(&self, letter: char, time: Time, out: &mut String) {
        let (hour, minute) = (time.hour(), time.minute());
        let twelve = if hour % 12 == 0 { 12 } else { hour % 12 };
        // Writing into a String cannot fail.
        let _ = match letter {
            'a' => write!(out, "{}", self.half(hour)),
            'A' => {
                let half = if hour > 11 { "PM" } else { "AM" };
                write!(out, "{}", self.locale.gettext(half))
            }
            'e' if self.aware => write!(out, "{}", self.abbreviation()),
            'f' => write_short(time, out),
            'g' => write!(out, "{twelve}"),
            'G' => write!(out, "{hour}"),
            'h' => write!(out, "{twelve:02}"),
            'H' => write!(out, "{hour:02}"),
            'i' => write!(out, "{minute:02}"),
            'O' => write_offset(self.zoned(), "", out),
            'P' if hour == 0 && minute == 0 => write!(out, "{}", self.locale.gettext("midnight")),
            'P' if hour == 12 && minute == 0 => write!(out, "{}", self.locale.gettext("noon")),
            'P' => write_short(time, out).and_then(|()| write!(out, " {}", self.half(hour))),
            's' => write!(out, "{:02}", time.second()),
            'T' => write!(out, "{}", self.abbreviation()),
            'u' => write!(out, "{:06}", time.subsec_nanosecond() / 1000),
            'Z' => self
                .zoned()
                .map_or(Ok(()), |instant| write!(out, "{}", instant.offset)),
            _ => Ok(()),
        };
    }

    fn write_date(&self, letter: char, date: Date, out: &mut String) {
        let (year, month, day) = (date.year(), date.month(), date.day());
        let (month_at, day_at) = (
            index(month - 1),
            index(date.weekday().to_monday_zero_offset()),
        );
        let (month_name, weekday) = (MONTHS[month_at % 12], WEEKDAYS[day_at % 7]);
        let locale = self.locale;
        let iso = date.iso_week_date();
        // Writing into a String cannot fail.
        let _ = match letter {
            'b' => write!(out, "{}", locale.gettext(MONTHS_SHORT[month_at % 12])),
            'c' => self.write_iso(date, out),
            'd' => write!(out, "{day:02}"),
            'D' => write!(out, "{}", locale.gettext(WEEKDAYS_SHORT[day_at % 7])),
            'E' => write!(out, "{}", locale.pgettext("alt. month", month_name)),
            'F' => write!(out, "{}", locale.gettext(month_name)),
            'I' => self
                .zoned()
                .map_or(Ok(()), |instant| write!(out, "{}", u8::from(instant.dst))),
            'j' => write!(out, "{day}"),
            'l' => write!(out, "{}", locale.gettext(weekday)),
            'L' => write!(
                out,
                "{}",
                if date.in_leap_year() { "True" } else { "False" }
            ),
            'm' => write!(out, "{month:02}"),
            'M' => {
                write_title(&locale.gettext(MONTHS_SHORT[month_at % 12]), out);
                Ok(())
            }
            'n' => write!(out, "{month}"),
            'N' => {
                let short = MONTHS_AP[month_at % 12];
                write!(out, "{}", locale.pgettext("abbrev. month", short))
            }
            'o' => write!(out, "{}", iso.year()),
            'r' => {
                let time = self.parts.time.unwrap_or(Time::midnight());
                let _ = write!(
                    out,
                    "{}, {day:02} {} {year:04} ",
                    &weekday[..3],
                    &month_name[..3]
                );
                let _ = write!(
                    out,
                    "{:02}:{:02}:{:02} ",
                    time.hour(),
                    time.minute(),
                    time.second()
                );
                write_whole_offset(Some(&self.some_instant(date)), "", out)
            }
            'S' => write!(out, "{}", ordinal(day)),
            't' => write!(out, "{}", date.days_in_month()),
            'U' => write!(out, "{}", self.some_instant(date).at.as_second()),
            'w' => write!(out, "{}", date.weekday().to_sunday_zero_offset()),
            'W' => write!(out, "{}", iso.week()),
            'y' => write!(out, "{:02}", year.rem_euclid(100)),
            'Y' => write!(out, "{year:04}"),
            'z' => write!(out, "{}", date.day_of_year()),
            _ => Ok(()),
        };
    }

    fn abbreviation(&self) -> &str {
        self.zoned().map_or("", |instant| &instant.abbreviation)
    }

    /// A date counts from its midnight; an ambiguous time takes the first of its meanings.
    fn some_instant(&self, date: Date) -> Instant {
        self.instant.clone().unwrap_or_else(|| {
            let naive = date.to_datetime(self.parts.time.unwrap_or(Time::midnight()));
            let zone = self.locale.default_time_zone();
            let at = zone.to_timestamp(naive).unwrap_or(Timestamp::UNIX_EPOCH);
            Instant::new(at, &zone)
        })
    }

    fn write_iso(&self, date: Date, out: &mut String) -> fmt::Result {
        write!(
            out,
            "{:04}-{:02}-{:02}",
            date.year(),
            date.month(),
            date.day()
        )?;
        let Some(time) = self.parts.time else {
            return Ok(());
        };
        out.push('T');
        write_iso_time(time, out)?;
        if self.aware {
            write_whole_offset(self.instant.as_ref(), ":", out)
        } else {
            Ok(())
        }
    }
}

fn index(at: i8) -> usize {
    usize::try_from(at).unwrap_or(0)
}

fn write_iso_time(time: Time, out: &mut String) -> fmt::Result {
    write!(
        out,
        "{:02}:{:02}:{:02}",
        time.hour(),
        time.minute(),
        time.second()
    )?;
    match time.subsec_nanosecond() / 1000 {
        0 => Ok(()),
        micros => write!(out, ".{micros:06}"),
    }
}

/// Python's `title()`: each run of letters begins with a capital.
fn write_title(text: &str, out: &mut String) {
    let mut inside = false;
    for c in text.chars() {
        if inside {
            out.extend(c.to_lowercase());
        } else if matches!(c, '\u{10d0}'..='\u{10ff}') {
            // Georgian has capitals, but no title case.
            out.push(c);
        } else {
            out.extend(c.to_uppercase());
        }
        inside = c.is_lowercase() || c.is_uppercase();
    }
}

/// The hour on a clock with twelve hours, and the minutes unless they are zero.
fn write_short(time: Time, out: &mut String) -> fmt::Result {
    let hour = if time.hour() % 12 == 0 {
        12
    } else {
        time.hour() % 12
    };
    match time.minute() {
        0 => write!(out, "{hour}"),
        minute => write!(out, "{hour}:{minute:02}"),
    }
}

fn write_offset(instant: Option<&Instant>, separator: &str, out: &mut String) -> fmt::Result {
    let Some(Instant { offset, .. }) = instant else {
        return Ok(());
    };
    let sign = if *offset < 0 { '-' } else { '+' };
    let offset = offset.abs();
    write!(
        out,
        "{sign}{:02}{separator}{:02}",
        offset / 3600,
        offset / 60 % 60
    )
}

/// With its seconds, which zones had before they were counted in minutes.
fn write_whole_offset(instant: Option<&Instant>, separator: &str, out: &mut String) -> fmt::Result {
    write_offset(instant, separator, out)?;
    match instant.map_or(0, |instant| instant.offset.abs() % 60) {
        0 => Ok(()),
        seconds => write!(out, "{separator}{seconds:02}"),
    }
}

fn ordinal(day: i8) -> &'static str {
    match (day, day % 10) {
        (11..=13, _) => "th",
        (_, 1) => "st",
        (_, 2) => "nd",
        (_, 3) => "rd",
        _ => "th",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::services::NoServices;

    fn check(letters: &str, expect: &str) {
        let at = Value::from(jiff::civil::datetime(2009, 5, 16, 5, 30, 7, 123_000));
        let locale = Locale::new(&NoServices);
        assert_eq!(format(&at, letters, &locale).unwrap(), expect, "{letters}");
    }

    #[test]
    fn letters_are_those_of_django() {
        check("N j, Y, P", "May 16, 2009, 5:30 a.m.");
        check(
            "c U r",
            "2009-05-16T05:30:07.000123 1242451807 Sat, 16 May 2009 05:30:07 +0000",
        );
        check(r"\d\\d jS \o\f F y", r"d\d 16th of May 09");
        check("L t z W o w D l", "False 31 136 20 2009 6 Sat Saturday");
    }

    #[test]
    fn a_date_has_no_hour_and_a_time_no_year() {
        let date = Value::from(jiff::civil::date(2009, 5, 16));
        assert_eq!(
            format(&date, "Y H", &Locale::new(&NoServices)),
            Err(FormatError::DateWithTime('H'))
        );
        let time = Value::from(jiff::civil::time(1, 2, 3, 0));
        assert_eq!(
            format(&time, "Y", &Locale::new(&NoServices)),
            Err(FormatError::NoSuchPart)
        );
    }
}
