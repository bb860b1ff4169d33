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

/// Something that has the right form but no such day or time exists.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Impossible;

/// Reads the whole text; nothing if it is in another form.
///
/// # Errors
/// The form is right, the moment does not exist.
///
/// # Django
/// `django.utils.dateparse.parse_datetime`.
pub(crate) fn parse_datetime(text: &str) -> Result<Option<IsoMoment>, Impossible> {
    if let Some(moment) = strict(text) {
        return Ok(Some(moment));
    }
    loose(text).map_or(Ok(None), |parts| parts.finish().map(Some).ok_or(Impossible))
}

/// The forms Python's `datetime.fromisoformat` takes.
fn strict(text: &str) -> Option<IsoMoment> {
    let (date, rest) = date(text)?;
    let Some(separator) = rest.chars().next() else {
        return Some(IsoMoment::Wall(date.at(0, 0, 0, 0)));
    };
    let clock = &rest[separator.len_utf8()..];
    let zone_at = clock.find(['+', '-', 'Z']).unwrap_or(clock.len());
    let (clock, zone) = clock.split_at(zone_at);
    let wall = date.to_datetime(time(clock)?);
    if zone.is_empty() {
        return Some(IsoMoment::Wall(wall));
    }
    let offset = if zone == "Z" {
        Offset::UTC
    } else {
        let (hours, minutes, seconds, nanoseconds) = clock_parts(&zone[1..])?;
        offset(zone, hours, minutes, seconds).filter(|_| nanoseconds == 0)?
    };
    offset.to_timestamp(wall).ok().map(IsoMoment::Exact)
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
    time: [i32; 3],
    nanosecond: i32,
    zone: Option<&'a str>,
}

fn loose(text: &str) -> Option<Loose<'_>> {
    let (year, rest) = digits(text, 4, 4)?;
    let (month, rest) = digits(rest.strip_prefix('-')?, 1, 2)?;
    let (day, rest) = digits(rest.strip_prefix('-')?, 1, 2)?;
    let (hour, rest) = digits(rest.strip_prefix(['T', ' '])?, 1, 2)?;
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
    let zone = rest.trim_start_matches(crate::number::is_space);
    let zone_right = zone.is_empty() || zone == "Z" || {
        let (_, minutes) = digits(zone.strip_prefix(['+', '-'])?, 2, 2)?;
        let minutes = minutes.strip_prefix(':').unwrap_or(minutes);
        minutes.is_empty() || minutes.len() == 2 && digits(minutes, 2, 2).is_some()
    };
    zone_right.then_some(Loose {
        date: [year, month, day],
        time: [hour, minute, second],
        nanosecond,
        zone: (!zone.is_empty()).then_some(zone),
    })
}

impl Loose<'_> {
    fn finish(&self) -> Option<IsoMoment> {
        let [year, month, day] = self.date;
        let [hour, minute, second] = self.time;
        let year = i16::try_from(year).ok().filter(|year| *year > 0)?;
        let date = Date::new(year, month.try_into().ok()?, day.try_into().ok()?).ok()?;
        let time = Time::new(
            hour.try_into().ok()?,
            minute.try_into().ok()?,
            second.try_into().ok()?,
            self.nanosecond,
        );
        let wall = date.to_datetime(time.ok()?);
        let Some(zone) = self.zone else {
            return Some(IsoMoment::Wall(wall));
        };
        let offset = if zone == "Z" {
            Offset::UTC
        } else {
            let (hours, minutes) = digits(&zone[1..], 2, 2)?;
            let minutes = minutes.strip_prefix(':').unwrap_or(minutes);
            let minutes = digits(minutes, 2, 2).map_or(0, |(minutes, _)| minutes);
            offset(zone, hours.try_into().ok()?, minutes.try_into().ok()?, 0)?
        };
        offset.to_timestamp(wall).ok().map(IsoMoment::Exact)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_of_iso_8601_are_read() {
        let check = |text: &str, expect: &str| {
            let found = match parse_datetime(text) {
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
