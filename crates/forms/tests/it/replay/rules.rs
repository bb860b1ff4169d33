//! The rules of recorded forms as hooks.

use nuages_forms::{ErrorList, Form, ValidationError, Value};
use serde_json::Value as Json;

use super::Skip;
use super::build::words;
use super::decode::{tagged, text, value};

fn error(json: &Json) -> Result<ErrorList, Skip> {
    let mut error = ValidationError::new(words(&json["message"]));
    if let Some(code) = json["code"].as_str() {
        error = error.code(code.to_owned());
    }
    if let Some((_, pairs)) = tagged(&json["params"]) {
        for pair in pairs.as_array().map(Vec::as_slice).unwrap_or_default() {
            error = error.param(text(&pair[0]), value(&pair[1])?);
        }
    }
    Ok(error.into())
}

fn list(json: &Json) -> Result<ErrorList, Skip> {
    let mut out = ErrorList::new();
    for item in json.as_array().map(Vec::as_slice).unwrap_or_default() {
        match item {
            Json::String(message) => out.push(message.clone()),
            other => out.extend(error(other)?),
        }
    }
    Ok(out)
}

pub(super) fn apply(mut form: Form, rules: &Json) -> Result<Form, Skip> {
    for rule in rules.as_array().map(Vec::as_slice).unwrap_or_default() {
        let field = text(&rule["field"]);
        form = match rule["rule"].as_str().unwrap_or_default() {
            "clean_field" => clean_field(form, field, rule)?,
            "fields_must_match" => {
                let refusal = error(rule)?;
                let names: Vec<String> = strings(&rule["fields"]);
                form.clean(move |form| {
                    let values: Vec<_> = names.iter().map(|name| form.get(name)).collect();
                    let all = values.iter().all(|value| value.is_some_and(Value::is_true));
                    if all && values.windows(2).any(|pair| pair[0] != pair[1]) {
                        if field.is_empty() {
                            return Err(refusal.clone());
                        }
                        form.add_error(field.as_str(), refusal.clone());
                    }
                    Ok(())
                })
            }
            "require_one" => {
                let refusal = error(rule)?;
                let names = strings(&rule["fields"]);
                form.clean(move |form| {
                    let any = names
                        .iter()
                        .any(|name| form.get(name).is_some_and(Value::is_true));
                    if any { Ok(()) } else { Err(refusal.clone()) }
                })
            }
            "raise" => {
                let refusal = error(rule)?;
                form.clean(move |_| Err(refusal.clone()))
            }
            "raise_list" => {
                let refusal = list(&rule["errors"])?;
                form.clean(move |_| Err(refusal.clone()))
            }
            "add_error" => {
                let refusal = error(rule)?;
                form.clean(move |form| {
                    let name = Some(field.as_str()).filter(|name| !name.is_empty());
                    form.add_error(name, refusal.clone());
                    Ok(())
                })
            }
            "set" => {
                let wanted = value(&rule["value"])?;
                form.clean(move |form| {
                    form.set(&field, wanted.clone());
                    Ok(())
                })
            }
            "raise_dict" => {
                let mut all = Vec::new();
                for entry in rule["errors"]
                    .as_array()
                    .map(Vec::as_slice)
                    .unwrap_or_default()
                {
                    all.push((text(&entry["field"]), list(&entry["errors"])?));
                }
                form.clean(move |form| {
                    for (name, errors) in &all {
                        form.add_error(name.as_str(), errors.clone());
                    }
                    Ok(())
                })
            }
            other => return Err(format!("rule {other}")),
        };
    }
    Ok(form)
}

fn strings(json: &Json) -> Vec<String> {
    json.as_array()
        .map(Vec::as_slice)
        .unwrap_or_default()
        .iter()
        .map(text)
        .collect()
}

fn clean_field(form: Form, field: String, rule: &Json) -> Result<Form, Skip> {
    let forbidden = match rule.get("forbid") {
        Some(given) => Some((value(given)?, error(rule)?)),
        None => None,
    };
    let upper = rule.get("upper") == Some(&Json::Bool(true));
    let replace = match rule.get("replace") {
        Some(given) => Some(value(given)?),
        None => None,
    };
    Ok(form.clean_field(field, move |_, given| {
        if let Some((refused, error)) = &forbidden
            && given == *refused
        {
            return Err(error.clone());
        }
        if upper {
            return Ok(given.to_string().to_uppercase().into());
        }
        Ok(replace.clone().unwrap_or(given))
    }))
}
