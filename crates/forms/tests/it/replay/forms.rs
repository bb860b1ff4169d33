//! Records of forms and their fields.

use nuages_forms::{Attrs, BoundField, Form};
use serde_json::Value as Json;

use super::build::{self, words};
use super::decode::{data, shown, tagged, text, value};
use super::html::normal;
use super::validators::{errors_expected, errors_shown};
use super::{Outcome, Skip, replay, rules};

/// The fields and rules of a form.
pub(super) fn defined(definition: &Json, settings: &Json) -> Result<Form, Skip> {
    let use_tz = settings.get("USE_TZ") != Some(&Json::Bool(false));
    let mut form = Form::new();
    for pair in definition["fields"]
        .as_array()
        .map(Vec::as_slice)
        .unwrap_or_default()
    {
        form = form.field(text(&pair[0]), build::field(&pair[1], use_tz)?);
    }
    rules::apply(form, &definition["rules"])
}

fn form(inputs: &Json, settings: &Json) -> Result<Form, Skip> {
    for key in ["templates", "renderer"] {
        if inputs.get(key).is_some() {
            return Err(key.to_owned());
        }
    }
    let definition = &inputs["form"];
    let mut form = defined(definition, settings)?;
    let kwargs = &inputs["kwargs"];
    for options in [&definition["attrs"], kwargs] {
        for (name, given) in options.as_object().into_iter().flatten() {
            if name != "field_order" || kwargs.get(name).is_none() || options == kwargs {
                form = option(form, name, given)?;
            }
        }
    }
    let several = definition["fields"].to_string().contains("Multiple");
    if several && tagged(&kwargs["data"]).is_some_and(|(tag, _)| tag == "dict") {
        return Err("a plain dict for several values".to_owned());
    }
    Ok(match data(&kwargs["data"], &kwargs["files"])? {
        Some(sent) => form.bind(&sent),
        None => form,
    })
}

pub(super) fn option(form: Form, name: &str, given: &Json) -> Result<Form, Skip> {
    Ok(match name {
        "data" | "files" => form,
        "auto_id" if given.is_null() => form.auto_id(""),
        _ if given.is_null() => form,
        "prefix" => form.prefix(text(given)),
        "auto_id" => match given {
            Json::Bool(false) => form.auto_id(""),
            Json::Bool(true) => form.auto_id("true"),
            other => form.auto_id(text(other)),
        },
        "label_suffix" => form.label_suffix(words(given)),
        "use_required_attribute" => form.use_required_attribute(given == true),
        "empty_permitted" => form.empty_permitted(given == true),
        "error_css_class" => form.error_css_class(text(given)),
        "required_css_class" => form.required_css_class(text(given)),
        "field_order" => {
            let names: Vec<_> = given
                .as_array()
                .map(Vec::as_slice)
                .unwrap_or_default()
                .iter()
                .map(text)
                .collect();
            form.field_order(names.iter().map(String::as_str))
        }
        "initial" => {
            let mut form = form;
            let pairs = tagged(given)
                .map(|(_, pairs)| pairs.clone())
                .unwrap_or_default();
            for pair in pairs.as_array().map(Vec::as_slice).unwrap_or_default() {
                form = form.initial(text(&pair[0]), value(&pair[1])?);
            }
            form
        }
        other => return Err(format!("form option {other}")),
    })
}

/// The first of these that is not as expected.
pub(super) fn compare(expected: &Json, found: Vec<(&str, String)>) -> Outcome {
    for (key, found) in found {
        let Some(wanted) = expected.get(key) else {
            continue;
        };
        if wanted.get("exception").is_some() {
            continue;
        }
        let wanted = match wanted {
            Json::String(html) if html.contains('<') => normal(html),
            Json::String(text) => text.trim().to_owned(),
            other => other.to_string(),
        };
        let found = if found.contains('<') {
            normal(&found)
        } else {
            found.trim().to_owned()
        };
        if found != wanted {
            return Outcome::of(&found, &wanted, key);
        }
    }
    Outcome::Same
}

fn names(fields: &[BoundField]) -> String {
    let names: Vec<_> = fields.iter().map(BoundField::name).collect();
    Json::from(names).to_string()
}

