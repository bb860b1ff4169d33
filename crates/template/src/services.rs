//! `Services`: what a template may ask of the application around it.

use std::borrow::Cow;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::formats::{Format, LocaleSettings, language_format};
use crate::fragments::FragmentStore;
use crate::i18n::{LanguageInfo, Message};
use crate::value::Value;

/// A named URL to be written: the arguments of `{% url %}`.
#[derive(Debug)]
#[non_exhaustive]
pub struct UrlRequest<'a> {
    /// The name of the route, with its namespaces: `blog:post-detail`.
    pub name: &'a str,
    /// The positional arguments.
    pub args: &'a [Value<'a>],
    /// The keyword arguments.
    pub kwargs: &'a [(&'a str, Value<'a>)],
    /// The application instance that is current in the request.
    pub current_app: Option<&'a str>,
    /// The language that is active where the URL is written.
    pub language: Option<&'a str>,
}

/// The application's answers: URLs, static files, the clock, the time zone, the language.
///
/// Templates do no I/O of their own: all they can learn besides the context comes from here, so that a test can hold it still.
///
/// ```
/// use nuages_template::{context, Engine, Services, UrlRequest};
/// struct Site;
/// impl Services for Site {
///     fn url(&self, request: &UrlRequest<'_>) -> Result<String, String> {
///         match request.name {
///             "home" => Ok("/".into()),
///             name => Err(format!("Reverse for '{name}' not found.")),
///         }
///     }
/// }
/// let page = Engine::default().from_str("{% url 'home' %}")?;
/// assert_eq!(page.render(&context! {}, &Site)?, "/");
/// # Ok::<(), nuages_template::Error>(())
/// ```
pub trait Services: Send + Sync {
    /// The path of a named route.
    ///
    /// # Errors
    /// The message for the developer when no route matches; `{% url %}` fails with it.
    fn url(&self, request: &UrlRequest<'_>) -> Result<String, String> {
        Err(format!(
            "Reverse for '{}' not found. '{0}' is not a valid view function or pattern name.",
            request.name
        ))
    }

    /// The URL of a static file.
    ///
    /// # Errors
    /// The message for the developer when there is no such file or static files are not set up.
    fn static_url(&self, path: &str) -> Result<String, String> {
        Err(format!(
            "there is no URL for the static file '{path}': static files are not set up"
        ))
    }

    /// The prefix of all static files (`STATIC_URL`).
    fn static_prefix(&self) -> String {
        String::new()
    }

    /// The prefix of all uploaded files (`MEDIA_URL`).
    fn media_prefix(&self) -> String {
        String::new()
    }

    /// The store of rendered fragments that `{% cache %}` uses: the one of this name in `using="name"`, else the usual one.
    /// Without a usual one the tag renders its contents each time.
    fn fragments(&self, name: Option<&str>) -> Option<&dyn FragmentStore> {
        let _ = name;
        None
    }

    /// How many values were printed so far that are for one visitor or one response alone: a CSRF token, a nonce.
    ///
    /// # Security
    /// A fragment of `{% cache %}` during whose rendering the number grew is shown, but not kept: else the
    /// token of one visitor would be on the pages of all.
    fn private_values_printed(&self) -> u64 {
        0
    }

    /// Told of each fragment that is not kept because of [`Services::private_values_printed`].
    fn fragment_not_kept(&self, name: &str) {
        let _ = name;
    }

    /// The time now. The default is the start of 1970: an application hands on its clock.
    fn now(&self) -> Timestamp {
        Timestamp::UNIX_EPOCH
    }

    /// Is the rendering no longer wanted, because its time is over or the visitor has gone?
    ///
    /// It is asked now and then, and `true` ends the rendering with an error of the kind
    /// [`ErrorKind::Limit`](crate::ErrorKind::Limit).
    ///
    /// ```
    /// use nuages_template::{context, Engine, ErrorKind, Services};
    /// use std::time::{Duration, Instant};
    /// struct Until(Instant);
    /// impl Services for Until {
    ///     fn is_cancelled(&self) -> bool {
    ///         Instant::now() >= self.0
    ///     }
    /// }
    /// let page = Engine::default().from_str("{% for a in v %}{% for b in v %}{% for c in v %}{% endfor %}{% endfor %}{% endfor %}")?;
    /// let soon = Until(Instant::now() + Duration::from_millis(20));
    /// let error = page.render(&context! { v: "x".repeat(100_000) }, &soon).unwrap_err();
    /// assert_eq!(error.kind(), ErrorKind::Limit);
    /// # Ok::<(), nuages_template::Error>(())
    /// ```
    fn is_cancelled(&self) -> bool {
        false
    }

    /// The time zone in which times are shown.
    fn time_zone(&self) -> TimeZone {
        TimeZone::UTC
    }

    /// The time zone of the site, in which times without one are meant.
    fn default_time_zone(&self) -> TimeZone {
        self.time_zone()
    }

    /// What the site decides about languages, numbers and times. The default is Django's.
    fn locale_settings(&self) -> &LocaleSettings {
        LocaleSettings::default_ref()
    }

    /// The active language; none where translation is switched off. The default is that of the settings.
    fn language(&self) -> Option<&str> {
        Some(&self.locale_settings().language_code)
    }

    /// The translation of a message. The default knows the names of months and days and the words for spans of time;
    /// [`Translations::get`](crate::i18n::Translations::get) knows these and a site's own catalogues.
    fn translate(&self, language: &str, message: &Message<'_>) -> Option<Cow<'_, str>> {
        crate::i18n::known_name(language, message).map(Cow::Borrowed)
    }

    /// How the language writes something, `DATE_FORMAT` for one; nothing where the settings decide.
    /// Without a language the settings are asked, unless this answers.
    fn format(&self, language: Option<&str>, name: &str) -> Option<Format<'_>> {
        language_format(language?, name)
    }

    /// What is known of a language: its name, its direction.
    fn language_info(&self, code: &str) -> Option<LanguageInfo<'_>> {
        LanguageInfo::find(code)
    }
}

/// No services: no URLs, no static files, no clock. For plain templates and tests.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoServices;

impl Services for NoServices {}
