//! The format letters of `date`, `time` and `now`.

use std::fmt::Write;

use jiff::Timestamp;
use jiff::civil::{Date, Time};
use jiff::tz::TimeZone;

use super::Parts;
use crate::value::Value;

const WEEKDAYS: [&str; 7] = [
    "Monday",
    "Tuesday",
    "Wednesday",
    "Thursday",
    "Friday",
    "Saturday",
    "Sunday",
];
const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];
/// Associated Press style.
const MONTHS_AP: [&str; 12] = [
    "Jan.", "Feb.", "March", "April", "May", "June", "July", "Aug.", "Sept.", "Oct.", "Nov.",
    "Dec.",
];

const TIME_LETTERS: &str = "aAefgGhHiOPsTuZ";
const DATE_LETTERS: &str = "bcdDEFIjlLmMnNorStUwWyYz";

/// Why a value has no such format.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FormatError {
    /// It is no date, or a time that was asked for its year.
    NoSuchPart,
    /// A date that was asked for its hour.
    DateWithTime(char),
}

/// Formats a date or time; `zone` is the one that naive times are in.
pub(crate) fn format(
    value: &Value<'_>,
    letters: &str,
    zone: &TimeZone,
) -> Result<String, FormatError> {
    let parts = Parts::of(value).ok_or(FormatError::NoSuchPart)?;
    let moment = Moment {
        parts,
        instant: Instant::of(value, parts, zone),
        aware: is_aware(value),
        zone,
    };
    let mut out = String::with_capacity(letters.len() * 2);
    let mut escaped = false;
    let mut before = ' ';
    for c in letters.chars() {
        let letter = TIME_LETTERS.contains(c) || DATE_LETTERS.contains(c);
        if letter && before != '\\' {
            moment.write(c, &mut out)?;
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
    Ok(out)
}

fn is_aware(value: &Value<'_>) -> bool {
    matches!(value, Value::Timestamp(_) | Value::Zoned(_))
}

/// The point on the time line, and the zone's offset there.
struct Instant {
    at: Timestamp,
    offset: i32,
    dst: bool,
    abbreviation: String,
}

impl Instant {
    /// Nothing for dates, times, and naive times that a change of clocks makes ambiguous.
    fn of(value: &Value<'_>, parts: Parts, zone: &TimeZone) -> Option<Self> {
        match value {
            Value::Timestamp(at) => Some(Self::new(*at, &TimeZone::UTC)),
            Value::Zoned(at) => Some(Self::new(at.timestamp(), at.time_zone())),
            Value::DateTime(_) => {
                let ambiguous = zone.to_ambiguous_timestamp(parts.date?.to_datetime(parts.time?));
                let at = if ambiguous.is_ambiguous() {
                    None
                } else {
                    ambiguous.compatible().ok()
                };
                Some(Self::new(at?, zone))
            }
            _ => None,
        }
    }

    fn new(at: Timestamp, zone: &TimeZone) -> Self {
        let info = zone.to_offset_info(at);
        Self {
            at,
            offset: info.offset().seconds(),
            dst: info.dst().is_dst(),
            abbreviation: info.abbreviation().to_owned(),
        }
    }
}

struct Moment<'z> {
    parts: Parts,
    instant: Option<Instant>,
    aware: bool,
    zone: &'z TimeZone,
}

impl Moment<'_> {
    fn write(&self, letter: char, out: &mut String) -> Result<(), FormatError> {
        if TIME_LETTERS.contains(letter) {
            let Some(time) = self.parts.time else {
                return Err(FormatError::DateWithTime(letter));
            };
            self.write_time(letter, time, out);
        } else {
            let date = self.parts.date.ok_or(FormatError::NoSuchPart)?;
            self.write_date(letter, date, out);
        }
        Ok(())
    }

    fn write_time(&self, letter: char, time: Time, out: &mut String) {
        let (hour, minute) = (time.hour(), time.minute());
        let twelve = if hour % 12 == 0 { 12 } else { hour % 12 };
        // Writing into a String cannot fail.
        let _ = match letter {
            'a' => write!(out, "{}", half(hour)),
            'A' => write!(out, "{}", if hour > 11 { "PM" } else { "AM" }),
            'e' if self.aware => write!(out, "{}", self.abbreviation()),
            'f' => write_short(time, out),
            'g' => write!(out, "{twelve}"),
            'G' => write!(out, "{hour}"),
            'h' => write!(out, "{twelve:02}"),
            'H' => write!(out, "{hour:02}"),
            'i' => write!(out, "{minute:02}"),
            'O' => write_offset(self.instant.as_ref(), "", out),
            'P' if hour == 0 && minute == 0 => write!(out, "midnight"),
            'P' if hour == 12 && minute == 0 => write!(out, "noon"),
            'P' => write_short(time, out).and_then(|()| write!(out, " {}", half(hour))),
            's' => write!(out, "{:02}", time.second()),
            'T' => write!(out, "{}", self.abbreviation()),
            'u' => write!(out, "{:06}", time.subsec_nanosecond() / 1000),
            'Z' => self
                .instant
                .as_ref()
                .map_or(Ok(()), |instant| write!(out, "{}", instant.offset)),
            _ => Ok(()),
        };
    }

    fn write_date(&self, letter: char, date: Date, out: &mut String) {
        let (year, month, day) = (date.year(), date.month(), date.day());
        let name =
            |names: &[&'static str], at: i8| names[usize::try_from(at).unwrap_or(0) % names.len()];
        let month_name = name(&MONTHS, month - 1);
        let weekday = name(&WEEKDAYS, date.weekday().to_monday_zero_offset());
        let iso = date.iso_week_date();
        // Writing into a String cannot fail.
        let _ = match letter {
            'b' => write!(out, "{}", month_name[..3].to_lowercase()),
            'c' => self.write_iso(date, out),
            'd' => write!(out, "{day:02}"),
            'D' => write!(out, "{}", &weekday[..3]),
            'E' | 'F' => write!(out, "{month_name}"),
            'I' => self
                .instant
                .as_ref()
                .map_or(Ok(()), |instant| write!(out, "{}", u8::from(instant.dst))),
            'j' => write!(out, "{day}"),
            'l' => write!(out, "{weekday}"),
            'L' => write!(
                out,
                "{}",
                if date.in_leap_year() { "True" } else { "False" }
            ),
            'm' => write!(out, "{month:02}"),
            'M' => write!(out, "{}", &month_name[..3]),
            'n' => write!(out, "{month}"),
            'N' => write!(out, "{}", name(&MONTHS_AP, month - 1)),
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
                write_offset(Some(&self.some_instant(date)), "", out)
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
        self.instant
            .as_ref()
            .map_or("", |instant| &instant.abbreviation)
    }

    /// A date counts from its midnight; an ambiguous time takes the first of its meanings.
    fn some_instant(&self, date: Date) -> Instant {
        if let Some(Instant {
            at,
            offset,
            dst,
            abbreviation,
        }) = &self.instant
        {
            Instant {
                at: *at,
                offset: *offset,
                dst: *dst,
                abbreviation: abbreviation.clone(),
            }
        } else {
            let naive = date.to_datetime(self.parts.time.unwrap_or(Time::midnight()));
            let at = self
                .zone
                .to_timestamp(naive)
                .unwrap_or(Timestamp::UNIX_EPOCH);
            Instant::new(at, self.zone)
        }
    }

    fn write_iso(&self, date: Date, out: &mut String) -> std::fmt::Result {
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
        write!(
            out,
            "T{:02}:{:02}:{:02}",
            time.hour(),
            time.minute(),
            time.second()
        )?;
        let micros = time.subsec_nanosecond() / 1000;
        if micros != 0 {
            write!(out, ".{micros:06}")?;
        }
        if self.aware {
            write_offset(self.instant.as_ref(), ":", out)
        } else {
            Ok(())
        }
    }
}

fn half(hour: i8) -> &'static str {
    if hour > 11 { "p.m." } else { "a.m." }
}

/// The hour on a clock with twelve hours, and the minutes unless they are zero.
fn write_short(time: Time, out: &mut String) -> std::fmt::Result {
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

fn write_offset(instant: Option<&Instant>, separator: &str, out: &mut String) -> std::fmt::Result {
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

    fn check(letters: &str, expect: &str) {
        let at = Value::from(jiff::civil::datetime(2009, 5, 16, 5, 30, 7, 123_000));
        assert_eq!(
            format(&at, letters, &TimeZone::UTC).unwrap(),
            expect,
            "{letters}"
        );
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
            format(&date, "Y H", &TimeZone::UTC),
            Err(FormatError::DateWithTime('H'))
        );
        let time = Value::from(jiff::civil::time(1, 2, 3, 0));
        assert_eq!(
            format(&time, "Y", &TimeZone::UTC),
            Err(FormatError::NoSuchPart)
        );
    }
}
