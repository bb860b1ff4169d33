//! `Locale`: the language and the time zone in which values are shown at one place of a template.

use std::borrow::Cow;
use std::cell::OnceCell;
use std::fmt;

use jiff::tz::TimeZone;

use super::format::Format;
use super::number::Numbers;
use super::settings::LocaleSettings;
use crate::i18n::Message;
use crate::services::Services;
use crate::value::Value;

/// The language, as far as tags have chosen it.
#[derive(Clone, Debug, Default, PartialEq)]
enum Choice {
    /// That of the services.
    #[default]
    Services,
    Language(String),
    /// No language at all.
    Nothing,
}

/// What tags have changed. What they have not is asked of the services.
#[derive(Clone, Debug)]
pub(crate) struct LocaleState {
    /// `{% language %}`.
    language: Choice,
    /// `{% timezone %}`.
    pub(crate) time_zone: Option<TimeZone>,
    /// `{% localize %}`.
    pub(crate) use_l10n: bool,
    /// `{% localtime %}`.
    pub(crate) use_tz: Option<bool>,
    numbers: OnceCell<Numbers>,
    /// Are the digits of whole numbers not grouped?
    ungrouped: OnceCell<bool>,
}

impl Default for LocaleState {
    fn default() -> Self {
        Self {
            language: Choice::Services,
            time_zone: None,
            use_l10n: true,
            use_tz: None,
            numbers: OnceCell::new(),
            ungrouped: OnceCell::new(),
        }
    }
}

impl LocaleState {
    /// The same, to be changed: what was found out for the old language is forgotten.
    pub(crate) fn changed(&self, change: impl FnOnce(&mut Self)) -> Self {
        let mut state = Self {
            language: self.language.clone(),
            time_zone: self.time_zone.clone(),
            use_l10n: self.use_l10n,
            use_tz: self.use_tz,
            numbers: OnceCell::new(),
            ungrouped: OnceCell::new(),
        };
        change(&mut state);
        state
    }

    /// Are values shown in the same way?
    pub(crate) fn is_like(&self, other: &Self) -> bool {
        self.language == other.language
            && self.time_zone == other.time_zone
            && self.use_l10n == other.use_l10n
            && self.use_tz == other.use_tz
    }

    /// Takes a language, or none at all.
    pub(crate) fn set_language(&mut self, language: Option<String>) {
        self.language = language.map_or(Choice::Nothing, Choice::Language);
    }

    /// Are whole numbers written as plain digits?
    #[inline]
    pub(crate) fn whole_numbers_are_plain(&self, services: &dyn Services) -> bool {
        let ungrouped = || !services.locale_settings().use_thousand_separator;
        !self.use_l10n || *self.ungrouped.get_or_init(ungrouped)
    }
}

/// The language and the time zone in which values are shown.
///
/// ```
/// use nuages_template::formats::{Locale, date_format, number_format};
/// use nuages_template::{NoServices, Value};
/// let german = Locale::new(&NoServices).with_language(Some("de"));
/// let day = Value::from(jiff::civil::date(2026, 12, 31));
/// assert_eq!(date_format(&day, None, &german)?, "31. Dezember 2026");
/// assert_eq!(number_format(&Value::from(0.5), Some(2), &german), "0,50");
/// assert_eq!(german.ngettext("%(num)d day", "%(num)d days", 3), "%(num)d Tage");
/// # Ok::<(), nuages_template::formats::FormatError>(())
/// ```
///
/// # Django
/// What `translation` and `timezone` keep for each thread: here it is handed on.
#[derive(Clone)]
pub struct Locale<'a> {
    services: &'a dyn Services,
    state: Cow<'a, LocaleState>,
}

impl<'a> Locale<'a> {
    /// The language and the time zone of the services.
    pub fn new(services: &'a dyn Services) -> Self {
        Self {
            services,
            state: Cow::Owned(LocaleState::default()),
        }
    }

    pub(crate) fn of(services: &'a dyn Services, state: &'a LocaleState) -> Self {
        Self {
            services,
            state: Cow::Borrowed(state),
        }
    }

    /// In another language; `None` is none at all, where nothing is translated.
    #[must_use]
    pub fn with_language(self, language: Option<&str>) -> Self {
        self.changed(|state| state.set_language(language.map(str::to_owned)))
    }

    /// In another time zone.
    #[must_use]
    pub fn with_time_zone(self, zone: TimeZone) -> Self {
        self.changed(|state| state.time_zone = Some(zone))
    }

    /// With or without the formats of the language.
    #[must_use]
    pub fn localized(self, yes: bool) -> Self {
        self.changed(|state| state.use_l10n = yes)
    }

    fn changed(self, change: impl FnOnce(&mut LocaleState)) -> Self {
        Self {
            services: self.services,
            state: Cow::Owned(self.state.changed(change)),
        }
    }

