//! Dates, times and numbers as languages write them, for programs: what templates do on their own.
//!
//! ```
//! use nuages_template::formats::{Locale, localize, time_format};
//! use nuages_template::{NoServices, Value};
//! let french = Locale::new(&NoServices).with_language(Some("fr"));
//! assert_eq!(localize(&Value::from(3.14), &french), "3,14");
//! let noon = Value::from(jiff::civil::time(12, 0, 0, 0));
//! assert_eq!(time_format(&noon, None, &french)?, "12:00");
//! # Ok::<(), nuages_template::formats::FormatError>(())
//! ```
//!
//! # In templates
//! `{{ }}` and the filters `date`, `time`, `floatformat`, `filesizeformat`, `timesince` follow the language by themselves.
//! `{% load l10n %}` gives `{% localize on %}…{% endlocalize %}`, `localize` and `unlocalize`; `{% load tz %}` gives:
//!
//! | Tag or filter | What it does |
//! |---|---|
//! | `{% localtime on %}…{% endlocaltime %}` | moves points in time to the current time zone, or leaves them in their own |
//! | `{% timezone "Europe/Paris" %}…{% endtimezone %}` | another current time zone; `None` is the site's |
//! | `{% get_current_timezone as name %}` | its name |
//! | `localtime`, `utc`, `timezone:"Europe/Paris"` | a point in time in the current zone, in UTC, in another one |
//!
//! # Django
//! `django.utils.formats`, `numberformat`, `dateformat` and `timesince`.

mod format;
mod input;
mod locale;
mod number;
mod settings;

use std::borrow::Cow;

pub(crate) use locale::LocaleState;
pub(crate) use number::number_format_with;

pub use crate::dates::{FormatError, TimeSince, timesince, timeuntil};
pub use format::Format;
pub use input::{localize_input, sanitize_separators, sanitize_strftime_format};
pub use locale::Locale;
pub use number::{NumberStyle, format_number, number_format};
pub use settings::{LocaleSettings, language_format};

use crate::value::Value;

/// A date, or a date with its time, in a format: its name, its letters, or `DATE_FORMAT`.
///
/// # Errors
/// When the value is no date, or one without a time whose hour is asked for.
///
/// # Django
/// `formats.date_format`.
pub fn date_format(
    value: &Value<'_>,
    format: Option<&str>,
    locale: &Locale<'_>,
) -> Result<String, FormatError> {
    let format = format.filter(|format| !format.is_empty());
    let letters = locale.letters(format.unwrap_or("DATE_FORMAT"));
    crate::dates::format(value, &letters, locale)
}

/// A time in a format: its name, its letters, or `TIME_FORMAT`.
///
/// # Errors
/// When the value has no time, or its day is asked for.
///
/// # Django
/// `formats.time_format`.
pub fn time_format(
    value: &Value<'_>,
    format: Option<&str>,
    locale: &Locale<'_>,
) -> Result<String, FormatError> {
    let format = format.filter(|format| !format.is_empty());
    let letters = locale.letters(format.unwrap_or("TIME_FORMAT"));
    crate::dates::format_time(value, &letters, locale)
}

/// A value as `{{ }}` writes it: numbers, dates and times as the language does, everything else as it is.
///
/// # Django
/// `formats.localize`.
pub fn localize(value: &Value<'_>, locale: &Locale<'_>) -> String {
    localized(value, locale).into_owned()
}

pub(crate) fn localized<'v>(value: &'v Value<'_>, locale: &Locale<'_>) -> Cow<'v, str> {
    let name = match value {
        Value::Int(_) | Value::Float(_) | Value::Decimal(_) if locale.use_l10n() => {
            return Cow::Owned(number_format(value, None, locale));
        }
        Value::Timestamp(_) | Value::Zoned(_) | Value::Local(_) | Value::DateTime(_) => {
            "DATETIME_FORMAT"
        }
        Value::Date(_) => "DATE_FORMAT",
        Value::Time(_) => "TIME_FORMAT",
        _ => return value.to_text(),
    };
    // A setting that asks a date for its hour is the only thing that can go wrong: then nothing is shown.
    let text = crate::dates::format(value, &locale.letters(name), locale);
    Cow::Owned(text.unwrap_or_default())
}
