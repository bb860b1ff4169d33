//! `<select>` elements.

use nuages_template::push_escaped;

use super::option::{self, Style};
use super::{Drawing, WidgetKind, WidgetOption};
use crate::choices::Choices;
use crate::data::FormData;
use crate::value::Value;

const fn style(multiple: bool) -> Style {
    Style {
        multiple,
        mark: "selected",
        inherit: false,
        input_type: None,
    }
}

fn draw(drawing: &Drawing<'_>, chosen: &[String], multiple: bool, out: &mut String) {
    out.push_str("<select name=\"");
    push_escaped(out, drawing.name);
    out.push('"');
    let mut attrs = drawing.attrs.clone();
    if multiple {
        attrs.set("multiple", true);
    }
    attrs.push_html(out);
    out.push('>');
    for (group, options) in option::groups(drawing, chosen, style(multiple)) {
        let group = group.filter(|name| !name.is_empty());
        if let Some(name) = &group {
            out.push_str("\n  <optgroup label=\"");
            name.push_html(out);
            out.push_str("\">");
        }
        for option in options {
            out.push_str("\n  ");
            option.push_tag(out);
        }
        if group.is_some() {
            out.push_str("\n  </optgroup>");
        }
    }
    out.push_str("\n</select>");
}

fn options(drawing: &Drawing<'_>, chosen: &[String], multiple: bool) -> Vec<WidgetOption> {
    option::groups(drawing, chosen, style(multiple))
        .into_iter()
        .flat_map(|(_, options)| options)
        .collect()
}

/// A list to choose one of.
///
/// ```
/// use nuages_forms::widgets::{Select, Widget};
/// let widget = Widget::new(Select).choices([("a", "A"), ("b", "B")]);
/// let html = widget.render("s", &"b".into());
/// assert!(html.contains(r#"<option value="b" selected>B</option>"#));
/// ```
#[derive(Clone, Copy, Debug, Default)]
pub struct Select;

impl WidgetKind for Select {
    fn name(&self) -> &'static str {
        "Select"
    }

    fn draw(&self, drawing: &Drawing<'_>, out: &mut String) {
        draw(drawing, &option::chosen(drawing.value, false), false, out);
    }

    /// `required` needs a first option without a value to be valid HTML.
    fn use_required_attribute(&self, _initial: &Value, choices: &Choices) -> bool {
        option::begins_with_empty(choices)
    }

    fn options(&self, drawing: &Drawing<'_>) -> Option<Vec<WidgetOption>> {
        Some(options(
            drawing,
            &option::chosen(drawing.value, false),
            false,
        ))
    }
}

/// A list to choose several of.
#[derive(Clone, Copy, Debug, Default)]
pub struct SelectMultiple;

impl WidgetKind for SelectMultiple {
    fn name(&self) -> &'static str {
        "SelectMultiple"
    }

    fn draw(&self, drawing: &Drawing<'_>, out: &mut String) {
        draw(drawing, &option::chosen(drawing.value, true), true, out);
    }

    fn value_from_data(&self, data: &FormData, name: &str, _required: bool) -> Value {
        Value::List(data.get_all(name).map(Value::from).collect())
    }

    fn value_omitted_from_data(&self, _data: &FormData, _name: &str) -> bool {
        false
    }

    fn options(&self, drawing: &Drawing<'_>) -> Option<Vec<WidgetOption>> {
        Some(options(drawing, &option::chosen(drawing.value, true), true))
    }
}

/// A list of unknown, yes and no.
#[derive(Clone, Copy, Debug, Default)]
pub struct NullBooleanSelect;

impl NullBooleanSelect {
    fn chosen(value: &Value) -> Vec<String> {
        let name = match value {
            Value::Bool(true) | Value::Int(1) => "true",
            Value::Bool(false) | Value::Int(0) => "false",
            Value::Str(text) => match text.as_str() {
                "true" | "2" => "true",
                "false" | "3" => "false",
                _ => "unknown",
            },
            _ => "unknown",
        };
        vec![name.to_owned()]
    }
}

impl WidgetKind for NullBooleanSelect {
    fn name(&self) -> &'static str {
        "NullBooleanSelect"
    }

    fn own_choices(&self) -> Option<Choices> {
        Some(Choices::from([
            ("unknown", "Unknown"),
            ("true", "Yes"),
            ("false", "No"),
        ]))
    }

    fn draw(&self, drawing: &Drawing<'_>, out: &mut String) {
        draw(drawing, &Self::chosen(drawing.value), false, out);
    }

    fn value_from_data(&self, data: &FormData, name: &str, _required: bool) -> Value {
        match data.get(name) {
            Some("true" | "True" | "2") => Value::Bool(true),
            Some("false" | "False" | "3") => Value::Bool(false),
            _ => Value::None,
        }
    }

    fn use_required_attribute(&self, _initial: &Value, choices: &Choices) -> bool {
        option::begins_with_empty(choices)
    }

    fn options(&self, drawing: &Drawing<'_>) -> Option<Vec<WidgetOption>> {
        Some(options(drawing, &Self::chosen(drawing.value), false))
    }
}
