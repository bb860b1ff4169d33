//! What is known of languages from the start: `data/locales.txt`, read once.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::{LazyLock, OnceLock};

use super::catalog::{Catalog, SEPARATOR};
use super::languages::{Direction, LanguageInfo, to_language};
use super::plural::Plural;
use crate::formats::Format;

/// Made by `data/make-locales.py`; the form is in `data/README.md`.
const TEXT: &str = include_str!("../../data/locales.txt");

static DATA: LazyLock<Data> = LazyLock::new(Data::read);

#[derive(Default)]
pub(crate) struct Data {
    /// By language (empty: the defaults of settings) and name.
    formats: HashMap<String, HashMap<&'static str, Format<'static>>>,
    languages: HashMap<&'static str, (LanguageInfo<'static>, Vec<&'static str>)>,
    default: Vec<(&'static str, &'static str)>,
    bidi: Vec<&'static str>,
    names: HashMap<String, Names>,
}

/// The names that a locale has for months, days and spans of time: as lines, until the first one is asked for.
#[derive(Default)]
struct Names {
    lines: Vec<(&'static str, Vec<&'static str>)>,
    catalog: OnceLock<Catalog>,
}

/// Formats that are lists of what a form field accepts: the one of ISO 8601 is always among them.
const ISO_INPUT: [(&str, &[&str]); 3] = [
    ("DATE_INPUT_FORMATS", &["%Y-%m-%d"]),
    ("TIME_INPUT_FORMATS", &["%H:%M:%S", "%H:%M:%S.%f", "%H:%M"]),
    (
        "DATETIME_INPUT_FORMATS",
        &[
            "%Y-%m-%d %H:%M:%S",
            "%Y-%m-%d %H:%M:%S.%f",
            "%Y-%m-%d %H:%M",
            "%Y-%m-%d",
        ],
    ),
];

impl Data {
    pub(crate) fn get() -> &'static Self {
        &DATA
    }

    fn read() -> Self {
        let mut data = Self::default();
        for line in TEXT.lines() {
            let fields: Vec<&'static str> = line.split('\t').collect();
            match fields.as_slice() {
                ["format", locale, name, kind, items @ ..] => {
                    let known = data.formats.entry(to_language(locale)).or_default();
                    known.insert(name, format(locale, name, kind, items));
                }
                ["language", code, name, own, direction, fallback] => {
                    let info = LanguageInfo {
                        code: Cow::Borrowed(code),
                        name: Cow::Borrowed(name),
                        name_local: Cow::Borrowed(own),
                        direction: if *direction == "rtl" {
                            Direction::RightToLeft
                        } else {
                            Direction::LeftToRight
                        },
                    };
                    let fallback = fallback.split(',').filter(|code| !code.is_empty());
                    data.languages.insert(code, (info, fallback.collect()));
                }
                ["default", code, name] => data.default.push((code, name)),
                ["bidi", codes @ ..] => data.bidi = codes.to_vec(),
                ["names", locale, part, names @ ..] => {
                    let known = data.names.entry(to_language(locale)).or_default();
                    known.lines.push((part, names.to_vec()));
                }
                _ => {}
            }
        }
        data
    }

    /// The format of a language; the empty one has the defaults of settings.
    pub(crate) fn format(&self, language: &str, name: &str) -> Option<Format<'static>> {
        self.formats.get(language)?.get(name).cloned()
    }

    /// What a language is, and which others stand in for it.
    pub(crate) fn language(
        &self,
        code: &str,
    ) -> Option<&(LanguageInfo<'static>, Vec<&'static str>)> {
        self.languages.get(code)
    }

    pub(crate) fn default_languages(&self) -> &[(&'static str, &'static str)] {
        &self.default
    }

    pub(crate) fn is_bidi(&self, language: &str) -> bool {
        self.bidi.contains(&language)
    }

    /// The names of a language, as translations of the English ones.
    pub(crate) fn names(&self, language: &str) -> Option<&Catalog> {
        let names = self.names.get(language)?;
        Some(names.catalog.get_or_init(|| catalog(&names.lines)))
    }
}

fn format(locale: &str, name: &str, kind: &str, items: &[&'static str]) -> Format<'static> {
    match (kind, items) {
        ("number", [number]) => Format::Number(number.parse().unwrap_or(0)),
        ("numbers", numbers) => Format::Numbers(
            numbers
                .iter()
                .filter_map(|number| number.parse().ok())
                .collect(),
        ),
        ("text", [text]) => Format::Text(Cow::Borrowed(text)),
        _ => {
            let iso = ISO_INPUT
                .iter()
                .find(|(known, _)| *known == name && !locale.is_empty());
            let iso = iso.map_or(&[] as &[&str], |(_, formats)| formats);
            let more = iso.iter().filter(|format| !items.contains(format));
            Format::List(
                items
                    .iter()
                    .chain(more)
                    .map(|text| Cow::Borrowed(*text))
                    .collect(),
            )
        }
    }
}

/// The English names, with their contexts, in the order of the lines.
const ENGLISH: [(&str, &str, &[&str]); 8] = [
    ("month", "", &crate::dates::MONTHS),
    ("month-alt", "alt. month", &crate::dates::MONTHS),
    ("month-short", "", &crate::dates::MONTHS_SHORT),
    ("month-ap", "abbrev. month", &crate::dates::MONTHS_AP),
    ("day", "", &crate::dates::WEEKDAYS),
    ("day-short", "", &crate::dates::WEEKDAYS_SHORT),
    ("half", "", &["AM", "PM"]),
    ("twelve", "", &["midnight", "noon"]),
];

fn catalog(lines: &[(&'static str, Vec<&'static str>)]) -> Catalog {
    let mut catalog = Catalog::default();
    for (part, names) in lines {
        if *part == "plural" {
            let rule = names.first().and_then(|rule| Plural::parse(rule).ok());
            catalog.plural = rule.unwrap_or_default();
        } else if let Some(unit) = part.strip_prefix("num-") {
            catalog.add_forms(&format!("%(num)d {unit}"), names);
        } else if let Some((_, context, english)) = ENGLISH.iter().find(|(known, ..)| known == part)
        {
            for (english, name) in english.iter().zip(names) {
                if context.is_empty() {
                    catalog.add(english, name);
                } else {
                    catalog.add(&format!("{context}{SEPARATOR}{english}"), name);
                }
            }
        }
    }
    // What follows the hour is the same in small letters where the language has nothing else.
    for (english, lower) in [("AM", "a.m."), ("PM", "p.m.")] {
        let name = catalog
            .get(&super::Message::new(english))
            .map(str::to_owned);
        if let Some(name) = name {
            catalog.add(lower, &name);
        }
    }
    catalog
}
