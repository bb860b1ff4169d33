//! What is wrong or suspicious about the settings of this room.

use jiff::tz::TimeZone;
use nuages_base::Check;
use nuages_template::i18n::is_language_code;
use regex::Regex;

use crate::settings::WebSettings;

/// Findings about the settings.
///
/// # Django
/// `urls.E006` and the errors that Django raises when it reads the settings.
pub fn checks(settings: &WebSettings) -> Vec<Check> {
    let mut found = Vec::new();
    let urls = [
        ("STATIC_URL", &settings.static_url),
        ("MEDIA_URL", &settings.media_url),
    ];
    for (name, url) in urls {
        if !url.is_empty() && !url.ends_with('/') {
            let message = format!("The {name} setting must end with a slash.");
            found.push(Check::error("urls.E006", message));
        }
    }
    let expressions = [
        ("DISALLOWED_USER_AGENTS", &settings.disallowed_user_agents),
        ("IGNORABLE_404_URLS", &settings.ignorable_404_urls),
    ];
    for (name, sources) in expressions {
        for source in sources {
            if let Err(error) = Regex::new(source) {
                let message = format!("An entry of {name} is no regular expression: {error}");
                found.push(Check::error("web.E001", message).hint(format!("Correct '{source}'.")));
            }
        }
    }
    if TimeZone::get(&settings.time_zone).is_err() {
        found.push(
            Check::error(
                "web.E002",
                format!("TIME_ZONE '{}' is not known.", settings.time_zone),
            )
            .hint("Use a name such as Europe/Zurich."),
        );
    }
    let codes = std::iter::once(&settings.language_code).chain(&settings.languages);
    for code in codes.filter(|code| !is_language_code(code)) {
        found.push(
            Check::error("translation.E001", format!("'{code}' is no language code."))
                .hint("Write it as 'de' or 'pt-br'."),
        );
    }
    let listed = &settings.languages;
    if !listed.is_empty()
        && nuages_template::i18n::supported_language(
            &settings.language_code,
            &listed.iter().map(String::as_str).collect::<Vec<_>>(),
        )
        .is_none()
    {
        let message = "LANGUAGE_CODE is none of LANGUAGES.";
        found.push(Check::error("translation.E004", message).hint("Add it to `languages`."));
    }
    let prefix = settings.force_script_name.as_deref().unwrap_or("/");
    if !(prefix.starts_with('/') && prefix.ends_with('/')) {
        found.push(
            Check::error(
                "web.E003",
                "FORCE_SCRIPT_NAME must begin and end with a slash.",
            )
            .hint("Write '/app/'."),
        );
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_that_cannot_work_are_named() {
        assert!(checks(&WebSettings::default()).is_empty());
        let settings = WebSettings {
            static_url: "/static".into(),
            disallowed_user_agents: vec!["(".into()],
            ignorable_404_urls: vec!["[".into()],
            time_zone: "Mars/Base".into(),
            language_code: "de_DE".into(),
            languages: vec!["en".into()],
            force_script_name: Some("/app".into()),
            ..WebSettings::default()
        };
        let ids: Vec<_> = checks(&settings)
            .into_iter()
            .map(|check| check.id)
            .collect();
        assert_eq!(
            ids,
            [
                "urls.E006",
                "web.E001",
                "web.E001",
                "web.E002",
                "translation.E001",
                "translation.E004",
                "web.E003"
            ]
        );
    }
}
