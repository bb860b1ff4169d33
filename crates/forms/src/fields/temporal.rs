//! Dates and times.

use std::borrow::Cow;

use jiff::civil::DateTime;

use super::{FieldContext, FieldKind};
use crate::errors::ValidationError;
use crate::number::strip;
use crate::temporal::{
    DATE_FORMATS, DATETIME_FORMATS, IsoMoment, TIME_FORMATS, in_zone, parse_moment, strptime,
};
use crate::value::Value;
use crate::widgets::{DateInput, DateTimeInput, TimeInput, Widget};

/// The formats a field reads, tried one after another.
#[derive(Clone, Debug, Default)]
struct Formats(Option<Vec<Cow<'static, str>>>);

impl Formats {
    fn read(&self, text: &str, usual: &[&[&'static str]]) -> Option<DateTime> {
        match &self.0 {
            Some(own) => own.iter().find_map(|format| strptime(text, format)),
            None => usual
                .iter()
                .copied()
                .flatten()
                .find_map(|format| strptime(text, format)),
        }
    }
}

macro_rules! temporal {
    ($($(#[$doc:meta])* $name:ident, $widget:ident, $invalid:literal, $read:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Debug, Default)]
        pub struct $name {
            formats: Formats,
        }

        impl $name {
            /// With Django's formats for English.
            pub fn new() -> Self {
                Self::default()
            }

            /// With these formats instead, in the letters of `strptime`.
            pub fn input_formats<F: Into<Cow<'static, str>>>(
                mut self,
                formats: impl IntoIterator<Item = F>,
            ) -> Self {
                self.formats = Formats(Some(formats.into_iter().map(Into::into).collect()));
                self
            }
        }

        impl FieldKind for $name {
            fn name(&self) -> &'static str {
                stringify!($name)
            }

            fn widget(&self) -> Widget {
                $widget::new().into()
            }

            fn message(&self, code: &str) -> Option<&'static str> {
                (code == "invalid").then_some($invalid)
            }

            fn to_value(
                &self,
                cx: &FieldContext<'_>,
                value: Value,
            ) -> Result<Value, ValidationError> {
                if value.is_empty() {
                    return Ok(Value::None);
                }
                $read(&self.formats, cx, value)
            }

            fn prepare_value(&self, cx: &FieldContext<'_>, value: Value) -> Value {
                match value {
                    Value::Timestamp(at) => {
                        Value::DateTime(at.to_zoned_datetime(cx.time_zone().clone()).datetime())
                    }
                    other => other,
                }
            }
        }
    )*};
}

temporal! {
    /// A date.
    ///
    /// ```
    /// use nuages_forms::{DateField, Field};
    /// let field = Field::new(DateField::new());
    /// assert_eq!(field.clean("Oct 25, 2006").unwrap().to_string(), "2006-10-25");
    /// assert_eq!(field.clean("2006-13-01").unwrap_err().as_text(), "* Enter a valid date.");
    /// ```
    DateField, DateInput, "Enter a valid date.", read_date;
    /// A time of day.
    TimeField, TimeInput, "Enter a valid time.", read_time;
    /// A point in time, typed as the form's time zone shows it.
    ///
    /// ```
    /// use nuages_forms::{DateTimeField, Field};
    /// let field = Field::new(DateTimeField::new());
    /// let at = field.clean("10/25/2006 14:30").unwrap();
    /// assert_eq!(at.to_string(), "2006-10-25 14:30:00+00:00");
    /// ```
    DateTimeField, DateTimeInput, "Enter a valid date/time.", read_datetime;
}

fn read_date(
    formats: &Formats,
    cx: &FieldContext<'_>,
    value: Value,
) -> Result<Value, ValidationError> {
    match value {
        Value::Date(_) => Ok(value),
        Value::DateTime(at) => Ok(at.date().into()),
        Value::Timestamp(at) => Ok(at.to_zoned_datetime(cx.time_zone().clone()).date().into()),
        other => formats
            .read(strip(other.as_str().unwrap_or_default()), &[DATE_FORMATS])
            .map(|at| at.date().into())
            .ok_or_else(|| cx.error("invalid")),
    }
}

fn read_time(
    formats: &Formats,
    cx: &FieldContext<'_>,
    value: Value,
) -> Result<Value, ValidationError> {
    match value {
        Value::Time(_) => Ok(value),
        other => formats
            .read(strip(other.as_str().unwrap_or_default()), &[TIME_FORMATS])
            .map(|at| at.time().into())
            .ok_or_else(|| cx.error("invalid")),
    }
}

fn read_datetime(
    formats: &Formats,
    cx: &FieldContext<'_>,
    value: Value,
) -> Result<Value, ValidationError> {
    let wall = match value {
        Value::Timestamp(_) => return Ok(value),
        Value::DateTime(at) => at,
        Value::Date(date) => date.at(0, 0, 0, 0),
        other => {
            let text = strip(other.as_str().unwrap_or_default());
            match parse_moment(text) {
                Ok(Some(IsoMoment::Exact(at))) => return Ok(at.into()),
                Ok(Some(IsoMoment::Wall(at))) => at,
                Ok(None) => formats
                    .read(text, &[DATETIME_FORMATS, DATE_FORMATS])
                    .ok_or_else(|| cx.error("invalid"))?,
                Err(_) => return Err(cx.error("invalid")),
            }
        }
    };
    let moment = in_zone(wall, cx.time_zone())?;
    moment
        .map(Value::Timestamp)
        .ok_or_else(|| cx.error("invalid"))
}
