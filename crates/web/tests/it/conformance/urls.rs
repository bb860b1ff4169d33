//! Routes resolved, tried, reversed and checked.

use nuages_web::{QueryDict, ResolverMatch, ReverseOptions, UrlValue, regex_normalize};
use serde_json::{Map, Value, json};

use super::url_tables::{build, frozen, is_refused};
use super::{Outcome, bytes_of, compare, replay};

const LOOK_AROUND: &str = "a pattern with look-around or a back reference is refused when the table is frozen: its engine would take exponential time for some paths";

/// The query of a record, if there is one; an error for a type that is none.
fn query(value: &Value) -> Result<Option<QueryDict>, ()> {
    let is_empty = |value: &Value| value.as_array().is_some_and(Vec::is_empty) || value == "";
    if value.is_null() || is_empty(value) {
        return Ok(None);
    }
    if let Some(text) = value["querydict"].as_str() {
        return Ok(QueryDict::parse(text, 1000).ok());
    }
    let pairs = value["pairs"]
        .as_array()
        .or(value["tuples"].as_array())
        .ok_or(())?;
    let mut data = QueryDict::new();
    for pair in pairs {
        let values = match &pair[1] {
            Value::Array(values) => values
                .iter()
                .map(python_text)
                .collect::<Option<Vec<_>>>()
                .ok_or(())?,
            value => vec![python_text(value).ok_or(())?],
        };
        let name = python_text(&pair[0]).ok_or(())?;
        for value in values {
            data.append(name.as_str(), value);
        }
    }
    Ok(Some(data))
}

/// What Python's `str` says of a value.
fn python_text(value: &Value) -> Option<String> {
    as_text(value).or_else(|| value["float"].as_str().map(str::to_owned))
}

/// A typed value of the corpus as the text that a URL has for it.
fn as_text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(n) => Some(n.to_string()),
        Value::Bool(flag) => Some(if *flag { "True" } else { "False" }.to_owned()),
        Value::Null => Some("None".to_owned()),
        Value::Object(typed) => {
            let (kind, inner) = typed.iter().next()?;
            match kind.as_str() {
                "int" | "uuid" | "safe" | "decimal" => inner.as_str().map(str::to_owned),
                "bytes_b64" => Some(format!("bytes:{}", inner.as_str()?)),
                _ => None,
            }
        }
        Value::Array(_) => None,
    }
}

fn kwargs_of(found: &ResolverMatch, names: &Map<String, Value>) -> Value {
    let mut kwargs = Map::new();
    for name in names.keys() {
        if let Some(value) = found.kwarg(name) {
            kwargs.insert(name.clone(), json!(value));
        }
    }
    Value::Object(kwargs)
}

fn check_resolve(urlconf: &Value, path: &str, expected: &Value) -> Outcome {
    let table = match frozen(urlconf) {
        Ok(table) => table,
        Err(why) => return Outcome::Skipped(why),
    };
    let wanted = &expected["match"];
    let Some(found) = table.resolve(path) else {
        return compare(&Value::Null, wanted);
    };
    let Some(names) = wanted["kwargs"].as_object() else {
        return Outcome::Differs(format!("found {found:?}"));
    };
    let mut kwargs = Map::new();
    for (name, value) in names {
        let Some(value) = as_text(value) else {
            return Outcome::Skipped("arguments that only Python has");
        };
        // Leading zeros are the text's, the number has none; bytes have no text.
        kwargs.insert(name.clone(), json!(value));
    }
    let mut found_kwargs = kwargs_of(&found, names);
    for (name, value) in &kwargs {
        let shown = value.as_str().unwrap();
        if shown.starts_with("bytes:") {
            found_kwargs[name] = value.clone();
        } else if names[name].is_number() || names[name].get("int").is_some() {
            let text = found_kwargs[name]
                .as_str()
                .unwrap_or("")
                .trim_start_matches('0');
            found_kwargs[name] = json!(if text.is_empty() { "0" } else { text });
        }
    }
    let found = json!({
        "url_name": found.url_name(), "route": found.route(), "kwargs": found_kwargs,
        "app_names": found.app_names(), "namespaces": found.namespaces(), "args": found.args(),
    });
    let wanted = json!({
        "url_name": wanted["url_name"], "route": wanted["route"], "kwargs": kwargs,
        "app_names": wanted["app_names"], "namespaces": wanted["namespaces"], "args": wanted["args"],
    });
    compare(&found, &wanted)
}

