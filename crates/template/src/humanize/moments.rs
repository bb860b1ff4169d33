//! `naturalday` and `naturaltime`.

use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};

use crate::dates::{TimeSince, timesince, timeuntil};
use crate::error::Error;
use crate::formats::{Locale, date_format};
use crate::library::FilterCall;
use crate::value::Value;

type Result<'r> = std::result::Result<Value<'r>, Error>;

/// "today", "tomorrow", "yesterday", or the date in the argument's format.
pub(super) fn naturalday<'r>(value: Value<'r>, call: &FilterCall<'r>) -> Result<'r> {
    let locale = call.locale();
    let now = call.now();
    let naive = || locale.default_time_zone().to_datetime(now).date();
    let (day, today): (Date, Date) = match &value {
        Value::Date(date) => (*date, naive()),
        Value::DateTime(at) => (at.date(), naive()),
        Value::Timestamp(at) => {
            let zone = jiff::tz::TimeZone::UTC;
            (zone.to_datetime(*at).date(), zone.to_datetime(now).date())
        }
        Value::Zoned(at) | Value::Local(at) => {
            (at.datetime().date(), at.time_zone().to_datetime(now).date())
        }
        _ => return Ok(value),
    };
    let word = match day.duration_since(today).as_hours() {
        0 => "today",
        24 => "tomorrow",
        -24 => "yesterday",
        _ => {
            let letters = call.argument().filter(|letters| !letters.is_none());
            let letters = letters.map(Value::to_text);
            let shown = date_format(&Value::Date(day), letters.as_deref(), &locale);
            return shown
                .map(Value::from)
                .map_err(|error| Error::wrong_type(error.to_string()));
        }
    };
    Ok(Value::from(locale.gettext(word).into_owned()))
}

/// The units of longer times, within "… ago" and "… from now".
const PAST: &str = "naturaltime-past";
const FUTURE: &str = "naturaltime-future";

/// How shorter times are said: one, more, and the seconds of the unit.
struct Words {
    second: (&'static str, &'static str),
    minute: (&'static str, &'static str),
    hour: (&'static str, &'static str),
    day: &'static str,
}

const AGO: Words = Words {
    second: ("a second ago", "%(count)s\u{a0}seconds ago"),
    minute: ("a minute ago", "%(count)s\u{a0}minutes ago"),
    hour: ("an hour ago", "%(count)s\u{a0}hours ago"),
    day: "%(delta)s ago",
};

const FROM_NOW: Words = Words {
    second: ("a second from now", "%(count)s\u{a0}seconds from now"),
    minute: ("a minute from now", "%(count)s\u{a0}minutes from now"),
    hour: ("an hour from now", "%(count)s\u{a0}hours from now"),
    day: "%(delta)s from now",
};

/// "5 minutes ago", "2 days from now".
pub(super) fn naturaltime<'r>(value: Value<'r>, call: &FilterCall<'r>) -> Result<'r> {
    let locale = call.locale();
    let now = call.now();
    let Some((since, now)) = elapsed(&value, now, &locale)? else {
        return Ok(value);
    };
    let past = since.is_positive();
    let words = if past { AGO } else { FROM_NOW };
    // Whole seconds: what is left of one does not count.
    let seconds = since.abs().as_secs();
    let text = match seconds {
        0 => locale.gettext("now").into_owned(),
        1..=59 => counted(&locale, words.second, seconds),
        60..=3599 => counted(&locale, words.minute, seconds / 60),
        3600..=86_399 => counted(&locale, words.hour, seconds / 3600),
        _ => {
            let how = TimeSince::default().context(if past { PAST } else { FUTURE });
            let span = if past { timesince } else { timeuntil };
            let span = span(&value, Some(&now), &how, &locale)?;
            locale.gettext(words.day).replace("%(delta)s", &span)
        }
    };
    Ok(Value::from(text))
}

fn counted(locale: &Locale<'_>, (one, many): (&str, &str), count: i64) -> String {
    let text = locale.ngettext(one, many, count);
    text.replace("%(count)s", itoa::Buffer::new().format(count))
}

/// The time from the value to now, and now on the clock of the value; nothing for what is no date.
fn elapsed(
    value: &Value<'_>,
    now: Timestamp,
    locale: &Locale<'_>,
) -> std::result::Result<Option<(SignedDuration, Value<'static>)>, Error> {
    Ok(match value {
        Value::DateTime(at) => {
            let now = locale.default_time_zone().to_datetime(now);
            Some((at.duration_until(now), Value::DateTime(now)))
        }
        Value::Timestamp(at) => Some((at.duration_until(now), Value::Timestamp(now))),
        Value::Zoned(at) | Value::Local(at) => {
            let since = at.timestamp().duration_until(now);
            Some((since, Value::Timestamp(now)))
        }
        Value::Date(_) => {
            return Err(Error::wrong_type(
                "naturaltime takes a date with a time; naturalday takes a date",
            ));
        }
        _ => None,
    })
}
