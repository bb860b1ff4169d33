//! `LocaleSettings`: what a site decides about languages, numbers and times, once for all pages.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::LazyLock;

use super::format::Format;
use crate::i18n::{Data, default_languages, plain_code};

/// The settings of languages, numbers and times.
///
/// ```
/// use nuages_template::formats::{Format, Locale, LocaleSettings, localize};
/// use nuages_template::{Services, Value};
/// struct Site(LocaleSettings);
/// impl Services for Site {
///     fn locale_settings(&self) -> &LocaleSettings {
///         &self.0
///     }
/// }
/// let mut settings = LocaleSettings::default();
/// settings.language_code = "de".into();
/// settings.use_thousand_separator = true;
/// let site = Site(settings);
/// assert_eq!(localize(&Value::from(1234567.5), &Locale::new(&site)), "1.234.567,5");
/// ```
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct LocaleSettings {
    /// `LANGUAGE_CODE`: the language of the site.
    pub language_code: Cow<'static, str>,
    /// `LANGUAGES`: the languages of the site, code and English name.
    pub languages: Cow<'static, [(Cow<'static, str>, Cow<'static, str>)]>,
    /// `USE_I18N`: are texts translated?
    pub use_i18n: bool,
    /// `USE_TZ`: are points in time shown in the current time zone, and not in their own?
    pub use_tz: bool,
    /// `USE_THOUSAND_SEPARATOR`: are the digits of numbers grouped?
    pub use_thousand_separator: bool,
    formats: HashMap<Cow<'static, str>, Format<'static>>,
}

static DEFAULT: LazyLock<LocaleSettings> = LazyLock::new(LocaleSettings::default);

impl Default for LocaleSettings {
    /// Django's defaults.
    fn default() -> Self {
        let languages = default_languages().iter();
        Self {
            language_code: Cow::Borrowed("en-us"),
            languages: languages
                .map(|(code, name)| (Cow::Borrowed(*code), Cow::Borrowed(*name)))
                .collect(),
            use_i18n: true,
            use_tz: true,
            use_thousand_separator: false,
            formats: HashMap::new(),
        }
    }
}

impl LocaleSettings {
    /// Sets a format for languages that have none of their own, and for numbers and dates that are not localized.
    ///
    /// # Django
    /// The settings `DATE_FORMAT`, `DECIMAL_SEPARATOR`, `NUMBER_GROUPING` and their like.
    pub fn set_format(&mut self, name: impl Into<Cow<'static, str>>, format: Format<'static>) {
        self.formats.insert(name.into(), format);
    }

    /// The format of this name; nothing if there is no such name.
    pub fn format(&self, name: &str) -> Option<Format<'static>> {
        let set = self.formats.get(name).cloned();
        set.or_else(|| Data::get().format("", name))
    }

    pub(crate) fn default_ref() -> &'static Self {
        &DEFAULT
    }
}

/// The format of a language, as Django ships them; nothing where the settings decide.
///
/// # Django
/// The modules `django.conf.locale.*.formats`.
pub fn language_format(language: &str, name: &str) -> Option<Format<'static>> {
    let language = plain_code(language);
    let data = Data::get();
    data.format(&language, name).or_else(|| {
        let (generic, _) = language.split_once('-')?;
        data.format(generic, name)
    })
}