#[test]
fn paths_resolve_as_in_django() {
    replay("urls.jsonl", &["resolve"], |record| {
        let inputs = &record["inputs"];
        let Some(path) = inputs["path"].as_str() else {
            return Outcome::Skipped("lone surrogates");
        };
        match check_resolve(&inputs["urlconf"], path, &record["expected"]) {
            Outcome::Differs(_) if is_refused(&record["expected"]["match"]["url_name"]) => {
                Outcome::Excepted(LOOK_AROUND)
            }
            outcome => outcome,
        }
    });
}

#[test]
fn raw_targets_resolve_as_in_django() {
    replay("urls.jsonl", &["resolve_request"], |record| {
        let target = record["inputs"]["request"]["path"].as_str().unwrap();
        if target.contains('#') {
            return Outcome::Skipped(
                "a target with a fragment is none by RFC 9112: hyper cuts it off before any layer",
            );
        }
        let Ok(uri) = target.parse::<http::Uri>() else {
            return Outcome::Skipped("a target that no server lets through");
        };
        if uri.path_and_query().is_none() {
            return Outcome::Skipped("a target that is a host, which only CONNECT has");
        }
        let request = http::Request::get(uri).body(()).unwrap();
        let info = nuages_web::RequestInfo::new(&request.into_parts().0);
        let expected = &record["expected"];
        let outcome = compare(&json!(info.path()), &expected["path_info"]);
        match outcome {
            Outcome::Same => check_resolve(&record["inputs"]["urlconf"], info.path(), expected),
            other => other,
        }
    });
}

#[test]
fn the_patterns_tried_are_those_of_django() {
    replay("urls.jsonl", &["resolve_tried"], |record| {
        let table = match frozen(&record["inputs"]["urlconf"]) {
            Ok(table) => table,
            Err(why) => return Outcome::Skipped(why),
        };
        let tried: Vec<Vec<String>> = table
            .tried(record["inputs"]["path"].as_str().unwrap())
            .into_iter()
            .map(|routes| routes.into_iter().map(|route| route.route).collect())
            .collect();
        compare(&json!(tried), &record["expected"]["tried"])
    });
}

fn url_value(value: &Value) -> Option<UrlValue<'static>> {
    if let Some(bytes) = value.get("bytes_b64") {
        return Some(UrlValue::Bytes(bytes_of(bytes).into()));
    }
    match value {
        Value::Number(n) => n.as_i64().map(UrlValue::from),
        Value::Bool(flag) => Some(UrlValue::from(if *flag { "True" } else { "False" })),
        Value::Null => Some(UrlValue::from("None")),
        _ => python_text(value).map(UrlValue::from),
    }
}

