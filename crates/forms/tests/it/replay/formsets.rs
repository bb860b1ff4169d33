//! Records of formsets.

use nuages_forms::{Form, FormSet};
use nuages_template::{Object as _, ToValue as _};
use serde_json::{Value as Json, json};

use super::decode::{data, shown, tagged, text, value};
use super::forms::{compare, defined, option};
use super::validators::{errors_expected, errors_shown};
use super::{Outcome, Skip, build, replay};

fn size(json: &Json) -> Result<usize, Skip> {
    let size = json.as_u64().and_then(|size| size.try_into().ok());
    size.ok_or_else(|| "an odd number of forms".to_owned())
}

/// The formset, or the error of an option.
fn formset(inputs: &Json, settings: &Json) -> Result<Result<FormSet, String>, Skip> {
    let definition = &inputs["form"];
    let mut form = defined(definition, settings)?;
    for (name, given) in definition["attrs"].as_object().into_iter().flatten() {
        form = option(form, name, given)?;
    }
    let kwargs = &inputs["kwargs"];
    let is_bound = !kwargs["data"].is_null() || !kwargs["files"].is_null();
    let mut set = FormSet::new(form);
    for (name, given) in inputs["factory"].as_object().into_iter().flatten() {
        let yes = given == true;
        set = match name.as_str() {
            _ if given.is_null() => set,
            // Bound formsets have no extra forms.
            "extra" if is_bound => set,
            // As near as we come to less than none.
            "extra" => set.extra(size(given).unwrap_or(0)),
            "min_num" => set.min_num(size(given)?),
            "max_num" => set.max_num(size(given)?),
            "validate_min" => set.validate_min(yes),
            "validate_max" => set.validate_max(yes),
            "can_order" => set.can_order(yes),
            "can_delete" => set.can_delete(yes),
            "can_delete_extra" => set.can_delete_extra(yes),
            "absolute_max" => continue,
            other => return Err(format!("formset option {other}")),
        };
    }
    if let Some(given) = inputs["factory"].get("absolute_max")
        && !given.is_null()
    {
        set = match set.absolute_max(size(given)?) {
            Ok(set) => set,
            Err(error) => return Ok(Err(error.to_string())),
        };
    }
    for (name, given) in kwargs.as_object().into_iter().flatten() {
        set = match name.as_str() {
            "data" | "files" => set,
            "auto_id" if given.is_null() => set.auto_id(""),
            _ if given.is_null() => set,
            "auto_id" => match given {
                Json::Bool(false) => set.auto_id(""),
                Json::Bool(true) => set.auto_id("true"),
                other => set.auto_id(text(other)),
            },
            "prefix" => set.prefix(text(given)),
            "initial" => set.initial(initial(given)?),
            "error_messages" => {
                let mut set = set;
                for pair in entries(given) {
                    set = set.error_message(text(&pair[0]), build::words(&pair[1]));
                }
                set
            }
            other => return Err(format!("formset argument {other}")),
        };
    }
    Ok(Ok(match data(&kwargs["data"], &kwargs["files"])? {
        Some(sent) => set.bind(&sent),
        None => set,
    }))
}

fn entries(json: &Json) -> Vec<Json> {
    let pairs = tagged(json).and_then(|(_, pairs)| pairs.as_array());
    pairs.cloned().unwrap_or_default()
}

fn initial(json: &Json) -> Result<Vec<Vec<(String, nuages_forms::Value)>>, Skip> {
    let mut out = Vec::new();
    for row in json.as_array().into_iter().flatten() {
        let pairs = entries(row);
        let pairs = pairs
            .iter()
            .map(|pair| Ok((text(&pair[0]), value(&pair[1])?)));
        out.push(pairs.collect::<Result<_, Skip>>()?);
    }
    Ok(out)
}

fn form_errors(form: &Form) -> String {
    let all = form.errors().iter();
    let all = all.map(|(name, errors)| format!("{name}: {}", errors_shown(errors)));
    all.collect::<Vec<_>>().join("\n")
}

fn wanted_errors(pairs: &Json) -> String {
    let all = pairs.as_array().into_iter().flatten();
    let all = all.map(|pair| format!("{}: {}", text(&pair[0]), errors_expected(&pair[1])));
    all.collect::<Vec<_>>().join("\n")
}

