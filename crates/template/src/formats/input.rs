//! Numbers and dates on their way into form fields and out of them.

use std::borrow::Cow;
use std::fmt::Write;

use super::locale::Locale;
use super::number::number_format;
use crate::dates::{MONTHS, Parts, WEEKDAYS};
use crate::value::Value;

/// A value as a form field shows it: in the first of the language's input formats.
///
/// ```
/// use nuages_template::formats::{Locale, localize_input};
/// use nuages_template::{NoServices, Value};
/// let german = Locale::new(&NoServices).with_language(Some("de"));
/// let day = Value::from(jiff::civil::date(2026, 12, 31));
/// assert_eq!(localize_input(&day, None, &german), "31.12.2026");
/// assert_eq!(localize_input(&Value::from(0.5), None, &german), "0,5");
/// ```
///
/// # Django
/// `formats.localize_input`.
pub fn localize_input(value: &Value<'_>, format: Option<&str>, locale: &Locale<'_>) -> String {
    let name = match value {
        Value::Int(_) | Value::Float(_) | Value::Decimal(_) => {
            return number_format(value, None, locale);
        }
        Value::Timestamp(_) | Value::Zoned(_) | Value::Local(_) | Value::DateTime(_) => {
            "DATETIME_INPUT_FORMATS"
        }
        Value::Date(_) => "DATE_INPUT_FORMATS",
        Value::Time(_) => "TIME_INPUT_FORMATS",
        _ => return value.to_text().into_owned(),
    };
    let own = locale.format(name);
    let format = format.or_else(|| own.as_ref()?.as_text()).unwrap_or("");
    strftime(value, format)
}

/// Python's `strftime` in the C locale, of which forms use little.
fn strftime(value: &Value<'_>, format: &str) -> String {
    let Some(parts) = Parts::of(value) else {
        return value.to_text().into_owned();
    };
    let mut out = String::with_capacity(format.len() * 2);
    let mut rest = format.chars();
    while let Some(c) = rest.next() {
        if c != '%' {
            out.push(c);
            continue;
        }
        let Some(letter) = rest.next() else {
            out.push('%');
            break;
        };
        if write_part(parts, letter, &mut out).is_none() {
            out.push('%');
            out.push(letter);
        }
    }
    out
}

/// Nothing for a letter that is not known. A time has the date that Python gives it.
fn write_part(parts: Parts, letter: char, out: &mut String) -> Option<()> {
    let date = parts.date.unwrap_or(jiff::civil::date(1900, 1, 1));
    let time = parts.time.unwrap_or(jiff::civil::Time::midnight());
    let twelve = match time.hour() % 12 {
        0 => 12,
        hour => hour,
    };
    let month = MONTHS.get(usize::try_from(date.month() - 1).ok()?)?;
    let weekday = date.weekday().to_monday_zero_offset();
    let weekday = WEEKDAYS.get(usize::try_from(weekday).ok()?)?;
    match letter {
        'Y' => write!(out, "{:04}", date.year()),
        'y' => write!(out, "{:02}", date.year().rem_euclid(100)),
        'm' => write!(out, "{:02}", date.month()),
        'd' => write!(out, "{:02}", date.day()),
        'j' => write!(out, "{:03}", date.day_of_year()),
        'B' => write!(out, "{month}"),
        'b' | 'h' => write!(out, "{}", &month[..3]),
        'A' => write!(out, "{weekday}"),
        'a' => write!(out, "{}", &weekday[..3]),
        'H' => write!(out, "{:02}", time.hour()),
        'I' => write!(out, "{twelve:02}"),
        'M' => write!(out, "{:02}", time.minute()),
        'S' => write!(out, "{:02}", time.second()),
        'f' => write!(out, "{:06}", time.subsec_nanosecond() / 1000),
        'p' => write!(out, "{}", if time.hour() < 12 { "AM" } else { "PM" }),
        '%' => write!(out, "%"),
        _ => return None,
    }
    .ok()
}

/// A number that somebody typed as the language writes it, as Rust reads it.
///
/// ```
/// use nuages_template::formats::{Locale, LocaleSettings, sanitize_separators};
/// use nuages_template::Services;
/// struct German(LocaleSettings);
/// impl Services for German {
///     fn locale_settings(&self) -> &LocaleSettings {
///         &self.0
///     }
/// }
/// let mut settings = LocaleSettings::default();
/// settings.language_code = "de".into();
/// settings.use_thousand_separator = true;
/// let site = German(settings);
/// assert_eq!(sanitize_separators("1.234,5", &Locale::new(&site)), "1234.5");
/// ```
///
/// # Django
/// `formats.sanitize_separators`.
pub fn sanitize_separators(text: &str, locale: &Locale<'_>) -> String {
    let format = |name: &str| {
        let found = locale.format_in(name, true);
        found
            .as_ref()
            .and_then(|format| format.as_text())
            .unwrap_or("")
            .to_owned()
    };
    let decimal = format("DECIMAL_SEPARATOR");
    let (whole, fraction) = match text.split_once(decimal.as_str()) {
        Some((whole, fraction)) if !decimal.is_empty() => (whole, Some(fraction)),
        _ => (text, None),
    };
    let mut whole = Cow::Borrowed(whole);
    if locale.settings().use_thousand_separator {
        let mark = format("THOUSAND_SEPARATOR");
        // One point that does not stand before three digits is meant as the decimal one.
        let is_decimal = mark == "."
            && whole.matches('.').count() == 1
            && whole
                .rsplit('.')
                .next()
                .is_some_and(|last| last.chars().count() != 3);
        if !is_decimal && !mark.is_empty() {
            // Spaces that do not break are typed as plain ones.
            let plain = mark.replace(['\u{a0}', '\u{202f}'], " ");
            whole = Cow::Owned(whole.replace(&mark, "").replace(&plain, ""));
        }
    }
    match fraction {
        Some(fraction) => format!("{whole}.{fraction}"),
        None => whole.into_owned(),
    }
}

/// Marks the parts of a `strftime` format that glibc does not fill with zeros in years before 1000.
///
/// ```
/// use nuages_template::formats::sanitize_strftime_format;
/// assert_eq!(sanitize_strftime_format("%Y-%m"), "%04Y-%m");
/// ```
///
/// # Django
/// `formats.sanitize_strftime_format` on Linux.
pub fn sanitize_strftime_format(format: &str) -> String {
    let mut out = String::with_capacity(format.len() + 4);
    let mut rest = format;
    // A part that follows another one at once is left as it is.
    let mut may = true;
    while let Some(at) = rest.find('%') {
        may |= at > 0;
        out.push_str(&rest[..at]);
        let run = rest[at..].bytes().take_while(|byte| *byte == b'%').count();
        out.push_str(&rest[at..at + run]);
        rest = &rest[at + run..];
        let letter = rest.chars().next().filter(|_| run % 2 == 1);
        let width = match letter {
            Some('C') => "02",
            Some('F') => "010",
            Some('G' | 'Y') => "04",
            _ => {
                may = true;
                continue;
            }
        };
        if may {
            out.push_str(width);
        }
        out.push_str(&rest[..1]);
        rest = &rest[1..];
        may = !may;
    }
    out.push_str(rest);
    out
}
