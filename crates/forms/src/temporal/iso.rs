//! Dates and times as machines write them (ISO 8601), with or without an offset.

use jiff::Timestamp;
use jiff::civil::{Date, DateTime, ISOWeekDate, Time, Weekday};
use jiff::tz::Offset;

use super::strptime::digits;

/// What was read: a wall clock's time, or a point in time if an offset was given.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum IsoMoment {
    Wall(DateTime),
    Exact(Timestamp),
}

/// A text has the right form, but there is no such day or time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("there is no such day or time")]
pub struct Impossible;

/// The date of a whole text; nothing if it is in another form.
///
/// ```
/// use jiff::civil::date;
/// use nuages_forms::temporal::{Impossible, parse_date};
///
/// assert_eq!(parse_date("2012-4-9"), Ok(Some(date(2012, 4, 9))));
/// assert_eq!(parse_date("20120409"), Ok(Some(date(2012, 4, 9))));
/// assert_eq!(parse_date("9 April"), Ok(None));
/// assert_eq!(parse_date("2012-04-56"), Err(Impossible));
/// ```
///
/// # Errors
/// The form is right, there is no such day.
///
/// # Django
/// `django.utils.dateparse.parse_date`.
pub fn parse_date(text: &str) -> Result<Option<Date>, Impossible> {
    if let Some((date, "")) = date(text) {
        return Ok(Some(date));
    }
    match loose_date(text) {
        Some((parts, "" | "\n")) => civil(parts).map(Some).ok_or(Impossible),
        _ => Ok(None),
    }
}

/// The time of day of a whole text; nothing if it is in another form. An offset after it is left out.
///
/// ```
/// use jiff::civil::time;
/// use nuages_forms::temporal::{Impossible, parse_time};
///
/// assert_eq!(parse_time("4:8:16.5"), Ok(Some(time(4, 8, 16, 500_000_000))));
/// assert_eq!(parse_time("0408"), Ok(Some(time(4, 8, 0, 0))));
/// assert_eq!(parse_time("noon"), Ok(None));
/// assert_eq!(parse_time("09:15:90"), Err(Impossible));
/// ```
///
/// # Errors
/// The form is right, there is no such time.
///
/// # Django
/// `django.utils.dateparse.parse_time`.
pub fn parse_time(text: &str) -> Result<Option<Time>, Impossible> {
    if let Some((time, _)) = zoned_time(text.strip_prefix('T').unwrap_or(text)) {
        return Ok(Some(time));
    }
    match loose_time(text) {
        Some((parts, "" | "\n")) => parts.time().map(Some).ok_or(Impossible),
        _ => Ok(None),
    }
}

/// What a clock on a wall showed, and its offset from UTC if one was given; nothing if the text is in
/// another form.
///
/// ```
/// use jiff::civil::date;
/// use jiff::tz::offset;
/// use nuages_forms::temporal::{Impossible, parse_datetime};
///
/// let wall = date(2012, 4, 9).at(4, 8, 16, 0);
/// assert_eq!(parse_datetime("2012-4-9 4:8:16"), Ok(Some((wall, None))));
/// assert_eq!(parse_datetime("2012-04-09T04:08:16+02"), Ok(Some((wall, Some(offset(2))))));
/// assert_eq!(parse_datetime("20120409"), Ok(Some((date(2012, 4, 9).at(0, 0, 0, 0), None))));
/// assert_eq!(parse_datetime("now"), Ok(None));
/// assert_eq!(parse_datetime("2012-04-56T09:15:90"), Err(Impossible));
/// ```
///
/// # Errors
/// The form is right, there is no such moment.
///
/// # Django
/// `django.utils.dateparse.parse_datetime`.
pub fn parse_datetime(text: &str) -> Result<Option<(DateTime, Option<Offset>)>, Impossible> {
    if let Some(moment) = strict(text) {
        return Ok(Some(moment));
    }
    loose(text).map_or(Ok(None), |parts| parts.finish().map(Some).ok_or(Impossible))
}

/// The same, as a point in time where there is an offset.
pub(crate) fn parse_moment(text: &str) -> Result<Option<IsoMoment>, Impossible> {
    Ok(match parse_datetime(text)? {
        Some((wall, None)) => Some(IsoMoment::Wall(wall)),
        Some((wall, Some(offset))) => {
            let at = offset.to_timestamp(wall).map_err(|_| Impossible)?;
            Some(IsoMoment::Exact(at))
        }
        None => None,
    })
}

