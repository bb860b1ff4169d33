//! When a session ends.

use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

use crate::{SessionData, SessionSettings};

/// Where a session keeps an end of its own.
pub(crate) const EXPIRY_NAME: &str = "_session_expiry";

/// When a session ends.
///
/// # Django
/// The argument of `SessionBase.set_expiry`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Expiry {
    /// As the settings say (Django's `None`).
    Default,
    /// When the browser closes (Django's `0`).
    BrowserClose,
    /// So many seconds after its last change (an integer).
    Seconds(i64),
    /// At this moment (a `datetime`).
    At(Timestamp),
    /// So long from now (a `timedelta`).
    After(SignedDuration),
}

impl Expiry {
    /// When a session ends that was changed last at `changed`.
    ///
    /// # Django
    /// `get_expiry_date(expiry=…, modification=…)`.
    pub fn date(self, settings: &SessionSettings, changed: Timestamp) -> Timestamp {
        self.ending(settings, changed).date(changed)
    }

    /// How many whole seconds lie between `changed` and the end.
    ///
    /// # Django
    /// `get_expiry_age(expiry=…, modification=…)`.
    pub fn age(self, settings: &SessionSettings, changed: Timestamp) -> i64 {
        self.ending(settings, changed).age(changed)
    }

    fn ending(self, settings: &SessionSettings, now: Timestamp) -> Ending {
        let usual = SignedDuration::from_secs(settings.session_cookie_age);
        match self {
            Self::Default | Self::BrowserClose | Self::Seconds(0) => Ending::After(usual),
            Self::Seconds(seconds) => Ending::After(SignedDuration::from_secs(seconds)),
            Self::At(moment) => Ending::At(moment),
            Self::After(duration) => Ending::At(later(now, duration)),
        }
    }

    /// What is kept in the session: nothing, a number, or a moment in ISO format.
    pub(crate) fn to_stored(self, now: Timestamp) -> Option<Value> {
        match self {
            Self::Default => None,
            Self::BrowserClose => Some(0.into()),
            Self::Seconds(seconds) => Some(seconds.into()),
            Self::At(moment) => Some(isoformat(moment).into()),
            Self::After(duration) => Some(isoformat(later(now, duration)).into()),
        }
    }
}

/// Python's `datetime.isoformat()` of a moment in UTC.
fn isoformat(moment: Timestamp) -> String {
    let format = if moment.subsec_microsecond() == 0 && moment.subsec_millisecond() == 0 {
        "%Y-%m-%dT%H:%M:%S+00:00"
    } else {
        "%Y-%m-%dT%H:%M:%S.%6f+00:00"
    };
    moment.strftime(format).to_string()
}

/// When a session ends, worked out from its data and the settings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ending {
    /// Some time after the last change.
    After(SignedDuration),
    /// At a fixed moment.
    At(Timestamp),
}

impl Ending {
    pub(crate) fn of(data: &SessionData, settings: &SessionSettings) -> Self {
        let default = Self::After(SignedDuration::from_secs(settings.session_cookie_age));
        match data.get(EXPIRY_NAME) {
            Some(Value::Number(number)) => match number.as_f64() {
                Some(seconds) if seconds != 0.0 => {
                    SignedDuration::try_from_secs_f64(seconds).map_or(default, Self::After)
                }
                _ => default,
            },
            Some(Value::String(text)) => parse(text).map_or(default, Self::At),
            _ => default,
        }
    }

    pub(crate) fn date(self, now: Timestamp) -> Timestamp {
        match self {
            Self::After(duration) => later(now, duration),
            Self::At(moment) => moment,
        }
    }

    /// Whole seconds from `now`, rounded down.
    pub(crate) fn age(self, now: Timestamp) -> i64 {
        match self {
            Self::After(duration) => duration.as_secs(),
            Self::At(moment) => i64::try_from(
                (moment.as_nanosecond() - now.as_nanosecond()).div_euclid(1_000_000_000),
            )
            .unwrap_or(i64::MAX),
        }
    }
}

/// True when the cookie is to last only as long as the browser.
pub(crate) fn at_browser_close(data: &SessionData, settings: &SessionSettings) -> bool {
    match data.get(EXPIRY_NAME) {
        None | Some(Value::Null) => settings.session_expire_at_browser_close,
        Some(value) => value.as_f64() == Some(0.0),
    }
}

fn parse(text: &str) -> Option<Timestamp> {
    text.parse::<Timestamp>().ok().or_else(|| {
        let naive: DateTime = text.parse().ok()?;
        TimeZone::UTC.to_timestamp(naive).ok()
    })
}

fn later(now: Timestamp, duration: SignedDuration) -> Timestamp {
    now.checked_add(duration)
        .unwrap_or(if duration.is_negative() {
            Timestamp::MIN
        } else {
            Timestamp::MAX
        })
}