#[test]
fn names_reverse_as_in_django() {
    replay("urls.jsonl", &["reverse"], |record| {
        let inputs = &record["inputs"];
        let Some(name) = inputs["name"].as_str() else {
            return Outcome::Skipped(
                "a view has no name of its own to be reversed by: routes have",
            );
        };
        let table = match frozen(&inputs["urlconf"]) {
            Ok(table) => table,
            Err(why) => return Outcome::Skipped(why),
        };
        let args: Option<Vec<UrlValue<'_>>> = inputs["args"]
            .as_array()
            .into_iter()
            .flatten()
            .map(url_value)
            .collect();
        let kwargs: Option<Vec<(&str, UrlValue<'_>)>> = inputs["kwargs"]
            .as_array()
            .into_iter()
            .flatten()
            .map(|pair| Some((pair[0].as_str()?, url_value(&pair[1])?)))
            .collect();
        let (Some(args), Some(kwargs)) = (args, kwargs) else {
            return Outcome::Skipped("arguments that only Python has");
        };
        let prefix = inputs["script_prefix"].as_str().map(|prefix| {
            if prefix.ends_with('/') {
                prefix.to_owned()
            } else {
                format!("{prefix}/")
            }
        });
        let expected = &record["expected"];
        if inputs["query"].to_string().contains("bytes_b64") {
            return Outcome::Skipped("bytes that are no text");
        }
        let query = match inputs.get("query").map(query) {
            Some(Err(())) => return compare(&json!(true), &json!(expected["url"].is_null())),
            Some(Ok(query)) => query,
            None => None,
        };
        let fragment = match inputs.get("fragment") {
            None | Some(Value::Null) => None,
            Some(Value::String(text)) => Some(text.as_str()),
            // A number or the like, which the types do not let through.
            Some(_) => return compare(&json!(true), &json!(expected["url"].is_null())),
        };
        let options = ReverseOptions {
            current_app: inputs["current_app"].as_str(),
            script_prefix: prefix.as_deref(),
            query: query.as_ref(),
            fragment,
        };
        let found = table.reverse_with(name, &args, &kwargs, options);
        match found {
            Ok(_) if expected["error"]["type"] == "ValueError" => Outcome::Excepted(
                "a pattern with an inline flag group is irreversible itself; in Django it makes every route of its table so",
            ),
            Ok(url) => compare(&json!(url), &expected["url"]),
            Err(error) if expected["url"].is_null() => {
                let message = expected["error"]["message"].as_str().unwrap_or("");
                let is_own = message.contains("is not a registered namespace")
                    || message.contains("is not a valid view");
                if is_refused(&inputs["name"]) {
                    return Outcome::Excepted(LOOK_AROUND);
                }
                if is_own && error.message() != message {
                    return Outcome::Differs(format!("{error}, expected {message}"));
                }
                Outcome::Same
            }
            Err(_) if is_refused(&inputs["name"]) => Outcome::Excepted(LOOK_AROUND),
            Err(error) => Outcome::Differs(format!("{error}, expected {}", expected["url"])),
        }
    });
}

#[test]
fn tables_are_refused_as_by_django() {
    replay("urls.jsonl", &["urlconf_error"], |record| {
        let urls = match build(&record["inputs"]["urlconf"]) {
            Ok(urls) => urls,
            Err(why) => return Outcome::Skipped(why),
        };
        let expected = &record["expected"]["error"];
        match urls.freeze() {
            Ok(_) => compare(&Value::Null, expected),
            Err(error) if error.message().contains("twice") => Outcome::Excepted(
                "two parameters of one name are refused when the table is frozen; in Django one of them is lost",
            ),
            Err(error)
                if error.message().contains("not a valid regular expression")
                    && expected.is_null() =>
            {
                Outcome::Excepted(
                    "a pattern that is no regular expression is refused when the table is frozen; Django fails at the first request that comes to it",
                )
            }
            Err(error) if error.message().contains("not a valid regular expression") => {
                // What is wrong with it Python tells in its own words.
                let head = |text: &str| text.split(": ").next().unwrap_or("").to_owned();
                match expected["message"].as_str() {
                    Some(wanted) => compare(&json!(head(error.message())), &json!(head(wanted))),
                    None => compare(&json!(true), &json!(!expected.is_null())),
                }
            }
            Err(error) => {
                // Python quotes the route in its own way and speaks of its own identifiers.
                let tell = |text: &str| text.replace("valid Python", "valid").replace("\\n", "\n");
                compare(
                    &json!(tell(error.message())),
                    &json!(tell(expected["message"].as_str().unwrap_or(""))),
                )
            }
        }
    });
}

#[test]
fn tables_are_checked_as_by_django() {
    replay("urls.jsonl", &["url_checks"], |record| {
        let table = match frozen(&record["inputs"]["urlconf"]) {
            Ok(table) => table,
            Err(why) => return Outcome::Skipped(why),
        };
        let append_slash = record["settings"]["APPEND_SLASH"] != json!(false);
        let found: Vec<Value> = table
            .checks(append_slash)
            .iter()
            .map(|check| json!([check.id, check.message]))
            .collect();
        compare(&json!(found), &record["expected"]["messages"])
    });
}

#[test]
fn texts_stand_for_the_urls_that_they_stand_for_in_django() {
    replay("urls.jsonl", &["resolve_url"], |record| {
        let inputs = &record["inputs"];
        let Some(to) = inputs["to"].as_str() else {
            return Outcome::Skipped(
                "a model or a view itself, which know their URLs by their own methods",
            );
        };
        let table = match frozen(&inputs["urlconf"]) {
            Ok(table) => table,
            Err(why) => return Outcome::Skipped(why),
        };
        let list = |name: &str| inputs[name].as_array().into_iter().flatten();
        let args: Option<Vec<UrlValue<'_>>> = list("args").map(url_value).collect();
        let kwargs: Option<Vec<(&str, UrlValue<'_>)>> = list("kwargs")
            .map(|pair| Some((pair[0].as_str()?, url_value(&pair[1])?)))
            .collect();
        let found = table.resolve_url(to, &args.unwrap(), &kwargs.unwrap());
        compare(&json!(found.ok()), &record["expected"]["url"])
    });
}

#[test]
fn expressions_are_written_as_by_django() {
    replay("urls.jsonl", &["regex_normalize"], |record| {
        let expected = &record["expected"];
        match regex_normalize(record["inputs"]["pattern"].as_str().unwrap()) {
            Some(forms) => compare(&json!(forms), &json!(expected["possibilities"])),
            None => compare(&json!(true), &json!(expected.get("error").is_some())),
        }
    });
}