/// The forms Python's `datetime.fromisoformat` takes.
fn strict(text: &str) -> Option<(DateTime, Option<Offset>)> {
    let (date, rest) = date(text)?;
    let Some(separator) = rest.chars().next() else {
        return Some((date.at(0, 0, 0, 0), None));
    };
    let (time, offset) = zoned_time(&rest[separator.len_utf8()..])?;
    Some((date.to_datetime(time), offset))
}

/// The forms Python's `time.fromisoformat` takes.
fn zoned_time(text: &str) -> Option<(Time, Option<Offset>)> {
    let zone_at = text.find(['+', '-', 'Z']).unwrap_or(text.len());
    let (clock, zone) = text.split_at(zone_at);
    let time = time(clock)?;
    let offset = match zone {
        "" => None,
        "Z" => Some(Offset::UTC),
        _ => {
            let (hours, minutes, seconds, nanoseconds) = clock_parts(&zone[1..])?;
            Some(offset(zone, hours, minutes, seconds).filter(|_| nanoseconds == 0)?)
        }
    };
    Some((time, offset))
}

fn date(text: &str) -> Option<(Date, &str)> {
    let (year, rest) = digits(text, 4, 4)?;
    let year = i16::try_from(year).ok().filter(|year| *year > 0)?;
    let (dashed, rest) = match rest.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, rest),
    };
    if let Some(rest) = rest.strip_prefix('W') {
        let (week, rest) = digits(rest, 2, 2)?;
        let (day, rest) = match (dashed, rest.strip_prefix('-')) {
            (true, Some(rest)) => digits(rest, 1, 1)?,
            (false, None) if rest.starts_with(|c: char| c.is_ascii_digit()) => digits(rest, 1, 1)?,
            _ => (1, rest),
        };
        let day = Weekday::from_monday_one_offset(day.try_into().ok()?).ok()?;
        let date = ISOWeekDate::new(year, week.try_into().ok()?, day).ok()?;
        return Some((date.date(), rest));
    }
    let (month, rest) = digits(rest, 2, 2)?;
    let rest = if dashed {
        rest.strip_prefix('-')?
    } else {
        rest
    };
    let (day, rest) = digits(rest, 2, 2)?;
    let date = Date::new(year, month.try_into().ok()?, day.try_into().ok()?).ok()?;
    Some((date, rest))
}

/// Hours, minutes, seconds and nanoseconds, with colons or without, from the left as far as they go.
fn clock_parts(text: &str) -> Option<(i8, i8, i8, i32)> {
    let (hour, mut rest) = digits(text, 2, 2)?;
    let colons = rest.starts_with(':');
    let mut smaller = [0; 2];
    let mut complete = false;
    for (at, part) in smaller.iter_mut().enumerate() {
        if rest.is_empty() {
            break;
        }
        let digits_from = if colons {
            rest.strip_prefix(':')?
        } else {
            rest
        };
        (*part, rest) = digits(digits_from, 2, 2)?;
        complete = at == 1;
    }
    let mut nanosecond = 0;
    if !rest.is_empty() {
        let fraction = rest.strip_prefix(['.', ',']).filter(|_| complete)?;
        nanosecond = microseconds(fraction)?;
    }
    Some((
        hour.try_into().ok()?,
        smaller[0].try_into().ok()?,
        smaller[1].try_into().ok()?,
        nanosecond,
    ))
}

/// Nanoseconds from the digits after the point, of which six count.
fn microseconds(fraction: &str) -> Option<i32> {
    if fraction.is_empty() || !fraction.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let kept = &fraction[..fraction.len().min(6)];
    let power = u32::try_from(9 - kept.len()).ok()?;
    Some(kept.parse::<i32>().ok()? * 10_i32.pow(power))
}

fn time(text: &str) -> Option<Time> {
    let (hour, minute, second, nanosecond) = clock_parts(text)?;
    Time::new(hour, minute, second, nanosecond).ok()
}

fn offset(zone: &str, hours: i8, minutes: i8, seconds: i8) -> Option<Offset> {
    if !(0..=23).contains(&hours) || minutes > 59 || seconds > 59 {
        return None;
    }
    let size = i32::from(hours) * 3600 + i32::from(minutes) * 60 + i32::from(seconds);
    let size = if zone.starts_with('-') { -size } else { size };
    Offset::from_seconds(size).ok()
}

/// The parts of Django's own, more forgiving form: `2006-1-5 4:30:45.2 +01:00`.
struct Loose<'a> {
    date: [i32; 3],
    clock: LooseTime,
    zone: Option<&'a str>,
}

struct LooseTime {
    parts: [i32; 3],
    nanosecond: i32,
}

