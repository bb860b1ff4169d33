//! Inputs for dates and times.

use std::borrow::Cow;

use super::input::draw_input;
use super::{Drawing, WidgetKind};
use crate::temporal::{DATE_FORMATS, DATETIME_FORMATS, TIME_FORMATS};
use crate::value::Value;

/// Python's `strftime` of a value; the value's text if the format does not go with it.
fn formatted(value: &Value, format: &str) -> Option<String> {
    use jiff::fmt::strtime::format as strftime;
    match value {
        Value::None => None,
        Value::Date(date) => Some(strftime(format, date.at(0, 0, 0, 0)).unwrap_or_default()),
        Value::Time(time) => {
            let at = jiff::civil::date(1900, 1, 1).to_datetime(*time);
            Some(strftime(format, at).unwrap_or_default())
        }
        Value::DateTime(at) => Some(strftime(format, *at).unwrap_or_default()),
        Value::Timestamp(at) => {
            let at = at.to_zoned_datetime(jiff::tz::TimeZone::UTC).datetime();
            Some(strftime(format, at).unwrap_or_default())
        }
        other => Some(other.to_string()),
    }
}

macro_rules! temporal {
    ($($(#[$doc:meta])* $name:ident, $formats:path;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Debug)]
        pub struct $name {
            format: Cow<'static, str>,
        }

        impl $name {
            /// With Django's format for English.
            pub const fn new() -> Self {
                Self { format: Cow::Borrowed($formats[0]) }
            }

            /// With another format, in the letters of `strftime`.
            pub fn format(format: impl Into<Cow<'static, str>>) -> Self {
                Self { format: format.into() }
            }
        }

        impl Default for $name {
            fn default() -> Self {
                Self::new()
            }
        }

        impl WidgetKind for $name {
            fn name(&self) -> &'static str {
                stringify!($name)
            }

            fn input_type(&self) -> Option<&'static str> {
                Some("text")
            }

            fn supports_microseconds(&self) -> bool {
                false
            }

            fn draw(&self, drawing: &Drawing<'_>, out: &mut String) {
                let value = formatted(drawing.value, &self.format);
                let input_type = drawing.input_type.unwrap_or("text");
                draw_input(out, input_type, drawing.name, value.as_deref(), &drawing.attrs);
            }
        }
    )*};
}

temporal! {
    /// A date.
    DateInput, DATE_FORMATS;
    /// A time of day.
    TimeInput, TIME_FORMATS;
    /// A date and a time.
    DateTimeInput, DATETIME_FORMATS;
}