    /// The settings.
    pub fn settings(&self) -> &'a LocaleSettings {
        self.services.locale_settings()
    }

    /// The services of the application.
    pub fn services(&self) -> &'a dyn Services {
        self.services
    }

    /// The active language.
    ///
    /// # Django
    /// `get_language`.
    pub fn language(&self) -> Option<&str> {
        if !self.settings().use_i18n {
            return Some(&self.settings().language_code);
        }
        match &self.state.language {
            Choice::Services => self.services.language(),
            Choice::Language(language) => Some(language),
            Choice::Nothing => None,
        }
    }

    /// Are numbers and dates written as the language writes them?
    pub fn use_l10n(&self) -> bool {
        self.state.use_l10n
    }

    /// Are points in time moved to the current time zone?
    pub fn use_tz(&self) -> bool {
        self.state.use_tz.unwrap_or(self.settings().use_tz)
    }

    /// The current time zone.
    pub fn time_zone(&self) -> TimeZone {
        match &self.state.time_zone {
            Some(zone) => zone.clone(),
            None => self.services.time_zone(),
        }
    }

    /// The time zone of the site, in which dates and times without a zone are meant.
    pub fn default_time_zone(&self) -> TimeZone {
        self.services.default_time_zone()
    }

    /// A point in time moved to the current time zone, where these are in use; other values as they are.
    ///
    /// # Django
    /// `template_localtime`.
    pub fn local_time<'v>(&self, value: Value<'v>) -> Value<'v> {
        if !matches!(value, Value::Timestamp(_) | Value::Zoned(_)) || !self.use_tz() {
            return value;
        }
        match value {
            Value::Timestamp(at) => at.to_zoned_datetime(self.time_zone()).into(),
            Value::Zoned(at) => at.with_time_zone(self.time_zone()).into(),
            other => other,
        }
    }

    /// The time now as `{% now %}` shows it: in the current time zone, or without one where these are not in use.
    pub(crate) fn now(&self) -> Value<'static> {
        let now = self.services.now();
        if self.settings().use_tz {
            now.to_zoned_datetime(self.time_zone()).into()
        } else {
            Value::DateTime(self.default_time_zone().to_datetime(now))
        }
    }

    /// A text in the language; the text itself where there is no translation.
    pub fn gettext<'m>(&'m self, text: &'m str) -> Cow<'m, str> {
        if text.is_empty() {
            return Cow::Borrowed(text);
        }
        if !text.contains('\r') {
            return self.find(Message::new(text)).unwrap_or(Cow::Borrowed(text));
        }
        // Catalogues know one end of a line.
        let text = text.replace("\r\n", "\n").replace('\r', "\n");
        match self.find(Message::new(&text)) {
            Some(found) => Cow::Owned(found.into_owned()),
            None => Cow::Owned(text),
        }
    }

    /// A text that its context tells from equal ones.
    pub fn pgettext<'m>(&'m self, context: &'m str, text: &'m str) -> Cow<'m, str> {
        if !text.contains('\r') {
            let message = Message::new(text).with_context(context);
            return self.find(message).unwrap_or(Cow::Borrowed(text));
        }
        let clean = text.replace("\r\n", "\n").replace('\r', "\n");
        match self.find(Message::new(&clean).with_context(context)) {
            Some(found) => Cow::Owned(found.into_owned()),
            None => Cow::Borrowed(text),
        }
    }

    /// The form of a text that suits a number.
    pub fn ngettext<'m>(&'m self, one: &'m str, many: &'m str, count: i64) -> Cow<'m, str> {
        let message = Message::new(one).with_plural(many, count);
        let found = self.find(message);
        found.unwrap_or(Cow::Borrowed(message.untranslated()))
    }

    /// The form of a text with a context that suits a number.
    pub fn npgettext<'m>(
        &'m self,
        context: &'m str,
        one: &'m str,
        many: &'m str,
        count: i64,
    ) -> Cow<'m, str> {
        let message = Message::new(one).with_plural(many, count);
        match self.find(message.with_context(context)) {
            Some(found) => found,
            None => self.ngettext(one, many, count),
        }
    }

    fn find<'m>(&'m self, message: Message<'m>) -> Option<Cow<'m, str>> {
        if !self.settings().use_i18n {
            return None;
        }
        self.services.translate(self.language()?, &message)
    }

    /// The format of this name, as the language has it or the settings; nothing if there is no such name.
    ///
    /// # Django
    /// `formats.get_format`, which gives the name itself back where there is no such format.
    pub fn format(&self, name: &str) -> Option<Format<'_>> {
        self.format_in(name, self.state.use_l10n)
    }

    pub(crate) fn format_in(&self, name: &str, localized: bool) -> Option<Format<'_>> {
        let language = if localized { self.language() } else { None };
        let found = self.services.format(language, name);
        found.or_else(|| self.settings().format(name))
    }

    /// The letters behind the name of a format; other letters as they are.
    pub(crate) fn letters<'m>(&'m self, format: &'m str) -> Cow<'m, str> {
        match self.format(format) {
            Some(Format::Text(letters)) => letters,
            Some(other) => Cow::Owned(other.as_text().unwrap_or(format).to_owned()),
            None => Cow::Borrowed(format),
        }
    }

    /// How the language writes numbers.
    pub(crate) fn numbers(&self) -> &Numbers {
        self.state.numbers.get_or_init(|| Numbers::new(self))
    }
}

impl fmt::Debug for Locale<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Locale")
            .field("language", &self.language())
            .field("state", &self.state)
            .finish_non_exhaustive()
    }
}