fn loose_date(text: &str) -> Option<([i32; 3], &str)> {
    let (year, rest) = digits(text, 4, 4)?;
    let (month, rest) = digits(rest.strip_prefix('-')?, 1, 2)?;
    let (day, rest) = digits(rest.strip_prefix('-')?, 1, 2)?;
    Some(([year, month, day], rest))
}

fn loose_time(text: &str) -> Option<(LooseTime, &str)> {
    let (hour, rest) = digits(text, 1, 2)?;
    let (minute, mut rest) = digits(rest.strip_prefix(':')?, 1, 2)?;
    let (mut second, mut nanosecond) = (0, 0);
    if let Some(after) = rest.strip_prefix(':') {
        (second, rest) = digits(after, 1, 2)?;
        if let Some(after) = rest.strip_prefix(['.', ',']) {
            let length = after
                .bytes()
                .take(12)
                .take_while(u8::is_ascii_digit)
                .count();
            nanosecond = microseconds(&after[..length])?;
            rest = &after[length..];
        }
    }
    let parts = [hour, minute, second];
    Some((LooseTime { parts, nanosecond }, rest))
}

fn loose(text: &str) -> Option<Loose<'_>> {
    let (date, rest) = loose_date(text)?;
    let (clock, rest) = loose_time(rest.strip_prefix(['T', ' '])?)?;
    let zone = rest.trim_start_matches(crate::number::is_space);
    let zone = zone.strip_suffix('\n').unwrap_or(zone);
    let zone_right = zone.is_empty() || zone == "Z" || {
        let (_, minutes) = digits(zone.strip_prefix(['+', '-'])?, 2, 2)?;
        let minutes = minutes.strip_prefix(':').unwrap_or(minutes);
        // A colon without minutes is no offset.
        minutes.is_empty() && !zone.ends_with(':')
            || minutes.len() == 2 && digits(minutes, 2, 2).is_some()
    };
    zone_right.then_some(Loose {
        date,
        clock,
        zone: (!zone.is_empty()).then_some(zone),
    })
}

fn civil([year, month, day]: [i32; 3]) -> Option<Date> {
    let year = i16::try_from(year).ok().filter(|year| *year > 0)?;
    Date::new(year, month.try_into().ok()?, day.try_into().ok()?).ok()
}

impl LooseTime {
    fn time(&self) -> Option<Time> {
        let [hour, minute, second] = self.parts;
        let time = Time::new(
            hour.try_into().ok()?,
            minute.try_into().ok()?,
            second.try_into().ok()?,
            self.nanosecond,
        );
        time.ok()
    }
}

impl Loose<'_> {
    fn finish(&self) -> Option<(DateTime, Option<Offset>)> {
        let wall = civil(self.date)?.to_datetime(self.clock.time()?);
        let Some(zone) = self.zone else {
            return Some((wall, None));
        };
        if zone == "Z" {
            return Some((wall, Some(Offset::UTC)));
        }
        let (hours, minutes) = digits(&zone[1..], 2, 2)?;
        let minutes = minutes.strip_prefix(':').unwrap_or(minutes);
        let minutes = digits(minutes, 2, 2).map_or(0, |(minutes, _)| minutes);
        // Django adds them up, so that 90 minutes are an hour and a half.
        let size = (hours * 60 + minutes) * 60;
        let size = if zone.starts_with('-') { -size } else { size };
        let offset = Offset::from_seconds(size).ok();
        Some((wall, Some(offset.filter(|_| size.abs() < 86_400)?)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_of_iso_8601_are_read() {
        let check = |text: &str, expect: &str| {
            let found = match parse_moment(text) {
                Ok(Some(IsoMoment::Wall(wall))) => wall.to_string(),
                Ok(Some(IsoMoment::Exact(at))) => at.to_string(),
                Ok(None) => "other form".to_owned(),
                Err(Impossible) => "impossible".to_owned(),
            };
            assert_eq!(found, expect, "{text}");
        };
        check("2006-10-25", "2006-10-25T00:00:00");
        check("2006-10-25T14:30:45", "2006-10-25T14:30:45");
        check("20061025T1430", "2006-10-25T14:30:00");
        check("2006-W43-3", "2006-10-25T00:00:00");
        check("2006-10-25 14:30:45.5Z", "2006-10-25T14:30:45.5Z");
        check("2006-10-25 14:30:45+02:00", "2006-10-25T12:30:45Z");
        check("2006-1-5 4:30", "2006-01-05T04:30:00");
        check("2006-1-5 4:30 -01", "2006-01-05T05:30:00Z");
        check("2006-1-5 4:61", "impossible");
        check("2006-2-31 4:30", "impossible");
        check("Oct 25 2006", "other form");
        check("2006-10-25 é", "other form");
    }
}
