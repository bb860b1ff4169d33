//! Languages: their codes and names, and which one a visitor reads.

use std::borrow::Cow;

use super::data::Data;

/// A longer language code, header or cookie is not looked at.
const LONGEST_CODE: usize = 500;

/// The direction of a script.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// As in Latin.
    LeftToRight,
    /// As in Arabic and Hebrew.
    RightToLeft,
}

/// What is known of a language.
///
/// ```
/// use nuages_template::i18n::LanguageInfo;
/// let german = LanguageInfo::find("de").unwrap();
/// assert_eq!((&*german.name, &*german.name_local), ("German", "Deutsch"));
/// assert_eq!(LanguageInfo::find("de-xx").unwrap().code, "de");
/// assert!(LanguageInfo::find("xx").is_none());
/// ```
///
/// # Django
/// An entry of `LANG_INFO`, and `get_language_info`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LanguageInfo<'a> {
    /// The code, such as `de` or `zh-hans`.
    pub code: Cow<'a, str>,
    /// The English name.
    pub name: Cow<'a, str>,
    /// The name in the language itself.
    pub name_local: Cow<'a, str>,
    /// Where its lines begin.
    pub direction: Direction,
}

impl LanguageInfo<'static> {
    /// The language of this code, or the one that stands in for it.
    pub fn find(code: &str) -> Option<Self> {
        let data = Data::get();
        let Some((info, fallback)) = data.language(code) else {
            let (generic, _) = code.split_once('-')?;
            let (info, _) = data.language(generic)?;
            return (!info.name.is_empty()).then(|| info.clone());
        };
        if info.name.is_empty() {
            return fallback
                .first()
                .filter(|next| **next != code)
                .and_then(|next| Self::find(next));
        }
        Some(info.clone())
    }
}

impl LanguageInfo<'_> {
    /// Are its lines written from right to left?
    pub fn is_bidi(&self) -> bool {
        self.direction == Direction::RightToLeft
    }
}

/// Is a page in this language laid out from right to left?
///
/// ```
/// use nuages_template::i18n::is_bidi;
/// assert!(is_bidi("ar-eg") && !is_bidi("de"));
/// ```
///
/// # Django
/// `get_language_bidi`, with the default `LANGUAGES_BIDI`.
pub fn is_bidi(language: &str) -> bool {
    Data::get().is_bidi(language.split('-').next().unwrap_or(language))
}

/// The languages that Django knows: code and English name.
///
/// # Django
/// The default of `LANGUAGES`.
pub fn default_languages() -> &'static [(&'static str, &'static str)] {
    Data::get().default_languages()
}

/// The locale of a language code: the name of its folder.
///
/// ```
/// use nuages_template::i18n::to_locale;
/// assert_eq!(to_locale("pt-br"), "pt_BR");
/// assert_eq!(to_locale("zh-hans"), "zh_Hans");
/// ```
pub fn to_locale(language: &str) -> String {
    let lower = language.to_lowercase();
    let Some((first, country)) = lower.split_once('-').filter(|(_, rest)| !rest.is_empty()) else {
        let end = language
            .char_indices()
            .nth(3)
            .map_or(language.len(), |(at, _)| at);
        let (first, rest) = language.split_at(end);
        return first.to_lowercase() + rest;
    };
    let (country, tail) = country.split_once('-').unwrap_or((country, ""));
    let mut out = format!("{first}_");
    if country.chars().count() > 2 {
        // Each run of letters begins with a capital.
        let mut start = true;
        for c in country.chars() {
            if start {
                out.extend(c.to_uppercase());
            } else {
                out.push(c);
            }
            start = !c.is_alphabetic();
        }
    } else {
        out += &country.to_uppercase();
    }
    if !tail.is_empty() {
        out.push('-');
        out += tail;
    }
    out
}

/// The language code of a locale.
///
/// ```
/// assert_eq!(nuages_template::i18n::to_language("en_US"), "en-us");
/// ```
pub fn to_language(locale: &str) -> String {
    locale.to_lowercase().replacen('_', "-", 1)
}

/// The code in small letters with hyphens, as nearly all callers have it already.
pub(crate) fn plain_code(language: &str) -> Cow<'_, str> {
    if language
        .bytes()
        .all(|byte| byte.is_ascii_lowercase() || byte == b'-')
    {
        Cow::Borrowed(language)
    } else {
        Cow::Owned(to_language(language))
    }
}

/// The languages of an `Accept-Language` header with their weights, the most wanted first; none if it is malformed.
///
/// ```
/// use nuages_template::i18n::parse_accept_lang_header;
/// assert_eq!(
///     parse_accept_lang_header("de;q=0.5, fr, *;q=0.1"),
///     [("fr".to_owned(), 1.0), ("de".to_owned(), 0.5), ("*".to_owned(), 0.1)],
/// );
/// ```
///
/// # Security
/// Of a header beyond 500 characters only the whole entries before that are looked at.
pub fn parse_accept_lang_header(header: &str) -> Vec<(String, f64)> {
    let header = if header.chars().count() <= LONGEST_CODE {
        header
    } else {
        let end = header
            .char_indices()
            .nth(LONGEST_CODE)
            .map_or(header.len(), |(at, _)| at);
        match header[..end].rfind(',') {
            Some(at) if at > 0 => &header[..at],
            _ => return Vec::new(),
        }
    };
    let header = header.to_lowercase();
    let mut rest = header.as_str();
    let mut found = Vec::new();
    while !rest.is_empty() {
        let Some((language, weight, end)) = accepted(rest) else {
            return Vec::new();
        };
        found.push((language.to_owned(), weight));
        rest = &rest[end..];
    }
    found.sort_by(|a, b| b.1.total_cmp(&a.1));
    found
}

