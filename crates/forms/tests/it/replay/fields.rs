//! Records of fields.

use jiff::tz::TimeZone;
use nuages_forms::{ErrorList, Field, Form, SafeString, Value};
use serde_json::Value as Json;

use super::decode::{data, shown, tagged, text, value};
use super::html::normal;
use super::validators::{differs_by_language, errors_expected, errors_shown};
use super::{Outcome, Skip, build, replay};

fn use_tz(settings: &Json) -> bool {
    settings.get("USE_TZ") != Some(&Json::Bool(false))
}

fn zone(settings: &Json) -> Result<TimeZone, Skip> {
    match settings.get("TIME_ZONE") {
        Some(Json::String(name)) => TimeZone::get(name).map_err(|_| "a time zone".to_owned()),
        _ => Ok(TimeZone::UTC),
    }
}

fn outcome(result: &Result<Value, ErrorList>) -> String {
    match result {
        Ok(value) => shown(value),
        Err(errors) => errors_shown(errors),
    }
}

fn expected_outcome(expected: &Json) -> Result<String, Skip> {
    if expected.get("exception").is_some() {
        return Err("a crash in Django".to_owned());
    }
    match expected.get("errors") {
        Some(errors) => Ok(errors_expected(errors)),
        None => Ok(shown(&value(&expected["value"])?)),
    }
}

#[test]
fn fields_clean_as_django_does() {
    replay(
        "fields.jsonl",
        "field_clean",
        |inputs, expected, settings| {
            differs_by_language(&inputs["field"], &inputs["value"])?;
            let class = inputs["field"]["class"].as_str().unwrap_or_default();
            if tagged(&inputs["value"]).is_some_and(|(tag, _)| tag == "tuple")
                && !class.contains("Multiple")
            {
                return Err("a tuple as text".to_owned());
            }
            let field = build::field(&inputs["field"], use_tz(settings))?;
            let given = value(&inputs["value"])?;
            let initial = value(&inputs["initial"])?;
            let found = field.clean_in(given, &initial, &zone(settings)?);
            Ok(Outcome::of(
                &outcome(&found),
                &expected_outcome(expected)?,
                "outcome",
            ))
        },
    );
}

#[test]
fn fields_change_as_in_django() {
    replay(
        "fields.jsonl",
        "field_has_changed",
        |inputs, expected, settings| {
            if expected.get("exception").is_some() {
                return Err("a crash in Django".to_owned());
            }
            let field = build::field(&inputs["field"], use_tz(settings))?;
            let found = field.has_changed(&value(&inputs["initial"])?, value(&inputs["data"])?);
            Ok(Outcome::of(
                &found.to_string(),
                &expected["value"].to_string(),
                "changed",
            ))
        },
    );
}

fn single(field: Field) -> Form {
    Form::new().field("f", field)
}

#[test]
fn new_fields_look_as_in_django() {
    replay(
        "fields.jsonl",
        "field_create",
        |inputs, expected, settings| {
            if expected.get("exception").is_some() {
                return Err("a crash in Django".to_owned());
            }
            let field = build::field(&inputs["field"], use_tz(settings))?;
            let form = single(field);
            let bound = form.get("f").ok_or("no field")?;
            let widget = bound.field().get_widget().kind().name();
            for (found, key) in [
                (normal(&bound.to_string()), "html"),
                (normal(&bound.label_tag()), "label_tag"),
                (normal(&bound.as_hidden()), "hidden_html"),
                (widget.to_owned(), "widget"),
                (
                    bound
                        .field()
                        .kind()
                        .hidden_widget()
                        .kind()
                        .name()
                        .to_owned(),
                    "hidden_widget",
                ),
            ] {
                let wanted = text(&expected[key]);
                let wanted = if key.contains("widget") {
                    wanted
                } else {
                    normal(&wanted)
                };
                if found != wanted {
                    return Ok(Outcome::of(&found, &wanted, key));
                }
            }
            Ok(Outcome::Same)
        },
    );
}

#[test]
fn single_fields_look_as_in_django() {
    replay(
        "fields.jsonl",
        "field_form_value",
        |inputs, expected, settings| {
            if expected.get("exception").is_some() {
                return Err("a crash in Django".to_owned());
            }
            let field = build::field(&inputs["field"], use_tz(settings))?;
            let mut form = single(field).time_zone(zone(settings)?);
            if let Some(initial) = inputs.get("initial") {
                form = form.initial("f", value(initial)?);
            }
            if let Some(sent) = data(&inputs["data"], &Json::Null)? {
                form = form.bind(&sent);
                for (key, found) in [("valid", form.is_valid()), ("changed", form.has_changed())] {
                    if expected.get(key).is_some_and(|wanted| *wanted != found) {
                        let wanted = expected[key].to_string();
                        return Ok(Outcome::of(&found.to_string(), &wanted, key));
                    }
                }
            }
            let bound = form.get("f").ok_or("no field")?;
            let wanted = normal(&text(&expected["html"]));
            Ok(Outcome::of(&normal(&bound.to_string()), &wanted, "html"))
        },
    );
}

/// A safe string goes through the field as one.
#[test]
fn safe_words_stay_safe() {
    let field =
        Field::new(nuages_forms::CharField::new()).label(SafeString::from_static("<b>x</b>"));
    let form = single(field);
    assert!(form.as_p().contains("<b>x</b>:"));
}
