//! The time between two moments in words: "1 year, 3 months".

use jiff::civil::{Date, DateTime, Time};
use jiff::tz::TimeZone;

use crate::error::Error;
use crate::formats::Locale;
use crate::value::Value;

/// The units, as the catalogues have them.
const UNITS: [(&str, &str); 6] = [
    ("%(num)d year", "%(num)d years"),
    ("%(num)d month", "%(num)d months"),
    ("%(num)d week", "%(num)d weeks"),
    ("%(num)d day", "%(num)d days"),
    ("%(num)d hour", "%(num)d hours"),
    ("%(num)d minute", "%(num)d minutes"),
];
const SECONDS: [i64; 4] = [604_800, 86_400, 3600, 60];
/// A leap day counts as the 28th: the pivot has to exist in every year.
const MONTH_DAYS: [i8; 12] = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/// How a span of time is put into words.
///
/// ```
/// use nuages_template::formats::{Locale, TimeSince, timesince};
/// use nuages_template::{NoServices, Value};
/// let day = |month, day| Value::from(jiff::civil::date(2026, month, day));
/// let english = Locale::new(&NoServices);
/// let words = |how: TimeSince<'_>| timesince(&day(1, 1), Some(&day(4, 20)), &how, &english);
/// assert_eq!(words(TimeSince::default())?, "3\u{a0}months, 2\u{a0}weeks");
/// assert_eq!(words(TimeSince::default().depth(1))?, "3\u{a0}months");
/// # Ok::<(), nuages_template::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct TimeSince<'a> {
    depth: usize,
    units: [(&'a str, &'a str); 6],
    context: Option<&'a str>,
}

impl Default for TimeSince<'_> {
    /// Two neighbouring units in full words.
    fn default() -> Self {
        Self {
            depth: 2,
            units: UNITS,
            context: None,
        }
    }
}

impl<'a> TimeSince<'a> {
    /// How many neighbouring units are named, one at least.
    #[must_use]
    pub fn depth(mut self, depth: usize) -> Self {
        self.depth = depth;
        self
    }

    /// Other words for years, months, weeks, days, hours and minutes: for one of them and for more.
    /// `%(num)d` stands for the number; catalogues may translate them.
    #[must_use]
    pub fn units(mut self, units: [(&'a str, &'a str); 6]) -> Self {
        self.units = units;
        self
    }

    /// The context in which catalogues translate the units.
    #[must_use]
    pub fn context(mut self, context: &'a str) -> Self {
        self.context = Some(context);
        self
    }
}

/// The time from a moment to another one, or to now.
///
/// # Errors
/// When one of them has a time zone and the other one has none, one is no date, or the depth is zero.
pub fn timesince(
    moment: &Value<'_>,
    other: Option<&Value<'_>>,
    how: &TimeSince<'_>,
    locale: &Locale<'_>,
) -> Result<String, Error> {
    let (moment, other) = common(moment, other, how, locale)?;
    Ok(between(moment, other, how, locale))
}

/// The time to a moment from another one, or from now.
///
/// # Errors
/// As [`timesince`].
pub fn timeuntil(
    moment: &Value<'_>,
    other: Option<&Value<'_>>,
    how: &TimeSince<'_>,
    locale: &Locale<'_>,
) -> Result<String, Error> {
    let (moment, other) = common(moment, other, how, locale)?;
    Ok(between(other, moment, how, locale))
}

/// Both moments on the same clock.
fn common(
    moment: &Value<'_>,
    other: Option<&Value<'_>>,
    how: &TimeSince<'_>,
    locale: &Locale<'_>,
) -> Result<(DateTime, DateTime), Error> {
    if how.depth == 0 {
        return Err(Error::value("depth must be greater than 0."));
    }
    let own = match moment {
        Value::Timestamp(_) => Some(TimeZone::UTC),
        Value::Zoned(at) | Value::Local(at) => Some(at.time_zone().clone()),
        _ => None,
    };
    let at = |value: &Value<'_>| {
        match (value, &own) {
            (Value::Timestamp(at), Some(zone)) => Some(zone.to_datetime(*at)),
            (Value::Zoned(at) | Value::Local(at), Some(zone)) => {
                Some(zone.to_datetime(at.timestamp()))
            }
            (Value::DateTime(at), None) => Some(*at),
            (Value::Date(date), None) => Some(date.to_datetime(Time::midnight())),
            _ => None,
        }
        .ok_or_else(|| {
            Error::wrong_type("can't compare a moment that has a time zone with one that has none")
        })
    };
    let other = if let Some(other) = other {
        at(other)?
    } else {
        let now = locale.services().now();
        match &own {
            Some(zone) => zone.to_datetime(now),
            None => locale.default_time_zone().to_datetime(now),
        }
    };
    Ok((at(moment)?, other))
}

fn between(from: DateTime, to: DateTime, how: &TimeSince<'_>, locale: &Locale<'_>) -> String {
    let word = |at: usize, count: i64| {
        let (one, many) = how.units[at];
        let text = match how.context {
            Some(context) => locale.npgettext(context, one, many, count),
            None => locale.ngettext(one, many, count),
        };
        text.replace("%(num)d", itoa::Buffer::new().format(count))
            .replace(' ', "\u{a0}")
    };
    let nothing = || word(UNITS.len() - 1, 0);
    if seconds(from, to) <= 0 {
        return nothing();
    }
    let counts = counts(from, to);
    let Some(first) = counts.iter().position(|count| *count != 0) else {
        return nothing();
    };
    let shown: Vec<String> = (first..UNITS.len().min(first.saturating_add(how.depth)))
        .take_while(|at| counts[*at] != 0)
        .map(|at| word(at, counts[at]))
        .collect();
    shown.join(&locale.gettext(", "))
}

/// How many of each unit.
fn counts(from: DateTime, to: DateTime) -> Vec<i64> {
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
    counts
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::services::NoServices;
    use jiff::civil::date;

    fn check(from: DateTime, to: DateTime, expect: &str) {
        let locale = Locale::new(&NoServices);
        let words = between(from, to, &TimeSince::default(), &locale);
        assert_eq!(words.replace('\u{a0}', " "), expect, "{from} to {to}");
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