/// One form of the set.
fn compare_form(form: &Form, wanted: &Json) -> Result<Outcome, Skip> {
    let shown_attr = |name: &str| {
        let found = form.attr(name);
        found
            .map(|found| found.to_text().into_owned())
            .unwrap_or_default()
    };
    let yes = |name: &str| (shown_attr(name) == "True").to_string();
    let fields: Vec<_> = form.iter().map(|field| field.name().to_owned()).collect();
    let outcome = compare(
        wanted,
        vec![
            ("prefix", shown_attr("prefix")),
            ("empty_permitted", yes("empty_permitted")),
            ("use_required_attribute", yes("use_required_attribute")),
            ("changed_data", Json::from(form.changed_data()).to_string()),
            ("fields", Json::from(fields).to_string()),
        ],
    );
    if let (Outcome::Same, Some(Json::Array(pairs))) = (&outcome, wanted.get("cleaned_data")) {
        let mut expected = Vec::new();
        for pair in pairs {
            expected.push(format!("{}={}", text(&pair[0]), shown(&value(&pair[1])?)));
        }
        let cleaned = form.cleaned_data().iter();
        let found: Vec<_> = cleaned
            .map(|(name, value)| format!("{name}={}", shown(value)))
            .collect();
        return Ok(Outcome::of(
            &found.join("\n"),
            &expected.join("\n"),
            "cleaned_data",
        ));
    }
    Ok(outcome)
}

fn compare_set(set: &FormSet, expected: &Json) -> Result<Outcome, Skip> {
    let prefix = set
        .management_form()
        .get("TOTAL_FORMS")
        .map(|field| field.html_name());
    let prefix = prefix.unwrap_or_default().replace("-TOTAL_FORMS", "");
    let indexes = |found: Vec<usize>| Json::from(found).to_string();
    let ordered = set.ordered_forms();
    if ordered.is_some() != expected["ordered_forms"].is_array() {
        return Ok(Outcome::of(
            &format!("{ordered:?}"),
            &expected["ordered_forms"].to_string(),
            "ordered_forms",
        ));
    }
    let mut found = vec![
        ("bound", set.is_bound().to_string()),
        ("valid", set.is_valid().to_string()),
        ("total_form_count", set.total_form_count().to_string()),
        ("initial_form_count", set.initial_form_count().to_string()),
        ("prefix", prefix),
        ("forms", set.forms().len().to_string()),
        ("len", set.len().to_string()),
        ("bool", set.to_value().is_true().to_string()),
        ("non_form_errors_ul", set.non_form_errors().as_ul()),
        ("total_error_count", set.total_error_count().to_string()),
        ("has_changed", set.has_changed().to_string()),
        ("management_form", set.management_form().to_string()),
        ("multipart", set.is_multipart().to_string()),
        ("deleted_forms", indexes(set.deleted_forms())),
        ("empty_form_div", set.empty_form().as_div()),
    ];
    found.extend(ordered.map(|ordered| ("ordered_forms", indexes(ordered))));
    if let Outcome::Other(how) = compare(expected, found) {
        return Ok(Outcome::Other(how));
    }
    let errors: Vec<_> = if set.is_bound() {
        let deleted = |form: &&Form| {
            let can_delete = set
                .to_value()
                .attr("can_delete")
                .is_some_and(|can| can.is_true());
            can_delete && form.value("DELETE") == Some(true)
        };
        let kept = set.forms().iter().filter(|form| !deleted(form));
        kept.map(form_errors).collect()
    } else {
        Vec::new()
    };
    assert_eq!(
        errors.len(),
        set.errors().len(),
        "the errors of each form that is kept"
    );
    let wanted = expected["errors"].as_array().into_iter().flatten();
    let wanted: Vec<_> = wanted.map(wanted_errors).collect();
    if errors != wanted {
        return Ok(Outcome::Other(format!(
            "errors\n  found {errors:?}\n  expected {wanted:?}"
        )));
    }
    let (found, wanted) = (
        errors_shown(set.non_form_errors()),
        errors_expected(&expected["non_form_errors"]),
    );
    if found != wanted {
        return Ok(Outcome::of(&found, &wanted, "non_form_errors"));
    }
    let first = expected["first_forms"].as_array().into_iter().flatten();
    for (index, wanted) in first.enumerate() {
        let Some(form) = set.forms().get(index) else {
            return Ok(Outcome::Other(format!("there is no form {index}")));
        };
        if let Outcome::Other(how) = compare_form(form, wanted)? {
            return Ok(Outcome::Other(format!("form {index}: {how}")));
        }
    }
    Ok(compare(
        expected.get("html").unwrap_or(&json!({})),
        vec![
            ("as_div", set.as_div()),
            ("as_p", set.as_p()),
            ("as_table", set.as_table()),
            ("as_ul", set.as_ul()),
        ],
    ))
}

#[test]
fn formsets_are_those_of_django() {
    replay("formsets.jsonl", "formset", |inputs, expected, settings| {
        let set = match formset(inputs, settings)? {
            Ok(set) => set,
            Err(error) => return Ok(Outcome::of(&error, &text(&expected["message"]), "error")),
        };
        if expected.get("exception").is_some() {
            return Ok(Outcome::Other(
                "an option that makes no sense was taken".to_owned(),
            ));
        }
        compare_set(&set, expected)
    });
}
