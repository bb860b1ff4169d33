//! The language of a page: that of the site, or the one that the visitor reads.

mod layer;
mod view;

use std::borrow::Cow;
use std::sync::Arc;

use axum::extract::FromRequestParts;
use http::request::Parts;
use nuages_template::formats::LocaleSettings;
use nuages_template::i18n::{Translations, choose_language, default_languages, supported_language};

use crate::error::Error;
use crate::page::site_of;
use crate::settings::WebSettings;

pub use layer::{Locale, LocaleLayer};
pub use view::set_language;

/// The language in which a request is answered: what a layer has put into its extensions, or that of the site.
///
/// ```
/// use nuages_web::Language;
///
/// async fn which(language: Language) -> String {
///     format!("this page is in {}", language.code())
/// }
/// ```
///
/// # Django
/// `request.LANGUAGE_CODE`, `get_language()`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Language(Arc<str>);

impl Language {
    /// The language of this code, for a layer that chooses languages in its own way.
    pub fn new(code: &str) -> Self {
        Self(code.into())
    }

    /// The code, such as `de` or `pt-br`.
    pub fn code(&self) -> &str {
        &self.0
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Language {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Error> {
        if let Some(language) = parts.extensions.get::<Self>() {
            return Ok(language.clone());
        }
        Ok(site_of(parts)?.locale.default.clone())
    }
}

/// What a site knows of languages.
pub(crate) struct SiteLocale {
    pub(crate) settings: LocaleSettings,
    pub(crate) translations: Translations,
    pub(crate) default: Language,
    /// The languages that a visitor may choose.
    known: Vec<String>,
}

impl SiteLocale {
    pub(crate) fn new(settings: &WebSettings, translations: Translations) -> Self {
        let mut locale = LocaleSettings::default();
        locale.language_code = Cow::Owned(settings.language_code.clone());
        locale.use_i18n = settings.use_i18n;
        locale.use_thousand_separator = settings.use_thousand_separator;
        if !settings.languages.is_empty() {
            let named = settings.languages.iter().map(|code| {
                let name = language_name(code).unwrap_or_else(|| code.clone());
                (Cow::Owned(code.clone()), Cow::Owned(name))
            });
            locale.languages = named.collect();
        }
        Self {
            known: known(settings, &translations),
            default: Language::new(&settings.language_code),
            settings: locale,
            translations,
        }
    }

    /// May a visitor choose this language?
    pub(crate) fn knows(&self, code: &str) -> bool {
        self.known.iter().any(|known| known == code)
    }

    /// The language for a visitor with this cookie and this `Accept-Language` header.
    pub(crate) fn choose(&self, cookie: Option<&str>, accept: &str) -> Language {
        let known: Vec<&str> = self.known.iter().map(String::as_str).collect();
        let chosen = choose_language(cookie, accept, &known)
            .or_else(|| supported_language(&self.settings.language_code, &known));
        chosen.map_or_else(|| self.default.clone(), Language::new)
    }
}

/// Those of `languages`; where these are not chosen, the ones that there are translations into, and the site's own.
fn known(settings: &WebSettings, translations: &Translations) -> Vec<String> {
    if !settings.languages.is_empty() {
        return settings.languages.clone();
    }
    let mut known = vec![settings.language_code.clone()];
    let usual = default_languages().iter().map(|(code, _)| *code);
    let translated = translations.languages();
    known.extend(
        usual
            .filter(|code| translated.iter().any(|known| known == code))
            .filter(|code| *code != settings.language_code)
            .map(str::to_owned),
    );
    known
}

fn language_name(code: &str) -> Option<String> {
    let usual = default_languages().iter().find(|(known, _)| *known == code);
    usual.map(|(_, name)| (*name).to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use nuages_template::i18n::Catalog;

    fn locale(languages: &[&str]) -> SiteLocale {
        let settings = WebSettings {
            language_code: "en-us".to_owned(),
            languages: languages.iter().map(|code| (*code).to_owned()).collect(),
            ..WebSettings::default()
        };
        let mut translations = Translations::new("en-us");
        translations.add("de", Catalog::default());
        translations.add("fr", Catalog::default());
        SiteLocale::new(&settings, translations)
    }

    fn check(languages: &[&str], cookie: Option<&str>, accept: &str, expect: &str) {
        let found = locale(languages).choose(cookie, accept);
        assert_eq!(found.code(), expect, "{languages:?} {cookie:?} {accept}");
    }

    #[test]
    fn the_cookie_comes_before_the_browser_and_both_before_the_site() {
        check(&[], Some("fr"), "de", "fr");
        check(&[], Some("xx"), "de", "de");
        check(&[], None, "it, de-AT;q=0.5", "de");
        check(&[], None, "it", "en-us");
        check(&[], None, "de;;q", "en-us");
    }

    #[test]
    fn only_the_languages_of_the_settings_are_chosen() {
        check(&["en", "it"], Some("fr"), "de, it;q=0.1", "it");
        check(&["en", "it"], None, "de", "en");
    }
}
