//! Query strings, read and written.

use nuages_web::{Charset, GetData, QueryDict};
use serde_json::{Value, json};

use super::{Outcome, bytes_of, compare, replay};

fn lists(data: &QueryDict) -> Value {
    let lists = data.lists().map(|(name, values)| json!([name, values]));
    Value::Array(lists.collect())
}

/// A value as text: what Python's `str` says of it, since values are text here.
fn text_of(value: &Value) -> Option<String> {
    Some(match value {
        Value::String(text) => text.clone(),
        Value::Bool(true) => "True".to_owned(),
        Value::Bool(false) => "False".to_owned(),
        Value::Null => "None".to_owned(),
        Value::Number(number) => number.to_string(),
        Value::Object(typed) => match (typed.get("float"), typed.get("bytes_b64")) {
            (Some(float), _) => float.as_str()?.to_owned(),
            (_, Some(_)) => String::from_utf8_lossy(&bytes_of(&value["bytes_b64"])).into_owned(),
            _ => typed.get("int")?.as_str()?.to_owned(),
        },
        Value::Array(_) => return None,
    })
}

fn texts_of(list: &Value) -> Option<Vec<String>> {
    list.as_array()?.iter().map(text_of).collect()
}

/// A value with all that is in it as text: nothing and the text `None` are the same here.
fn as_text(value: &Value) -> Value {
    match value {
        Value::Array(list) => list.iter().map(as_text).collect(),
        Value::Object(typed) if typed.contains_key("pairs") => {
            json!({"pairs": as_text(&value["pairs"])})
        }
        other => json!(text_of(other)),
    }
}

/// Names with their values as text.
fn lists_as_text(lists: &Value) -> Option<Value> {
    let lists = lists.as_array()?.iter();
    let lists = lists.map(|pair| Some(json!([text_of(&pair[0])?, texts_of(&pair[1])?])));
    lists.collect::<Option<Vec<_>>>().map(Value::Array)
}

fn charset_of(inputs: &Value) -> Charset {
    Charset::of_label(inputs["encoding"].as_str().unwrap_or("utf-8")).unwrap()
}

fn fill(lists: &Value, charset: Charset) -> Option<QueryDict> {
    let text = |value: &Value| match value.get("bytes_b64") {
        Some(bytes) => Some(charset.decode(&bytes_of(bytes)).into_owned()),
        None => text_of(value),
    };
    let mut data = QueryDict::with_charset(charset);
    for pair in lists.as_array()? {
        let values: Option<Vec<String>> = pair[1].as_array()?.iter().map(text).collect();
        data.set_list(text(&pair[0])?, values?);
    }
    Some(data)
}

#[test]
fn query_strings_are_read_as_by_django() {
    replay("querydict.jsonl", &["querydict"], |record| {
        let inputs = &record["inputs"];
        let charset = charset_of(inputs);
        let max = match record["settings"].get("DATA_UPLOAD_MAX_NUMBER_FIELDS") {
            None => 1000,
            Some(Value::Null) => usize::MAX,
            Some(max) => usize::try_from(max.as_u64().unwrap()).unwrap(),
        };
        let query = &inputs["query_string"];
        let read = match query.as_str() {
            Some(text) => QueryDict::parse_in(text, max, charset),
            None if query.get("bytes_b64").is_some() => {
                QueryDict::parse_bytes(&bytes_of(&query["bytes_b64"]), max, charset)
            }
            None => return Outcome::Skipped("lone surrogates"),
        };
        let expected = &record["expected"];
        match read {
            Err(error) => compare(&json!(error.to_string()), &expected["error"]["message"]),
            Ok(_) if !expected["error"].is_null() => Outcome::Differs("no error".into()),
            Ok(data) => compare(
                &json!([lists(&data), data.try_urlencode("").ok()]),
                &json!([expected["lists"], expected.get("urlencode")]),
            ),
        }
    });
}

#[test]
fn query_strings_are_written_as_by_django() {
    replay("querydict.jsonl", &["querydict_urlencode"], |record| {
        let inputs = &record["inputs"];
        let Some(data) = fill(&inputs["lists"], charset_of(inputs)) else {
            return Outcome::Skipped("values that are no text");
        };
        let safe = inputs["safe"].as_str().unwrap_or("");
        compare(
            &json!(data.try_urlencode(safe).ok()),
            &json!(record["expected"].get("urlencode")),
        )
    });
}

/// Data as a view has them: lent by an extractor, or its own.
enum Data {
    Lent(GetData),
    Own(QueryDict),
}

impl Data {
    fn read(&self) -> &QueryDict {
        match self {
            Self::Lent(data) => data,
            Self::Own(data) => data,
        }
    }

    /// Only what is a view's own can be changed: an extractor lends, and the compiler holds to that.
    fn write(&mut self) -> Option<&mut QueryDict> {
        match self {
            Self::Lent(_) => None,
            Self::Own(data) => Some(data),
        }
    }
}

