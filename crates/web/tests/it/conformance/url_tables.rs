//! The recorded tables as `Urls`.

use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::OnceLock;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use nuages_web::{Converter, UrlTable, UrlValue, Urls, any};
use serde_json::Value;

/// A converter of the corpus.
struct Recorded {
    regex: &'static str,
    to_value: fn(&str) -> Option<UrlValue<'static>>,
    to_url: fn(&UrlValue<'_>) -> Option<String>,
}

impl Converter for Recorded {
    fn regex(&self) -> &'static str {
        self.regex
    }

    fn to_value(&self, text: &str) -> Option<UrlValue<'static>> {
        (self.to_value)(text)
    }

    fn to_url(&self, value: &UrlValue<'_>) -> Option<String> {
        (self.to_url)(value)
    }
}

fn text(value: &UrlValue<'_>) -> Option<String> {
    value.as_text().map(std::borrow::Cow::into_owned)
}

fn int(text: &str) -> Option<UrlValue<'static>> {
    text.parse::<i64>().ok().map(UrlValue::from)
}

fn even(n: &UrlValue<'_>) -> Option<String> {
    text(n).filter(|text| text.parse::<i64>().is_ok_and(|n| n % 2 == 0))
}

fn with_converters(urls: Urls) -> Urls {
    let same = |text: &str| Some(UrlValue::from(text.to_owned()));
    urls.converter(
        "base64",
        Recorded {
            regex: "[a-zA-Z0-9+/]*={0,2}",
            to_value: |text| Some(UrlValue::Bytes(STANDARD.decode(text).ok()?.into())),
            to_url: |value| match value {
                UrlValue::Bytes(bytes) => Some(STANDARD.encode(bytes)),
                _ => None,
            },
        },
    )
    .converter(
        "year",
        Recorded {
            regex: "[0-9]{4}",
            to_value: int,
            to_url: |value| match value {
                UrlValue::Int(year) => Some(format!("{year:04}")),
                _ => None,
            },
        },
    )
    .converter(
        "even",
        Recorded {
            regex: "[0-9]+",
            to_value: |text| int(text).filter(|value| even(value).is_some()),
            to_url: even,
        },
    )
    .converter(
        "upper",
        Recorded {
            regex: "[a-z]+",
            to_value: |text| Some(UrlValue::from(text.to_uppercase())),
            to_url: |value| text(value).map(|text| text.to_lowercase()),
        },
    )
    .converter(
        "signed",
        Recorded {
            regex: "-?[0-9]+",
            to_value: int,
            to_url: text,
        },
    )
    .converter(
        "to_url_value_error",
        Recorded {
            regex: "[0-9a-zA-Z]+",
            to_value: same,
            to_url: |value| text(value).filter(|text| text.parse::<i64>().is_ok_and(|n| n <= 5)),
        },
    )
}

fn tables() -> &'static Value {
    static TABLES: OnceLock<Value> = OnceLock::new();
    TABLES.get_or_init(|| {
        super::corpus("web", "urlconfs.json")
            .map_or(Value::Null, |text| serde_json::from_str(&text).unwrap())
    })
}

/// The table of a record; `Err` says why it is none of ours.
pub(super) fn build(urlconf: &Value) -> Result<Urls, &'static str> {
    REFUSED.with_borrow_mut(Vec::clear);
    let urls = match urlconf.as_str() {
        Some(name) => of_table(name, 0)?,
        None => of_rows(urlconf, 0)?,
    };
    Ok(with_converters(urls))
}

pub(super) fn frozen(urlconf: &Value) -> Result<UrlTable, &'static str> {
    let key = urlconf.to_string();
    if let Some((table, refused)) = FROZEN.with_borrow(|known| known.get(&key).cloned()) {
        REFUSED.set(refused);
        return Ok(table);
    }
    let table = build(urlconf)?.freeze();
    let table = table.map_err(|_| "a table that is refused at startup")?;
    let refused = REFUSED.with_borrow(Clone::clone);
    FROZEN.with_borrow_mut(|known| known.insert(key, (table.clone(), refused)));
    Ok(table)
}

/// How often a table is put into itself.
const MOST_ROUNDS: usize = 3;

thread_local! {
    /// The tables that were made already, with the names of their rows that are refused.
    static FROZEN: RefCell<HashMap<String, (UrlTable, Vec<String>)>> = RefCell::default();
    /// The names of the rows of the table built last that are refused at startup.
    static REFUSED: RefCell<Vec<String>> = const { RefCell::new(Vec::new()) };
}

/// Expressions that only a backtracking engine can match; ours refuses them at startup.
fn has_look_around(regex: &str) -> bool {
    ["(?!", "(?=", "(?<=", "(?<!", "(?P="]
        .iter()
        .any(|sign| regex.contains(sign))
}

fn note_refused(row: &Value) {
    let name = row["name"].as_str().unwrap_or("").to_owned();
    REFUSED.with_borrow_mut(|refused| refused.push(name));
}

/// True when a row of this name was refused in the table built last.
pub(super) fn is_refused(name: &Value) -> bool {
    let name = name.as_str().unwrap_or("");
    REFUSED.with_borrow(|refused| refused.iter().any(|known| known == name))
}

fn of_table(name: &str, depth: usize) -> Result<Urls, &'static str> {
    let table = &tables()[name];
    let urls = of_rows(&table["urlpatterns"], depth)?;
    Ok(match table["app_name"].as_str() {
        Some(app_name) => urls.app_name(app_name),
        None => urls,
    })
}

fn of_rows(rows: &Value, depth: usize) -> Result<Urls, &'static str> {
    let mut urls = Urls::new();
    for row in rows.as_array().unwrap() {
        let (route, is_regex) = match (row["path"].as_str(), row["re_path"].as_str()) {
            (Some(route), _) => (route, false),
            (None, Some(regex)) => (regex, true),
            (None, None) => return Err("a row without a route"),
        };
        if is_regex && has_look_around(route) {
            note_refused(row);
            continue;
        }
        urls = match row.get("include") {
            None if is_regex => urls.re_path(route, any(async || ""), row["name"].as_str()),
            None => urls.path(route, any(async || ""), row["name"].as_str()),
            // A table that includes itself has no end in Django; a few rounds are as good.
            Some(included) if depth >= MOST_ROUNDS && included.is_string() => urls,
            Some(included) => {
                let inner = match included.as_str() {
                    Some(name) => of_table(name, depth + 1)?,
                    None => of_rows(included, depth + 1)?,
                };
                let has_own_name = included
                    .as_str()
                    .is_some_and(|name| !tables()[name]["app_name"].is_null());
                let inner = match row["app_name"].as_str() {
                    Some(app_name) if !has_own_name => inner.app_name(app_name),
                    _ => inner,
                };
                match row["namespace"].as_str() {
                    Some(namespace) if is_regex => {
                        urls.re_include_namespaced(route, inner, namespace)
                    }
                    None if is_regex => urls.re_include(route, inner),
                    Some(namespace) => urls.include_namespaced(route, inner, namespace),
                    None => urls.include(route, inner),
                }
            }
        };
        for pair in row["kwargs"].as_array().into_iter().flatten() {
            let name = pair[0].as_str().unwrap();
            urls = match &pair[1] {
                Value::String(text) => urls.with(name, text.clone()),
                Value::Number(n) => urls.with(name, n.as_i64().unwrap()),
                Value::Bool(flag) => urls.with(name, if *flag { "True" } else { "False" }),
                Value::Null => urls.with(name, "None"),
                _ => return Err("arguments that only Python has"),
            };
        }
    }
    Ok(urls)
}