/// One language with its weight, and where the next one begins.
fn accepted(text: &str) -> Option<(&str, f64, usize)> {
    let length = if text.starts_with('*') {
        1
    } else {
        language_length(text)?
    };
    let language = &text[..length];
    let (weight, at) = match weight(&text[length..]) {
        Some((weight, taken)) => (weight, length + taken),
        None => (1.0, length),
    };
    let rest = text[at..].trim_start();
    if rest.is_empty() && text.len() == at {
        return Some((language, weight, at));
    }
    let rest = rest.strip_prefix(',')?.trim_start();
    Some((language, weight, text.len() - rest.len()))
}

/// `; q=0.8` and its length.
fn weight(text: &str) -> Option<(f64, usize)> {
    let rest = text.trim_start().strip_prefix(';')?.trim_start();
    let rest = rest.strip_prefix("q=")?;
    let (whole, after) = rest.split_at_checked(1)?;
    let fraction = match after.strip_prefix('.') {
        Some(fraction) => {
            let allowed = |byte: &u8| match whole {
                "0" => byte.is_ascii_digit(),
                _ => *byte == b'0',
            };
            1 + fraction.bytes().take(3).take_while(allowed).count()
        }
        None => 0,
    };
    if !matches!(whole, "0" | "1") {
        return None;
    }
    let number = &rest[..=fraction];
    let weight = number.trim_end_matches('.').parse().ok()?;
    Some((weight, text.len() - rest.len() + number.len()))
}

/// The length of the language code at the beginning: up to 8 letters, then parts of up to 8 letters and digits.
fn language_length(text: &str) -> Option<usize> {
    let run =
        |text: &str, allowed: fn(&u8) -> bool| text.bytes().take(8).take_while(allowed).count();
    let mut length = run(text, u8::is_ascii_alphabetic);
    if length == 0 {
        return None;
    }
    while let Some(part) = text[length..].strip_prefix('-') {
        match run(part, u8::is_ascii_alphanumeric) {
            0 => break,
            more => length += 1 + more,
        }
    }
    Some(length)
}

/// Is this written like a language code?
///
/// ```
/// use nuages_template::i18n::is_language_code;
/// assert!(is_language_code("zh-hans") && !is_language_code("../etc"));
/// ```
pub fn is_language_code(code: &str) -> bool {
    let (code, variant) = code.split_once('@').unwrap_or((code, "x"));
    code.len() <= LONGEST_CODE
        && language_length(code) == Some(code.len())
        && (1..=20).contains(&variant.len())
        && variant.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

/// The one of the `known` languages that comes next to the wanted one: itself, what stands in for it, its generic form,
/// or another country's form.
///
/// ```
/// use nuages_template::i18n::supported_language;
/// let known = ["de", "pt-br", "zh-hans"];
/// assert_eq!(supported_language("de-AT", &known), Some("de"));
/// assert_eq!(supported_language("pt", &known), Some("pt-br"));
/// assert_eq!(supported_language("zh-cn", &known), Some("zh-hans"));
/// assert_eq!(supported_language("fr", &known), None);
/// ```
///
/// # Django
/// `get_supported_language_variant`; what is known is decided by the caller alone.
pub fn supported_language<'k>(wanted: &str, known: &[&'k str]) -> Option<&'k str> {
    let wanted = match wanted.char_indices().nth(LONGEST_CODE) {
        Some((end, _)) => &wanted[..wanted[..end].rfind('-').filter(|at| *at > 0)?],
        None => wanted,
    };
    if wanted.is_empty() || !is_language_code(wanted) {
        return None;
    }
    let wanted = wanted.to_lowercase();
    let mut possible = vec![wanted.as_str()];
    if let Some((_, fallback)) = Data::get().language(&wanted) {
        possible.extend(fallback);
    }
    let mut end = wanted.len();
    while let Some(at) = wanted[..end].rfind('-') {
        possible.push(&wanted[..at]);
        end = at;
    }
    let generic = possible.last().copied().unwrap_or("");
    let exact = possible
        .iter()
        .find_map(|code| known.iter().find(|known| known.eq_ignore_ascii_case(code)));
    let cousin = || {
        known.iter().find(|known| {
            let known = known.to_lowercase();
            known
                .strip_prefix(generic)
                .is_some_and(|rest| rest.starts_with('-'))
        })
    };
    exact.or_else(cousin).copied()
}

/// The language for a visitor: that of the cookie, or the first one of the `Accept-Language` header that is known.
///
/// ```
/// use nuages_template::i18n::choose_language;
/// let known = ["en", "de", "fr"];
/// assert_eq!(choose_language(Some("fr"), "de", &known), Some("fr"));
/// assert_eq!(choose_language(Some("nonsense"), "it, de-at;q=0.8", &known), Some("de"));
/// assert_eq!(choose_language(None, "*", &known), None);
/// ```
///
/// # Django
/// `get_language_from_request`, up to the default language.
pub fn choose_language<'k>(
    cookie: Option<&str>,
    accept: &str,
    known: &[&'k str],
) -> Option<&'k str> {
    if let Some(found) = cookie.and_then(|wanted| supported_language(wanted, known)) {
        return Some(found);
    }
    for (wanted, _) in parse_accept_lang_header(accept) {
        if wanted == "*" {
            return None;
        }
        if let Some(found) = supported_language(&wanted, known) {
            return Some(found);
        }
    }
    None
}
