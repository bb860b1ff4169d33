//! Dates as HTTP headers have them.

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;

const MONTHS: [&str; 12] = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
];

/// A moment as in `Expires` and `Last-Modified`.
///
/// ```
/// use jiff::Timestamp;
/// use nuages_security::date::http_date;
///
/// assert_eq!(http_date(Timestamp::UNIX_EPOCH), "Thu, 01 Jan 1970 00:00:00 GMT");
/// ```
///
/// # Django
/// `django.utils.http.http_date`.
pub fn http_date(moment: Timestamp) -> String {
    const DAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
    let at = TimeZone::UTC.to_datetime(moment);
    let day = usize::try_from(at.weekday().to_monday_zero_offset()).unwrap_or_default();
    let month = usize::try_from(at.month() - 1).unwrap_or_default();
    format!(
        "{}, {:02} {} {:04} {:02}:{:02}:{:02} GMT",
        DAYS[day % 7],
        at.day(),
        MONTHS[month % 12],
        at.year(),
        at.hour(),
        at.minute(),
        at.second()
    )
}

/// Reads a date of a header; `None` when it is none.
///
/// The three formats of RFC 9110 are known. One of them has years of two digits: a year more than 50
/// years after `now` is one of the century before.
///
/// ```
/// use jiff::Timestamp;
/// use nuages_security::date::parse_http_date;
///
/// let now = Timestamp::from_second(1_780_000_000)?;
/// let read = |text| parse_http_date(text, now).map(Timestamp::as_second);
/// assert_eq!(read("Sun, 06 Nov 1994 08:49:37 GMT"), Some(784_111_777));
/// assert_eq!(read("Sunday, 06-Nov-94 08:49:37 GMT"), Some(784_111_777));
/// assert_eq!(read("Sun Nov  6 08:49:37 1994"), Some(784_111_777));
/// assert_eq!(read("yesterday"), None);
/// # Ok::<(), jiff::Error>(())
/// ```
///
/// # Django
/// `django.utils.http.parse_http_date_safe`.
pub fn parse_http_date(text: &str, now: Timestamp) -> Option<Timestamp> {
    let text = text.strip_suffix('\n').unwrap_or(text);
    let moment = match text.split_once(", ") {
        Some((day, rest)) if is_word(day, 3..=3) => rfc1123(rest),
        Some((day, rest)) if is_word(day, 6..=9) => rfc850(rest, now),
        _ => asctime(text),
    };
    TimeZone::UTC.to_timestamp(moment?).ok()
}

/// `06 Nov 1994 08:49:37 GMT`
fn rfc1123(text: &str) -> Option<DateTime> {
    let mut words = text.strip_suffix(" GMT")?.splitn(4, ' ');
    let (day, month, year, time) = (words.next()?, words.next()?, words.next()?, words.next()?);
    civil(digits(year, 4)?, month, digits(day, 2)?, time)
}

/// `06-Nov-94 08:49:37 GMT`
fn rfc850(text: &str, now: Timestamp) -> Option<DateTime> {
    let (date, time) = text.strip_suffix(" GMT")?.split_once(' ')?;
    let mut words = date.splitn(3, '-');
    let (day, month, year) = (words.next()?, words.next()?, digits(words.next()?, 2)?);
    let this_year = TimeZone::UTC.to_datetime(now).year();
    let century = this_year - this_year % 100;
    let is_past = year - this_year % 100 > 50;
    let year = year + century - if is_past { 100 } else { 0 };
    civil(year, month, digits(day, 2)?, time)
}

/// `Sun Nov  6 08:49:37 1994`
fn asctime(text: &str) -> Option<DateTime> {
    let (name, rest) = text.split_once(' ')?;
    let (month, rest) = rest.split_once(' ')?;
    let (day, rest) = (rest.get(..2)?, rest.get(2..)?.strip_prefix(' ')?);
    let (time, year) = rest.split_once(' ')?;
    let day = match day.strip_prefix(' ') {
        Some(day) => digits(day, 1)?,
        None => digits(day, 2)?,
    };
    let moment = civil(digits(year, 4)?, month, day, time);
    moment.filter(|_| is_word(name, 3..=3))
}

fn civil(year: i16, month: &str, day: i16, time: &str) -> Option<DateTime> {
    let month = MONTHS
        .iter()
        .position(|known| known.eq_ignore_ascii_case(month))?;
    let mut parts = time.splitn(3, ':').map(|part| digits(part, 2));
    let (hour, minute, second) = (parts.next()??, parts.next()??, parts.next()??);
    let small = |number: i16| i8::try_from(number).ok();
    let month = i8::try_from(month).ok()? + 1;
    DateTime::new(
        year,
        month,
        small(day)?,
        small(hour)?,
        small(minute)?,
        small(second)?,
        0,
    )
    .ok()
}

fn is_word(text: &str, length: std::ops::RangeInclusive<usize>) -> bool {
    text.chars().all(|c| c.is_alphanumeric() || c == '_') && length.contains(&text.chars().count())
}

fn digits(text: &str, length: usize) -> Option<i16> {
    let is_number = text.len() == length && text.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| text.parse().ok())?
}
