//! Routes: paths in, URLs out.

use nuages_web::{ReverseOptions, UrlTable, UrlValue, Urls, UrlsError, get};
use serde_json::{Value, json};

use crate::asserted;
use crate::converters::register;
use crate::told;

fn replay(kind: &str, run: impl Fn(&Value) -> bool) {
    asserted::replay("web", "urls.jsonl", kind, run);
}

/// The named tables beside the records.
fn named(name: &str) -> Option<Value> {
    let path = told::folder("web")?.join("urlconfs.json");
    let text = std::fs::read_to_string(path).ok()?;
    let tables: Value = serde_json::from_str(&text).unwrap();
    tables.get(name).cloned()
}

/// A table of rows; `None` where it has what we do not offer: regular expressions, or itself inside.
fn rows(rows: &Value, app_name: Option<&str>, depth: usize) -> Option<Urls> {
    let mut urls = Urls::new();
    if let Some(app_name) = app_name {
        urls = urls.app_name(app_name);
    }
    for row in rows.as_array()? {
        let route = row["path"].as_str()?;
        if let Some(included) = row.get("include") {
            let (inner, own) = match included.as_str() {
                Some(name) => {
                    let table = named(name)?;
                    (
                        table["urlpatterns"].clone(),
                        table["app_name"].as_str().map(str::to_owned),
                    )
                }
                None => (included.clone(), None),
            };
            if depth == 0 {
                return None;
            }
            let app_name = own.as_deref().or(row["app_name"].as_str());
            let inner = self::rows(&inner, app_name, depth - 1)?;
            urls = match row["namespace"].as_str() {
                Some(namespace) => urls.include_namespaced(route, inner, namespace),
                None => urls.include(route, inner),
            };
        } else {
            urls = urls.path(route, get(async || "view"), row["name"].as_str());
        }
        for pair in row["kwargs"].as_array().into_iter().flatten() {
            urls = urls.with(pair[0].as_str()?, value(&pair[1])?);
        }
    }
    Some(urls)
}

fn table(urlconf: &Value) -> Option<Result<UrlTable, UrlsError>> {
    let (found, app_name) = match urlconf.as_str() {
        Some(name) => {
            let table = named(name)?;
            (
                table["urlpatterns"].clone(),
                table["app_name"].as_str().map(str::to_owned),
            )
        }
        None => (urlconf.clone(), None),
    };
    let urls = rows(&found, app_name.as_deref(), 5)?;
    Some(register(urls).freeze())
}

/// A value of the corpus; `None` for types that do not stand in our URLs.
fn value(json: &Value) -> Option<UrlValue<'static>> {
    match json {
        Value::String(text) => Some(text.clone().into()),
        Value::Number(number) => number.as_i64().map(UrlValue::from),
        Value::Object(_) => {
            let text = json["int"].as_str().or(json["uuid"].as_str());
            text.map(|text| text.to_owned().into())
        }
        _ => None,
    }
}

#[test]
fn paths_resolve_as_in_django() {
    replay("resolve", |record| {
        let inputs = &record["inputs"];
        let Some(Ok(table)) = table(&inputs["urlconf"]) else {
            return false;
        };
        let Some(path) = inputs["path"].as_str() else {
            return false;
        };
        let expected = &record["expected"]["match"];
        let found = table.resolve(path);
        if expected.is_null() {
            assert!(found.is_none(), "{found:?}");
            return true;
        }
        let Some(found) = found else {
            panic!("nothing for {path}, but {expected}");
        };
        assert_eq!(found.route(), expected["route"]);
        assert_eq!(json!(found.url_name()), expected["url_name"]);
        assert_eq!(json!(found.app_names()), expected["app_names"]);
        assert_eq!(json!(found.namespaces()), expected["namespaces"]);
        if found.url_name().is_some() {
            assert_eq!(found.view_name(), expected["view_name"]);
        }
        for (name, theirs) in expected["kwargs"].as_object().unwrap() {
            // `kwarg` gives the text of the URL: `007` where a view gets the number 7.
            let number = |text: &str| {
                text.parse::<i64>()
                    .map_or(text.to_owned(), |n| n.to_string())
            };
            if let Some(theirs) = value(theirs) {
                let ours = found.kwarg(name).map(|text| match theirs {
                    UrlValue::Int(_) => number(&text),
                    _ => text.into_owned(),
                });
                assert_eq!(ours.as_deref(), theirs.as_text().as_deref(), "{name}");
            }
        }
        true
    });
}

#[test]
fn names_reverse_as_in_django() {
    replay("reverse", |record| {
        let inputs = &record["inputs"];
        if inputs.get("query").is_some() || inputs.get("fragment").is_some() {
            return false;
        }
        let (Some(Ok(table)), Some(name)) = (table(&inputs["urlconf"]), inputs["name"].as_str())
        else {
            return false;
        };
        let args: Option<Vec<UrlValue<'static>>> = inputs["args"]
            .as_array()
            .into_iter()
            .flatten()
            .map(value)
            .collect();
        let kwargs: Option<Vec<(&str, UrlValue<'static>)>> = inputs["kwargs"]
            .as_array()
            .into_iter()
            .flatten()
            .map(|pair| Some((pair[0].as_str()?, value(&pair[1])?)))
            .collect();
        let (Some(args), Some(kwargs)) = (args, kwargs) else {
            return false;
        };
        // Django adds the slash at the end when the prefix is set.
        let prefix = inputs["script_prefix"].as_str();
        let prefix = prefix.map(|prefix| format!("{}/", prefix.trim_end_matches('/')));
        let options = ReverseOptions {
            current_app: inputs["current_app"].as_str(),
            script_prefix: prefix.as_deref(),
        };
        let ours = table.reverse_with(name, &args, &kwargs, options);
        match (record["expected"]["url"].as_str(), ours) {
            (Some(theirs), Ok(ours)) => assert_eq!(ours, theirs),
            (None, Err(_)) => {}
            (theirs, ours) => panic!("expected {theirs:?}, got {ours:?}"),
        }
        true
    });
}

#[test]
fn the_404_page_lists_what_django_tried() {
    replay("resolve_tried", |record| {
        let inputs = &record["inputs"];
        let Some(Ok(table)) = table(&inputs["urlconf"]) else {
            return false;
        };
        let tried: Vec<Vec<String>> = table
            .tried(inputs["path"].as_str().unwrap())
            .into_iter()
            .map(|routes| routes.into_iter().map(|tried| tried.route).collect())
            .collect();
        assert_eq!(json!(tried), record["expected"]["tried"]);
        true
    });
}

#[test]
fn bad_tables_are_refused_in_django_s_words() {
    replay("urlconf_error", |record| {
        let Some(result) = table(&record["inputs"]["urlconf"]) else {
            return false;
        };
        let expected = &record["expected"]["error"];
        match (result, expected["message"].as_str()) {
            (Err(ours), Some(theirs)) => assert_eq!(ours.message(), theirs),
            (Ok(_), None) => {}
            (ours, theirs) => panic!("expected {theirs:?}, got {ours:?}"),
        }
        true
    });
}
