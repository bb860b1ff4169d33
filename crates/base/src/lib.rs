//! The shared words of Nuages.
//!
//! A closed list, kept small because every other room is rebuilt when it changes:
//!
//! - [`Signals`]: what happened, told to whoever asked to know (Django's `django.dispatch`).
//! - [`Check`]: one finding about a configuration (Django's system checks).
//! - [`Clock`]: the time, which tests can hold still.
//! - [`Provided`]: what a site gives to each of its requests.
//! - [`settings!`]: how a room declares its typed settings with safe defaults.
//!
//! Internal crate of `nuages`: versions move in lockstep, and only the facade promises stability.
#![forbid(unsafe_code)]

mod check;
mod clock;
mod extract;
mod provided;
mod settings;
mod signals;

pub use check::{Check, Level, Tag};
pub use clock::Clock;
pub use extract::MissingSignals;
pub use provided::Provided;
pub use settings::{SettingError, SettingsGroup, read_setting};
pub use signals::{Answer, ReceiverError, Sender, SignalError, Signals};

#[doc(hidden)]
pub mod __private {
    pub use serde_json;
}
