//! Groups of radio buttons and of checkboxes.

use nuages_template::push_escaped;

use super::option::{self, Groups, Style};
use super::{Drawing, WidgetKind, WidgetOption};
use crate::choices::Choices;
use crate::data::FormData;
use crate::value::Value;

const RADIO: Style = Style {
    multiple: false,
    mark: "checked",
    inherit: true,
    input_type: Some("radio"),
};

const CHECKBOXES: Style = Style {
    multiple: true,
    mark: "checked",
    inherit: true,
    input_type: Some("checkbox"),
};

fn groups(drawing: &Drawing<'_>, style: Style) -> Groups {
    option::groups(
        drawing,
        &option::chosen(drawing.value, style.multiple),
        style,
    )
}

fn draw(drawing: &Drawing<'_>, style: Style, out: &mut String) {
    out.push_str("<div");
    for name in ["id", "class"] {
        if let Some(text) = drawing.attrs.text(name) {
            out.push(' ');
            out.push_str(name);
            out.push_str("=\"");
            push_escaped(out, text);
            out.push('"');
        }
    }
    out.push('>');
    for (group, options) in groups(drawing, style) {
        let group = group.filter(|name| !name.is_empty());
        if let Some(name) = &group {
            out.push_str("\n  <div><label>");
            name.push_html(out);
            out.push_str("</label>");
        }
        for option in options {
            out.push_str("<div>\n    ");
            option.push_html(out);
            out.push_str("</div>");
        }
        if group.is_some() {
            out.push_str("\n  </div>");
        }
    }
    out.push_str("\n</div>");
}

fn options(drawing: &Drawing<'_>, style: Style) -> Vec<WidgetOption> {
    groups(drawing, style)
        .into_iter()
        .flat_map(|(_, options)| options)
        .collect()
}

/// Radio buttons to choose one of.
#[derive(Clone, Copy, Debug, Default)]
pub struct RadioSelect;

impl WidgetKind for RadioSelect {
    fn name(&self) -> &'static str {
        "RadioSelect"
    }

    fn input_type(&self) -> Option<&'static str> {
        Some("radio")
    }

    fn use_fieldset(&self) -> bool {
        true
    }

    fn draw(&self, drawing: &Drawing<'_>, out: &mut String) {
        draw(drawing, RADIO, out);
    }

    /// No `for`: the label is a legend of the group, and clicking it must not choose the first button.
    fn id_for_label(&self, _id: &str) -> String {
        String::new()
    }

    fn options(&self, drawing: &Drawing<'_>) -> Option<Vec<WidgetOption>> {
        Some(options(drawing, RADIO))
    }
}

/// Checkboxes to choose several of.
#[derive(Clone, Copy, Debug, Default)]
pub struct CheckboxSelectMultiple;

impl WidgetKind for CheckboxSelectMultiple {
    fn name(&self) -> &'static str {
        "CheckboxSelectMultiple"
    }

    fn input_type(&self) -> Option<&'static str> {
        Some("checkbox")
    }

    fn use_fieldset(&self) -> bool {
        true
    }

    fn draw(&self, drawing: &Drawing<'_>, out: &mut String) {
        draw(drawing, CHECKBOXES, out);
    }

    fn value_from_data(&self, data: &FormData, name: &str, _required: bool) -> Value {
        Value::List(data.get_all(name).map(Value::from).collect())
    }

    fn value_omitted_from_data(&self, _data: &FormData, _name: &str) -> bool {
        false
    }

    fn id_for_label(&self, _id: &str) -> String {
        String::new()
    }

    /// Browsers would ask for every box to be ticked.
    fn use_required_attribute(&self, _initial: &Value, _choices: &Choices) -> bool {
        false
    }

    fn options(&self, drawing: &Drawing<'_>) -> Option<Vec<WidgetOption>> {
        Some(options(drawing, CHECKBOXES))
    }
}
