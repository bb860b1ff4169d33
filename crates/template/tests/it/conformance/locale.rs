//! The language of a record: its settings, and the tables of translations, formats and languages that it brings.

use std::borrow::Cow;

use nuages_template::formats::{Format, LocaleSettings, language_format};
use nuages_template::i18n::{Direction, LanguageInfo, Message};
use serde_json::Value as Json;

/// Formats that a setting gives.
const SETTINGS: [&str; 4] = [
    "DATETIME_FORMAT",
    "DECIMAL_SEPARATOR",
    "THOUSAND_SEPARATOR",
    "NUMBER_GROUPING",
];

pub(super) struct Language {
    pub(super) settings: LocaleSettings,
    pub(super) active: Option<String>,
    translations: Vec<Json>,
    formats: Json,
    infos: Vec<Json>,
}

impl Language {
    pub(super) fn new(record: &Json) -> Self {
        let found = &record["settings"];
        let mut settings = LocaleSettings::default();
        settings.use_i18n = found["USE_I18N"] != false;
        settings.use_tz = found["USE_TZ"] == true;
        settings.use_thousand_separator = found["USE_THOUSAND_SEPARATOR"] == true;
        if let Some(code) = found["LANGUAGE_CODE"].as_str() {
            settings.language_code = Cow::Owned(code.to_owned());
        }
        for name in SETTINGS {
            if let Some(format) = found.get(name).and_then(read) {
                settings.set_format(name, format);
            }
        }
        let services = &record["services"];
        let list = |name: &str| services[name].as_array().cloned().unwrap_or_default();
        Self {
            settings,
            active: found["language"].as_str().map(str::to_owned),
            translations: list("translations"),
            formats: services["formats"].clone(),
            infos: list("language_info"),
        }
    }

    pub(super) fn translate(&self, language: &str, message: &Message<'_>) -> Option<Cow<'_, str>> {
        let found = self.translations.iter().find(|known| {
            known["lang"].as_str() == Some(language)
                && known["msg"].as_str().or(known["msg"]["$safe"].as_str()) == Some(message.id)
                && known["context"].as_str() == message.context
                && known["plural"].as_str() == message.plural
                && known["n"].as_i64().unwrap_or(1) == message.count
        })?;
        let result = &found["result"];
        let text = result.as_str().or(result["$safe"].as_str());
        text.map(Cow::Borrowed)
    }

    pub(super) fn format(&self, language: Option<&str>, name: &str) -> Option<Format<'_>> {
        match self.formats[language.unwrap_or("")].get(name) {
            Some(format) => read(format),
            None => language_format(language?, name),
        }
    }

    pub(super) fn info(&self, code: &str) -> Option<LanguageInfo<'_>> {
        let Some(known) = self.infos.iter().find(|known| known["code"] == code) else {
            return LanguageInfo::find(code);
        };
        // Without an entry there is an error.
        let pairs = known["info"]["$dict"].as_array()?;
        let part = |name: &str| {
            pairs
                .iter()
                .find(|pair| pair[0] == name)
                .map(|pair| &pair[1])
        };
        let text = |name: &str| part(name).and_then(Json::as_str).unwrap_or("");
        Some(LanguageInfo {
            code: text("code").into(),
            name: text("name").into(),
            name_local: text("name_local").into(),
            direction: if part("bidi") == Some(&Json::Bool(true)) {
                Direction::RightToLeft
            } else {
                Direction::LeftToRight
            },
        })
    }
}

/// A format as the corpus writes it.
fn read(json: &Json) -> Option<Format<'static>> {
    let items = json.as_array().or(json["$tuple"].as_array());
    if let Some(items) = items {
        let numbers: Option<Vec<i64>> = items.iter().map(Json::as_i64).collect();
        return Some(match numbers {
            Some(numbers) if !numbers.is_empty() => Format::Numbers(numbers),
            _ => Format::List(
                items
                    .iter()
                    .filter_map(|item| Some(Cow::Owned(item.as_str()?.to_owned())))
                    .collect(),
            ),
        });
    }
    match json.as_i64() {
        Some(number) => Some(Format::Number(number)),
        None => json.as_str().map(|text| Format::text(text.to_owned())),
    }
}

/// A format as the corpus writes it, the other way.
pub(super) fn to_json(format: &Format<'_>) -> Json {
    match format {
        Format::Text(text) => Json::from(&**text),
        Format::Number(number) => Json::from(*number),
        Format::Numbers(numbers) => serde_json::json!({ "$tuple": numbers }),
        Format::List(items) => items.iter().map(|item| Json::from(&**item)).collect(),
    }
}
