//! `django.utils.html`.

use nuages_template::{Value, html};
use serde_json::{Value as Json, json};

use super::{Answer, Call};
use crate::conformance::values::to_json;

pub(super) fn run(call: &Call<'_>) -> Answer {
    let safe = |html: &str| json!({ "$safe": html });
    Some(match call.name {
        "conditional_escape" => Ok(safe(&html::conditional_escape(&call.value(0, "text")?))),
        "escape" => Ok(safe(&html::escape(&call.text(0, "text")?))),
        "escapejs" => Ok(safe(&html::escapejs(&call.text(0, "value")?))),
        "format_html" => {
            let format = leaked(call, 0, "format_string")?;
            let rest = call.args.get(1..)?.iter();
            let values: Option<Vec<Value<'_>>> = rest.map(|json| call.read(json)).collect();
            let named = call.kwargs.as_object()?.iter();
            let named: Option<Vec<(&str, Value<'_>)>> = named
                .map(|(name, json)| Some((name.as_str(), call.read(json)?)))
                .collect();
            html::format_html(format, &values?, &named?).map(|html| safe(&html))
        }
        "format_html_join" => return join(call),
        "json_script" => {
            let id = call.value(1, "element_id");
            html::json_script(&call.value(0, "value")?, id.as_ref()).map(|html| safe(&html))
        }
        "linebreaks" => {
            let escape = call.flag(1, "autoescape");
            Ok(Json::from(html::linebreaks(
                &call.text(0, "value")?,
                escape,
            )))
        }
        "smart_urlquote" => Ok(Json::from(html::smart_urlquote(&call.text(0, "url")?))),
        "strip_spaces_between_tags" => Ok(Json::from(html::strip_spaces_between_tags(
            &call.text(0, "value")?,
        ))),
        "strip_tags" => html::strip_tags(&call.text(0, "value")?).map(Json::from),
        "urlize" => {
            let mut urlizer = html::Urlizer::new();
            if let Some(limit) = call
                .value(1, "trim_url_limit")
                .and_then(|limit| limit.as_int())
            {
                urlizer = urlizer.trim_url_limit(usize::try_from(limit).unwrap_or(0));
            }
            if call.flag(2, "nofollow") {
                urlizer = urlizer.nofollow();
            }
            if !call.flag(3, "autoescape") {
                urlizer = urlizer.insecure_without_autoescape();
            }
            if call.record["settings"]["URLIZE_ASSUME_HTTPS"] != true {
                urlizer = urlizer.insecure_http();
            }
            let text = call.value(0, "text")?;
            Ok(Json::from(urlizer.urlize(&text.to_text(), text.is_safe())))
        }
        _ => return None,
    })
}

/// A format is part of the program: here the corpus is.
fn leaked(call: &Call<'_>, at: usize, name: &str) -> Option<&'static str> {
    Some(call.text(at, name)?.leak())
}

fn join(call: &Call<'_>) -> Answer {
    let separator = call.value(0, "sep")?;
    let format = leaked(call, 1, "format_string")?;
    let rows = call.value(2, "args_generator")?;
    let mut done = Vec::new();
    for row in rows.iterate()? {
        let entries = row.as_object().and_then(nuages_template::Object::entries);
        let html = match entries {
            Some(entries) => {
                let named: Vec<(String, Value<'_>)> = entries
                    .map(|(name, value)| (name.to_text().into_owned(), value))
                    .collect();
                let named: Vec<(&str, Value<'_>)> = named
                    .iter()
                    .map(|(name, value)| (name.as_str(), value.reborrow()))
                    .collect();
                html::format_html(format, &[], &named)
            }
            None => html::format_html(format, &row.iterate()?.collect::<Vec<_>>(), &[]),
        };
        match html {
            Ok(html) => done.push(vec![Value::from(html)]),
            Err(error) => return Some(Err(error)),
        }
    }
    let joined = html::format_html_join(&separator, "{}", done);
    Some(joined.map(|html| to_json(&html.into())))
}
