//! The services of a record: its clock, its zone, its URLs, its language.

use std::borrow::Cow;
use std::fmt::Write as _;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use nuages_template::formats::{Format, LocaleSettings};
use nuages_template::i18n::{LanguageInfo, Message};
use nuages_template::{FragmentStore, MemoryFragments, Services, UrlRequest, Value};
use serde_json::Value as Json;

use super::locale::Language;
use super::values::{to_json, without_safe, zone};

/// The services of a record.
pub(super) struct Recorded {
    now: Timestamp,
    zone: TimeZone,
    default_zone: TimeZone,
    language: Language,
    urls: Vec<Json>,
    static_url: String,
    media_url: String,
    fragments: MemoryFragments,
}

impl Recorded {
    pub(super) fn new(record: &Json) -> Self {
        let settings = &record["settings"];
        let now = record["now"].as_str().and_then(|now| {
            format!("{}Z", now.trim_end_matches('Z').trim_end_matches("+00:00"))
                .parse()
                .ok()
        });
        let default_zone = settings["TIME_ZONE"].as_str();
        let default_zone = default_zone.and_then(|name| TimeZone::get(name).ok());
        let default_zone = default_zone.unwrap_or(TimeZone::UTC);
        let setting = |name: &str| settings[name].as_str().unwrap_or("").to_owned();
        Self {
            now: now.unwrap_or(Timestamp::UNIX_EPOCH),
            zone: zone(&settings["timezone"]).unwrap_or_else(|| default_zone.clone()),
            default_zone,
            language: Language::new(record),
            urls: record["services"]["urls"]
                .as_array()
                .cloned()
                .unwrap_or_default(),
            static_url: setting("STATIC_URL"),
            media_url: setting("MEDIA_URL"),
            fragments: MemoryFragments::new(100),
        }
    }
}

impl Services for Recorded {
    fn url(&self, request: &UrlRequest<'_>) -> Result<String, String> {
        let args: Vec<Json> = request.args.iter().map(plain).collect();
        let mut kwargs: Vec<Json> = request
            .kwargs
            .iter()
            .map(|(name, value)| Json::from(vec![Json::from(*name), plain(value)]))
            .collect();
        kwargs.sort_by_key(Json::to_string);
        let found = self.urls.iter().find(|known| {
            let mut known_kwargs = without_safe(&known["kwargs"])
                .as_array()
                .cloned()
                .unwrap_or_default();
            known_kwargs.sort_by_key(Json::to_string);
            without_safe(&known["view"]) == request.name
                && without_safe(&known["args"]) == Json::from(args.clone())
                && known_kwargs == kwargs
                && known["current_app"].as_str() == request.current_app
                && known["lang"].as_str() == request.language
        });
        let result = found
            .and_then(|known| known["result"].as_str())
            .map(str::to_owned);
        result.ok_or_else(|| format!("no route for {request:?}"))
    }

    fn static_url(&self, path: &str) -> Result<String, String> {
        let mut url = self.static_url.clone();
        for byte in path.bytes() {
            if byte.is_ascii_alphanumeric() || b"_.-~/".contains(&byte) {
                url.push(char::from(byte));
            } else {
                // Writing into a String cannot fail.
                let _ = write!(url, "%{byte:02X}");
            }
        }
        Ok(url)
    }

    fn static_prefix(&self) -> String {
        self.static_url.clone()
    }

    fn media_prefix(&self) -> String {
        self.media_url.clone()
    }

    fn fragments(&self, name: Option<&str>) -> Option<&dyn FragmentStore> {
        name.is_none_or(|name| name == "default")
            .then_some(&self.fragments as &dyn FragmentStore)
    }

    fn now(&self) -> Timestamp {
        self.now
    }

    fn time_zone(&self) -> TimeZone {
        self.zone.clone()
    }

    fn default_time_zone(&self) -> TimeZone {
        self.default_zone.clone()
    }

    fn locale_settings(&self) -> &LocaleSettings {
        &self.language.settings
    }

    fn language(&self) -> Option<&str> {
        self.language.active.as_deref()
    }

    fn translate(&self, language: &str, message: &Message<'_>) -> Option<Cow<'_, str>> {
        self.language.translate(language, message)
    }

    fn format(&self, language: Option<&str>, name: &str) -> Option<Format<'_>> {
        self.language.format(language, name)
    }

    fn language_info(&self, code: &str) -> Option<LanguageInfo<'_>> {
        self.language.info(code)
    }
}

/// The value as the corpus writes it; a safe string is as good as a plain one.
fn plain(value: &Value<'_>) -> Json {
    without_safe(&to_json(value))
}
