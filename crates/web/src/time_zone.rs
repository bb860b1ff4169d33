//! The time zone of a page, where it is not the one of the site.

use jiff::tz::TimeZone;

/// The time zone that a layer has chosen for a request: put it into the extensions, and the page shows its times so.
///
/// It is part of the keys of [cached pages](crate::page_cache).
///
/// ```
/// use jiff::tz::TimeZone;
/// use nuages_web::ActiveTimeZone;
///
/// let active = ActiveTimeZone::new(TimeZone::get("Europe/Zurich")?);
/// assert_eq!(active.name(), "Europe/Zurich");
/// # Ok::<(), jiff::Error>(())
/// ```
///
/// # Django
/// `timezone.activate(…)` in a middleware, `get_current_timezone_name()`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ActiveTimeZone(TimeZone);

impl ActiveTimeZone {
    /// This time zone.
    pub fn new(zone: TimeZone) -> Self {
        Self(zone)
    }

    /// The time zone.
    pub fn zone(&self) -> &TimeZone {
        &self.0
    }

    /// Its name, or the offset when it has none.
    pub fn name(&self) -> String {
        name_of(&self.0)
    }
}

/// The name by which keys know a time zone.
pub(crate) fn name_of(zone: &TimeZone) -> String {
    match (zone.iana_name(), zone.to_fixed_offset()) {
        (Some(name), _) => name.to_owned(),
        (None, Ok(offset)) => offset.to_string(),
        // A zone of rules without a name, such as the one of the machine.
        (None, Err(_)) => format!("{zone:?}"),
    }
}
