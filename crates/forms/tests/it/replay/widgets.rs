//! Records of widgets.

use nuages_forms::{Attrs, Form, FormData, Value};
use serde_json::Value as Json;

use super::decode::{data, shown, tagged, text, value};
use super::html::normal;
use super::{Outcome, Skip, build, replay};

fn attrs(json: &Json) -> Result<Attrs, Skip> {
    let mut out = Attrs::new();
    if let Some((_, pairs)) = tagged(json) {
        for pair in pairs.as_array().map(Vec::as_slice).unwrap_or_default() {
            out.set(text(&pair[0]), build::attr(&pair[1])?);
        }
    }
    Ok(out)
}

#[test]
fn widgets_look_as_in_django() {
    replay("widgets.jsonl", "widget_render", |inputs, expected, _| {
        let Some(html) = expected.get("html") else {
            return Err("a crash in Django".to_owned());
        };
        let widget = build::widget(&inputs["widget"])?;
        let name = inputs["name"].as_str().ok_or("a name that is no text")?;
        let given = value(&inputs["value"])?;
        let found = widget.render_with(name, &given, &attrs(&inputs["attrs"])?);
        Ok(Outcome::of(&normal(&found), &normal(&text(html)), "html"))
    });
}

#[test]
fn widgets_find_their_data_as_in_django() {
    replay("widgets.jsonl", "widget_data", |inputs, expected, _| {
        if expected.get("exception").is_some() {
            return Err("a crash in Django".to_owned());
        }
        let widget = build::widget(&inputs["widget"])?;
        let raw = inputs["data"].to_string();
        if raw.contains("[]]") || raw.contains("null") {
            return Err("a name without a value".to_owned());
        }
        let class = inputs["widget"]["class"].as_str().unwrap_or_default();
        if class.contains("Multiple")
            && tagged(&inputs["data"]).is_some_and(|(tag, _)| tag == "dict")
        {
            return Err("a plain dict for several values".to_owned());
        }
        let sent = data(&inputs["data"], &inputs["files"])?.unwrap_or_default();
        let name = inputs["name"].as_str().ok_or("a name that is no text")?;
        let required = inputs["widget"]["is_required"] == true;
        let found = widget.kind().value_from_data(&sent, name, required);
        let wanted = match tagged(&expected["value"]) {
            Some(("contradiction", _)) => Value::Contradiction,
            _ if expected.get("contradiction").is_some() => Value::Contradiction,
            _ => value(&expected["value"])?,
        };
        if shown(&found) != shown(&wanted) {
            return Ok(Outcome::of(&shown(&found), &shown(&wanted), "value"));
        }
        let omitted = widget.kind().value_omitted_from_data(&sent, name);
        Ok(Outcome::of(
            &omitted.to_string(),
            &expected["omitted"].to_string(),
            "omitted",
        ))
    });
}

#[test]
fn widgets_ask_for_values_as_in_django() {
    replay(
        "widgets.jsonl",
        "widget_use_required",
        |inputs, expected, _| {
            let widget = build::widget(&inputs["widget"])?;
            let found = widget.use_required_attribute(&value(&inputs["initial"])?);
            Ok(Outcome::of(
                &found.to_string(),
                &expected["value"].to_string(),
                "required",
            ))
        },
    );
}

#[test]
fn widgets_have_the_properties_of_django() {
    replay(
        "widgets.jsonl",
        "widget_properties",
        |inputs, expected, _| {
            let widget = build::widget(&inputs["widget"])?;
            let kind = widget.kind();
            for (found, key) in [
                (widget.is_hidden(), "is_hidden"),
                (kind.needs_multipart_form(), "needs_multipart_form"),
                (kind.use_fieldset(), "use_fieldset"),
                (kind.supports_microseconds(), "supports_microseconds"),
            ] {
                if expected[key] != found {
                    return Ok(Outcome::of(
                        &found.to_string(),
                        &expected[key].to_string(),
                        key,
                    ));
                }
            }
            Ok(Outcome::of(
                &kind.id_for_label("id_x"),
                &text(&expected["id_for_label"]),
                "id_for_label",
            ))
        },
    );
}

#[test]
fn labels_point_to_the_ids_of_django() {
    replay(
        "widgets.jsonl",
        "widget_id_for_label",
        |inputs, expected, _| {
            if inputs.get("index").is_some() || inputs["id"].is_null() {
                return Err("an index or no id".to_owned());
            }
            let widget = build::widget(&inputs["widget"])?;
            let found = widget.kind().id_for_label(&text(&inputs["id"]));
            Ok(Outcome::of(&found, &text(&expected["value"]), "id"))
        },
    );
}

#[test]
fn options_look_as_in_django() {
    replay(
        "widgets.jsonl",
        "widget_subwidgets",
        |inputs, expected, _| {
            let mut form = Form::new().field("f", build::field(&inputs["field"], true)?);
            if let Some(sent) = data(&inputs["data"], &Json::Null)? {
                form = form.bind(&sent);
            }
            let bound = form.get("f").ok_or("no field")?;
            let found: Vec<_> = match bound.options() {
                Some(options) => options
                    .iter()
                    .map(|option| {
                        let id = option.id_for_label().unwrap_or_default();
                        format!("{}|{}|{}|{id}", option.render(), option.tag(), option.label)
                    })
                    .collect(),
                None => vec![format!("{bound}|||")],
            };
            let wanted = expected["subwidgets"]
                .as_array()
                .map(Vec::as_slice)
                .unwrap_or_default();
            let wanted: Vec<_> = wanted
                .iter()
                .map(|option| {
                    let part = |key: &str| text(&option[key]);
                    let id = part("id_for_label");
                    let (tag, label) = (part("tag"), part("label"));
                    format!("{}|{tag}|{label}|{id}", part("html"))
                })
                .collect();
            Ok(Outcome::of(
                &normal(&found.join("\n")),
                &normal(&wanted.join("\n")),
                "options",
            ))
        },
    );
}

#[test]
fn nothing_is_found_in_no_data() {
    let widget = build::widget(&serde_json::json!({"class": "TextInput"})).unwrap();
    assert_eq!(
        widget.kind().value_from_data(&FormData::new(), "x", true),
        Value::None
    );
}