/// Does one operation; `None` is an error of it, and an outer error says why it is not put to us.
fn operate(data: &mut Data, op: &[Value]) -> Result<Option<Value>, &'static str> {
    const NO_TEXT: &str = "values that are no text";
    let word = op[0].as_str().unwrap();
    let name = op.get(1).and_then(text_of);
    let name = name.as_deref().unwrap_or("");
    let given = op.get(2).map(|value| text_of(value).ok_or(NO_TEXT));
    let read = data.read();
    let value = match word {
        "getitem" => match (read.contains(name), read.get(name)) {
            (false, _) => return Ok(None),
            (true, Some(value)) => json!(value),
            // Django answers with an empty list here.
            (true, None) => json!([]),
        },
        "get" => match (read.get(name), given.transpose()?) {
            (Some(value), _) => json!(value),
            (None, default) => json!(default),
        },
        "getlist" if read.contains(name) || op.len() < 3 => json!(read.get_list(name)),
        // A default of None is none, and then there is nothing.
        "getlist" if op[2].is_null() => json!([]),
        "getlist" => op[2].clone(),
        "in" => json!(read.contains(name)),
        "len" => json!(read.len()),
        "keys" => read.lists().map(|(name, _)| json!(name)).collect(),
        "values" | "items" | "dict" => {
            let items = read.lists().map(|(name, values)| {
                let last = values.last().map_or(json!([]), |last| json!(last));
                if word == "values" {
                    last
                } else {
                    json!([name, last])
                }
            });
            let items = Value::Array(items.collect());
            if word == "dict" {
                json!({"pairs": items})
            } else {
                items
            }
        }
        "lists" => lists(read),
        "urlencode" => json!(read.try_urlencode(name).ok()),
        "eq" => json!(*read == QueryDict::parse(name, 1000).unwrap()),
        "copy" | "deepcopy" | "copy_module" => {
            *data = Data::Own(read.clone());
            Value::Null
        }
        "set_mutable" if op[1] == json!(true) => {
            *data = Data::Own(read.clone());
            Value::Null
        }
        "set_mutable" => {
            *data = Data::Lent(GetData(read.clone()));
            Value::Null
        }
        "fromkeys" => {
            let names = texts_of(&op[1]).ok_or(NO_TEXT)?;
            let value = given.transpose()?.unwrap_or_default();
            let made = QueryDict::from_keys(names.iter().map(String::as_str), &value);
            *data = match op.get(3) {
                Some(Value::Bool(true)) => Data::Own(made),
                _ => Data::Lent(GetData(made)),
            };
            Value::Null
        }
        _ => {
            let Some(data) = data.write() else {
                return Ok(None);
            };
            return change(data, word, name, op);
        }
    };
    Ok(Some(value))
}

fn change(
    data: &mut QueryDict,
    word: &str,
    name: &str,
    op: &[Value],
) -> Result<Option<Value>, &'static str> {
    const NO_TEXT: &str = "values that are no text";
    let text = |value: Option<&Value>| {
        value.map_or(Ok(None), |value| text_of(value).map(Some).ok_or(NO_TEXT))
    };
    let list = |value: Option<&Value>| {
        value.map_or(Ok(Vec::new()), |value| texts_of(value).ok_or(NO_TEXT))
    };
    match word {
        "setitem" => data.set(name, text(op.get(2))?.unwrap()),
        "setlist" => data.set_list(name, list(op.get(2))?),
        "appendlist" => data.append(name, text(op.get(2))?.unwrap()),
        "delitem" if data.remove(name).is_none() => return Ok(None),
        "delitem" => {}
        "clear" => data.clear(),
        "pop" => {
            let values = data.remove(name).map(|values| json!(values));
            return Ok(values.or(op.get(2).cloned()));
        }
        "popitem" => return Ok(data.pop_item().map(|(name, values)| json!([name, values]))),
        "setdefault" => {
            // Python's default of the default is None.
            let value = text(op.get(2))?.unwrap_or("None".to_owned());
            return Ok(Some(match data.set_default(name, value) {
                Some(value) => json!(value),
                None => json!([]),
            }));
        }
        "setlistdefault" => return Ok(Some(json!(data.set_list_default(name, list(op.get(2))?)))),
        "update_querydict" => data.extend(&QueryDict::parse(name, 1000).unwrap()),
        "update_kwargs" | "update_pairs" => {
            let pairs = match word {
                "update_kwargs" => op[1]["pairs"].as_array().unwrap().as_slice(),
                _ => &op[1..],
            };
            for pair in pairs {
                data.append(pair[0].as_str().unwrap(), text(pair.get(1))?.unwrap());
            }
        }
        other => panic!("{other}"),
    }
    Ok(Some(Value::Null))
}

#[test]
fn operations_change_what_they_change_in_django() {
    replay("querydict.jsonl", &["querydict_ops"], |record| {
        let inputs = &record["inputs"];
        let mut data = match inputs["query_string"].as_str() {
            Some(query) => {
                let data = QueryDict::parse(query, 1000).unwrap();
                if inputs["mutable"] == json!(true) {
                    Data::Own(data)
                } else {
                    Data::Lent(GetData(data))
                }
            }
            None if inputs.get("lists").is_some() => match fill(&inputs["lists"], Charset::UTF_8) {
                Some(data) => Data::Own(data),
                None => return Outcome::Skipped("values that are no text"),
            },
            None => return Outcome::Skipped("lone surrogates"),
        };
        let steps = record["expected"]["steps"].as_array().unwrap();
        for (op, step) in inputs["ops"].as_array().unwrap().iter().zip(steps) {
            let has_bytes = op
                .get(1)
                .is_some_and(|name| name.get("bytes_b64").is_some());
            if inputs.get("class").is_some() && has_bytes {
                return Outcome::Skipped("names that are no text");
            }
            let value = match operate(&mut data, op.as_array().unwrap()) {
                Ok(value) => value,
                Err(why) => return Outcome::Skipped(why),
            };
            let is_error = step.get("error").is_some_and(|error| !error.is_null());
            let found = json!([
                value.as_ref().map(as_text),
                value.is_none(),
                lists(data.read())
            ]);
            let expected = json!([
                (!is_error).then(|| as_text(&step["value"])),
                is_error,
                lists_as_text(&step["lists"]),
            ]);
            if found != expected {
                return Outcome::Differs(format!("{op}: found {found}, expected {expected}"));
            }
        }
        Outcome::Same
    });
}
