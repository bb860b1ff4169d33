//! One finding of a system check.

use std::borrow::Cow;
use std::fmt;

/// How grave a finding is, in Django's five steps.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// Only of interest when looking for something.
    Debug,
    /// Worth knowing.
    Info,
    /// Probably a mistake; the site starts.
    Warning,
    /// A mistake; the site refuses to start.
    Error,
    /// A mistake that makes further checks meaningless.
    Critical,
}

/// When a check runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Tag {
    /// At every start and with `check`.
    Always,
    /// Only with `check --deploy`.
    Deploy,
}

/// One finding: an id, what is wrong, and what to try.
///
/// ```
/// use nuages_base::{Check, Level};
///
/// let check = Check::warning("security.W004", "HSTS is off.").hint("Set `secure_hsts_seconds`.");
/// assert_eq!(check.level, Level::Warning);
/// assert_eq!(check.to_string(), "(security.W004) HSTS is off.\n\tHINT: Set `secure_hsts_seconds`.");
/// ```
///
/// # Django
/// `django.core.checks.CheckMessage`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Check {
    /// How grave it is.
    pub level: Level,
    /// Stable id, Django's own where Django has the check.
    pub id: Cow<'static, str>,
    /// What is wrong, as one or more sentences.
    pub message: Cow<'static, str>,
    /// What to try.
    pub hint: Option<Cow<'static, str>>,
    /// When it applies.
    pub tag: Tag,
}

impl Check {
    /// A finding of the given level that applies always.
    pub fn new(
        level: Level,
        id: impl Into<Cow<'static, str>>,
        message: impl Into<Cow<'static, str>>,
    ) -> Self {
        Self {
            level,
            id: id.into(),
            message: message.into(),
            hint: None,
            tag: Tag::Always,
        }
    }

    /// A mistake: the site refuses to start.
    pub fn error(id: impl Into<Cow<'static, str>>, message: impl Into<Cow<'static, str>>) -> Self {
        Self::new(Level::Error, id, message)
    }

    /// Probably a mistake.
    pub fn warning(
        id: impl Into<Cow<'static, str>>,
        message: impl Into<Cow<'static, str>>,
    ) -> Self {
        Self::new(Level::Warning, id, message)
    }

    /// Worth knowing.
    pub fn info(id: impl Into<Cow<'static, str>>, message: impl Into<Cow<'static, str>>) -> Self {
        Self::new(Level::Info, id, message)
    }

    /// Adds what to try.
    pub fn hint(mut self, hint: impl Into<Cow<'static, str>>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// Shows the finding only with `check --deploy`.
    pub fn deploy(mut self) -> Self {
        self.tag = Tag::Deploy;
        self
    }
}

impl fmt::Display for Check {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "({}) {}", self.id, self.message)?;
        if let Some(hint) = &self.hint {
            write!(f, "\n\tHINT: {hint}")?;
        }
        Ok(())
    }
}
