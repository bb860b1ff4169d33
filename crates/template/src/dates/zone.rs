//! Time zones by their names, and as values of templates.

use std::borrow::Cow;
use std::fmt;

use jiff::tz::{Offset, TimeZone};

use crate::object::Object;
use crate::to_value::ToValue;
use crate::value::Value;

/// The name of a zone: `Europe/Paris`, or `+0700` for one with a fixed offset.
pub(crate) fn zone_name(zone: &TimeZone) -> Cow<'_, str> {
    if *zone == TimeZone::UTC {
        return Cow::Borrowed("UTC");
    }
    match zone.iana_name() {
        Some(name) => Cow::Borrowed(name),
        None => match zone.to_fixed_offset() {
            Ok(offset) => Cow::Owned(offset_name(offset)),
            Err(_) => Cow::Borrowed("local"),
        },
    }
}

/// `+0700`.
pub(crate) fn offset_name(offset: Offset) -> String {
    let seconds = offset.seconds();
    let sign = if seconds < 0 { '-' } else { '+' };
    let minutes = seconds.abs() / 60;
    format!("{sign}{:02}{:02}", minutes / 60, minutes % 60)
}

/// The zone that a value is or names.
pub(crate) fn named_zone(value: &Value<'_>) -> Option<TimeZone> {
    match value.as_str() {
        Some(name) => TimeZone::get(name).ok(),
        None => value.as_object()?.time_zone(),
    }
}

/// A time zone as a value: what `{% timezone zone %}` takes.
impl Object for TimeZone {
    fn display(&self, out: &mut dyn fmt::Write) -> fmt::Result {
        out.write_str(&zone_name(self))
    }

    fn time_zone(&self) -> Option<TimeZone> {
        Some(self.clone())
    }
}

impl ToValue for TimeZone {
    fn to_value(&self) -> Value<'_> {
        Value::Object(self)
    }
}

impl From<TimeZone> for Value<'_> {
    fn from(zone: TimeZone) -> Self {
        Value::object(zone)
    }
}
