//! The time between two moments in words: "1 year, 3 months".

use jiff::Timestamp;
use jiff::civil::{Date, DateTime, Time};
use jiff::tz::TimeZone;

use crate::value::Value;

/// Which of the two moments is the later one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Since {
    /// From the moment to now.
    Past,
    /// From now to the moment.
    Future,
}

const UNITS: [&str; 6] = ["year", "month", "week", "day", "hour", "minute"];
const SECONDS: [i64; 4] = [604_800, 86_400, 3600, 60];
/// A leap day counts as the 28th: the pivot has to exist in every year.
const MONTH_DAYS: [i8; 12] = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/// The two largest neighbouring units between the moments; nothing when they cannot be compared.
///
/// `clock` is the time now and the current zone, for naive moments without a partner.
pub(crate) fn since(
    moment: &Value<'_>,
    other: Option<&Value<'_>>,
    direction: Since,
    clock: (Timestamp, &TimeZone),
) -> Option<String> {
    let (moment, other) = common(moment, other, clock)?;
    let (from, to) = match direction {
        Since::Past => (moment, other),
        Since::Future => (other, moment),
    };
    Some(between(from, to))
}

/// Both moments on the same clock.
fn common(
    moment: &Value<'_>,
    other: Option<&Value<'_>>,
    (now, zone): (Timestamp, &TimeZone),
) -> Option<(DateTime, DateTime)> {
    let own = match moment {
        Value::Timestamp(_) => Some(TimeZone::UTC),
        Value::Zoned(at) => Some(at.time_zone().clone()),
        _ => None,
    };
    let at = |value: &Value<'_>| match (value, &own) {
        (Value::Timestamp(at), Some(zone)) => Some(zone.to_datetime(*at)),
        (Value::Zoned(at), Some(zone)) => Some(zone.to_datetime(at.timestamp())),
        (Value::DateTime(at), None) => Some(*at),
        (Value::Date(date), None) => Some(date.to_datetime(Time::midnight())),
        _ => None,
    };
    let other = match other {
        Some(other) => at(other)?,
        None => own.as_ref().unwrap_or(zone).to_datetime(now),
    };
    Some((at(moment)?, other))
}

fn between(from: DateTime, to: DateTime) -> String {
    if seconds(from, to) <= 0 {
        return unit("minute", 0);
    }
    let month = |at: DateTime| i64::from(at.year()) * 12 + i64::from(at.month());
    let mut months = month(to) - month(from);
    if (from.day(), from.time()) > (to.day(), to.time()) {
        months -= 1;
    }
    let pivot = if months == 0 {
        from
    } else {
        pivot(from, months)
    };
    let mut rest = seconds(pivot, to);
    let mut counts = vec![months / 12, months % 12];
    for size in SECONDS {
        let count = rest.div_euclid(size);
        counts.push(count);
        rest -= size * count;
    }
    let first = counts.iter().position(|count| *count != 0);
    let Some(first) = first else {
        return unit("minute", 0);
    };
    let shown: Vec<String> = (first..UNITS.len().min(first + 2))
        .take_while(|at| counts[*at] != 0)
        .map(|at| unit(UNITS[at], counts[at]))
        .collect();
    shown.join(", ")
}

/// The moment so many months later, without fractions of a second.
fn pivot(from: DateTime, months: i64) -> DateTime {
    let month = i64::from(from.month()) - 1 + months;
    let year = i64::from(from.year()) + month.div_euclid(12);
    let index = usize::try_from(month.rem_euclid(12)).unwrap_or(0);
    let day = from.day().min(MONTH_DAYS[index]);
    let date = i16::try_from(year)
        .ok()
        .and_then(|year| Date::new(year, i8::try_from(index + 1).ok()?, day).ok())
        .unwrap_or(from.date());
    let time = Time::new(from.hour(), from.minute(), from.second(), 0).unwrap_or(from.time());
    date.to_datetime(time)
}

/// Whole seconds from one moment to the other, rounded down.
fn seconds(from: DateTime, to: DateTime) -> i64 {
    let nanos = from.duration_until(to).as_nanos();
    i64::try_from(nanos.div_euclid(1_000_000_000)).unwrap_or(0)
}

/// A count and its unit, with a space that does not break.
fn unit(name: &str, count: i64) -> String {
    format!("{count}\u{a0}{name}{}", if count == 1 { "" } else { "s" })
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn check(from: DateTime, to: DateTime, expect: &str) {
        assert_eq!(
            between(from, to).replace('\u{a0}', " "),
            expect,
            "{from} to {to}"
        );
    }

    #[test]
    fn months_are_counted_by_the_calendar() {
        let day = |y, m, d| date(y, m, d).at(0, 0, 0, 0);
        check(day(2013, 2, 10), day(2014, 3, 10), "1 year, 1 month");
        check(day(2007, 8, 10), day(2008, 9, 10), "1 year, 1 month");
        check(day(2024, 2, 29), day(2025, 2, 28), "11 months, 4 weeks");
        check(day(2024, 1, 1), day(2024, 1, 1), "0 minutes");
        check(day(2024, 1, 2), day(2024, 1, 1), "0 minutes");
        check(
            day(2024, 1, 1),
            date(2024, 1, 5).at(6, 0, 0, 0),
            "4 days, 6 hours",
        );
    }
}
