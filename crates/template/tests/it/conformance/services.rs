//! The services of a record: its clock, its zone, its URLs.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use nuages_template::{Services, UrlRequest, Value};
use serde_json::Value as Json;

use super::values::{to_json, without_safe, zone};

/// What later steps bring.
const MISSING: [&str; 3] = ["translations", "locale_formats", "language_info"];

/// A feature of the record that nothing serves yet.
pub(super) fn missing(record: &Json) -> Option<&str> {
    let features = record["features"].as_array()?;
    let mut features = features.iter().filter_map(Json::as_str);
    features.find(|feature| MISSING.contains(feature))
}

/// The services of a record.
pub(super) struct Recorded {
    now: Timestamp,
    zone: TimeZone,
    urls: Vec<Json>,
    static_url: String,
    media_url: String,
}

impl Recorded {
    pub(super) fn new(record: &Json) -> Self {
        let settings = &record["settings"];
        let now = record["now"].as_str().and_then(|now| {
            format!("{}Z", now.trim_end_matches('Z').trim_end_matches("+00:00"))
                .parse()
                .ok()
        });
        let zone = zone(&settings["timezone"])
            .or_else(|| TimeZone::get(settings["TIME_ZONE"].as_str()?).ok());
        let setting = |name: &str| settings[name].as_str().unwrap_or("").to_owned();
        Self {
            now: now.unwrap_or(Timestamp::UNIX_EPOCH),
            zone: zone.unwrap_or(TimeZone::UTC),
            urls: record["services"]["urls"]
                .as_array()
                .cloned()
                .unwrap_or_default(),
            static_url: setting("STATIC_URL"),
            media_url: setting("MEDIA_URL"),
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
        });
        let result = found
            .and_then(|known| known["result"].as_str())
            .map(str::to_owned);
        result.ok_or_else(|| format!("no route for {request:?}"))
    }

    fn static_url(&self, path: &str) -> Result<String, String> {
        Ok(format!(
            "{}{}",
            self.static_url,
            path.replace(' ', "%20")
                .replace('?', "%3F")
                .replace('&', "%26")
                .replace('?', "%3F")
                .replace('\'', "%27")
        ))
    }

    fn static_prefix(&self) -> String {
        self.static_url.clone()
    }

    fn media_prefix(&self) -> String {
        self.media_url.clone()
    }

    fn now(&self) -> Timestamp {
        self.now
    }

    fn time_zone(&self) -> TimeZone {
        self.zone.clone()
    }
}

/// The value as the corpus writes it; a safe string is as good as a plain one.
fn plain(value: &Value<'_>) -> Json {
    without_safe(&to_json(value))
}
