//! Dates as HTTP headers have them.

use jiff::Timestamp;
use jiff::tz::TimeZone;

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
    const MONTHS: [&str; 12] = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ];
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
