//! One flash message.

use std::fmt;

use nuages_template::SafeString;

/// How important a message is; any number is allowed, these are the usual ones.
///
/// # Django
/// `django.contrib.messages.constants`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Level(pub i32);

impl Level {
    /// For developers; dropped unless MESSAGE_LEVEL is lowered.
    pub const DEBUG: Self = Self(10);
    /// Worth knowing.
    pub const INFO: Self = Self(20);
    /// Something went well.
    pub const SUCCESS: Self = Self(25);
    /// Something may go wrong.
    pub const WARNING: Self = Self(30);
    /// Something went wrong.
    pub const ERROR: Self = Self(40);

    /// Django's tag of a usual level; empty for others.
    pub(crate) fn default_tag(self) -> &'static str {
        match self {
            Self::DEBUG => "debug",
            Self::INFO => "info",
            Self::SUCCESS => "success",
            Self::WARNING => "warning",
            Self::ERROR => "error",
            _ => "",
        }
    }
}

/// One message: text for the visitor, its level, and words for its CSS class.
///
/// ```
/// use nuages_sessions::{Level, Message};
///
/// let message = Message::new(Level::SUCCESS, "Saved <all> of it.").extra_tags("sticky");
/// assert_eq!(message.to_string(), "Saved <all> of it.");
/// assert!(!message.is_safe());
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    pub(crate) level: Level,
    pub(crate) text: String,
    pub(crate) safe: bool,
    pub(crate) extra_tags: Option<String>,
}

impl Message {
    /// A message of plain text: a template escapes it.
    pub fn new(level: Level, text: impl Into<String>) -> Self {
        Self {
            level,
            text: text.into(),
            safe: false,
            extra_tags: Some(String::new()),
        }
    }

    /// A message of HTML that is known to be safe.
    pub fn html(level: Level, html: &SafeString) -> Self {
        Self {
            safe: true,
            ..Self::new(level, html.as_str())
        }
    }

    /// Adds words to the CSS class.
    pub fn extra_tags(mut self, tags: impl Into<String>) -> Self {
        self.extra_tags = Some(tags.into());
        self
    }

    /// No words for the CSS class at all, as in messages of Django before 1.7.
    pub fn without_extra_tags(mut self) -> Self {
        self.extra_tags = None;
        self
    }

    /// Its own words for the CSS class.
    pub fn extra(&self) -> Option<&str> {
        self.extra_tags.as_deref()
    }

    /// Its level.
    pub fn level(&self) -> Level {
        self.level
    }

    /// True when the text is HTML that a template shows as it is.
    pub fn is_safe(&self) -> bool {
        self.safe
    }
}

impl fmt::Display for Message {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}