#[test]
fn forms_validate_as_in_django() {
    replay(
        "forms.jsonl",
        "form_validate",
        |inputs, expected, settings| {
            if expected.get("exception").is_some() {
                return Err("a crash in Django".to_owned());
            }
            let form = form(inputs, settings)?;
            let errors: Vec<_> = form
                .errors()
                .iter()
                .map(|(name, errors)| format!("{name}: {}", errors_shown(errors)))
                .collect();
            let wanted = expected["errors"]
                .as_array()
                .map(Vec::as_slice)
                .unwrap_or_default();
            let wanted: Vec<_> = wanted
                .iter()
                .map(|pair| format!("{}: {}", text(&pair[0]), errors_expected(&pair[1])))
                .collect();
            if errors != wanted {
                return Ok(Outcome::of(
                    &errors.join("\n"),
                    &wanted.join("\n"),
                    "errors",
                ));
            }
            if let Some(Json::Array(pairs)) = expected.get("cleaned_data") {
                let mut wanted = Vec::new();
                for pair in pairs {
                    wanted.push(format!("{}={}", text(&pair[0]), shown(&value(&pair[1])?)));
                }
                let found: Vec<_> = form
                    .cleaned_data()
                    .iter()
                    .map(|(name, value)| format!("{name}={}", shown(value)))
                    .collect();
                if found != wanted {
                    return Ok(Outcome::of(
                        &found.join("\n"),
                        &wanted.join("\n"),
                        "cleaned_data",
                    ));
                }
            }
            Ok(compare(
                expected,
                vec![
                    ("bound", form.is_bound().to_string()),
                    ("valid", form.is_valid().to_string()),
                    ("fields", names(&form.iter().collect::<Vec<_>>())),
                    ("errors_json", form.errors().as_json()),
                    ("errors_text", form.errors().as_text()),
                    ("errors_ul", form.errors().as_ul()),
                    ("non_field_errors_ul", form.non_field_errors().as_ul()),
                    ("multipart", form.is_multipart().to_string()),
                    ("hidden_fields", names(&form.hidden_fields())),
                    ("visible_fields", names(&form.visible_fields())),
                    ("changed_data", Json::from(form.changed_data()).to_string()),
                    ("has_changed", form.has_changed().to_string()),
                ],
            ))
        },
    );
}

#[test]
fn forms_look_as_in_django() {
    replay("forms.jsonl", "form_html", |inputs, expected, settings| {
        if expected.get("exception").is_some() {
            return Err("a crash in Django".to_owned());
        }
        let form = form(inputs, settings)?;
        assert_eq!(form.to_string(), form.as_div());
        Ok(compare(
            expected,
            vec![
                ("as_div", form.as_div()),
                ("as_p", form.as_p()),
                ("as_table", form.as_table()),
                ("as_ul", form.as_ul()),
            ],
        ))
    });
}

fn sorted(classes: &str) -> String {
    let mut classes: Vec<_> = classes.split(' ').collect();
    classes.sort_unstable();
    classes.join(" ")
}

#[test]
fn bound_fields_look_as_in_django() {
    replay(
        "bound_fields.jsonl",
        "form_bound_fields",
        |inputs, expected, settings| {
            if expected.get("exception").is_some() {
                return Err("a crash in Django".to_owned());
            }
            let form = form(inputs, settings)?;
            for wanted in expected["fields"]
                .as_array()
                .map(Vec::as_slice)
                .unwrap_or_default()
            {
                let name = text(&wanted["name"]);
                let field = form.get(&name).ok_or("no such field")?;
                let custom = field.label_tag_with(
                    "Custom&",
                    Attrs::new().with("class", "pretty"),
                    Some(&"!".into()),
                );
                let textarea = nuages_forms::Widget::new(nuages_forms::widgets::Textarea);
                let mut found = vec![
                    ("html_name", field.html_name()),
                    ("html_initial_name", field.html_initial_name()),
                    ("auto_id", field.auto_id()),
                    ("id_for_label", field.id_for_label()),
                    ("label", field.label().to_string()),
                    ("is_hidden", field.is_hidden().to_string()),
                    ("widget_type", field.widget_type()),
                    ("use_fieldset", field.use_fieldset().to_string()),
                    ("html", field.to_string()),
                    ("label_tag", field.label_tag()),
                    ("legend_tag", field.legend_tag()),
                    ("label_tag_custom", custom),
                    ("css_classes", sorted(&field.css_classes())),
                    (
                        "css_classes_extra",
                        sorted(&field.css_classes_with("foo bar")),
                    ),
                    ("errors_html", field.errors().as_ul()),
                    ("as_field_group", field.as_field_group()),
                    ("as_hidden", field.as_hidden()),
                    ("as_text", field.as_text()),
                    (
                        "as_textarea",
                        field.as_widget(&textarea, Attrs::new().with("rows", 2)),
                    ),
                ];
                if wanted["aria_describedby"].is_string() {
                    found.push(("aria_describedby", field.aria_describedby()));
                }
                if wanted.get("changed").is_some() {
                    found.push(("changed", field.has_changed().to_string()));
                }
                if let Outcome::Other(text) = compare(wanted, found) {
                    return Ok(Outcome::Other(format!("{name}: {text}")));
                }
            }
            Ok(Outcome::Same)
        },
    );
}
