//! The options of widgets with choices.

use nuages_template::{Object, Value as Shown};

use super::input::draw_input;
use super::{Attrs, Drawing};
use crate::choices::{Choice, Choices};
use crate::text::Text;
use crate::value::Value;

/// One choice as it stands in a page.
///
/// In a template it prints as the widget does, and has `tag`, `choice_label`, `id_for_label` and `data`.
///
/// # Django
/// `BoundWidget`.
#[derive(Clone, Debug, PartialEq)]
pub struct WidgetOption {
    /// The name of the HTML element.
    pub name: String,
    /// The value that is sent when it is chosen.
    pub value: String,
    /// How it is called.
    pub label: Text,
    /// Is it chosen?
    pub selected: bool,
    /// Its number, or the number of its group and its number in there.
    pub index: String,
    /// Its attributes.
    pub attrs: Attrs,
    /// `radio` or `checkbox`; nothing for an `<option>`.
    pub input_type: Option<&'static str>,
}

impl WidgetOption {
    /// The bare element.
    pub fn tag(&self) -> String {
        let mut out = String::new();
        self.push_tag(&mut out);
        out
    }

    pub(super) fn push_tag(&self, out: &mut String) {
        if let Some(input_type) = self.input_type {
            draw_input(out, input_type, &self.name, Some(&self.value), &self.attrs);
            return;
        }
        out.push_str("<option value=\"");
        nuages_template::push_escaped(out, &self.value);
        out.push('"');
        self.attrs.push_html(out);
        out.push('>');
        self.label.push_html(out);
        out.push_str("</option>");
    }

    /// The element with its label around it.
    pub fn render(&self) -> String {
        let mut out = String::new();
        self.push_html(&mut out);
        out
    }

    pub(super) fn push_html(&self, out: &mut String) {
        if self.input_type.is_none() {
            return self.push_tag(out);
        }
        out.push_str("<label");
        if let Some(id) = self.attrs.text("id") {
            out.push_str(" for=\"");
            nuages_template::push_escaped(out, id);
            out.push('"');
        }
        out.push('>');
        self.push_tag(out);
        out.push(' ');
        self.label.push_html(out);
        out.push_str("</label>");
    }

    /// The id of the element, if it has one.
    pub fn id_for_label(&self) -> Option<&str> {
        self.attrs.text("id")
    }
}

impl Object for WidgetOption {
    fn attr(&self, name: &str) -> Option<Shown<'_>> {
        match name {
            "tag" => Some(Shown::assert_safe(self.tag())),
            "choice_label" | "label" => Some(self.label.to_template()),
            "id_for_label" => Some(self.id_for_label().unwrap_or_default().into()),
            "value" => Some((&self.value).into()),
            "selected" => Some(self.selected.into()),
            "index" => Some((&self.index).into()),
            "name" => Some((&self.name).into()),
            "data" => Some(Shown::Object(self)),
            _ => None,
        }
    }

    fn display(&self, out: &mut dyn std::fmt::Write) -> std::fmt::Result {
        out.write_str(&self.render())
    }

    fn is_safe(&self) -> bool {
        true
    }
}

/// How a kind of widget makes options of choices.
#[derive(Clone, Copy)]
pub(super) struct Style {
    /// May several be chosen?
    pub(super) multiple: bool,
    /// `checked` or `selected`.
    pub(super) mark: &'static str,
    /// Do the options have the attributes of the widget, and numbered ids?
    pub(super) inherit: bool,
    /// The type of the `<input>`.
    pub(super) input_type: Option<&'static str>,
}

/// The options of one group; no name for those outside of groups.
pub(super) type Groups = Vec<(Option<Text>, Vec<WidgetOption>)>;

/// Makes the options, marking those whose value is among the chosen ones.
pub(super) fn groups(drawing: &Drawing<'_>, chosen: &[String], style: Style) -> Groups {
    let mut marked = false;
    let mut make = |value: &Value, label: &Text, index: String| {
        let value = match value {
            Value::None => String::new(),
            other => other.to_string(),
        };
        let selected = (style.multiple || !marked) && chosen.contains(&value);
        marked |= selected;
        let mut attrs = if style.inherit {
            drawing.attrs.clone()
        } else {
            Attrs::new()
        };
        if selected {
            attrs.set(style.mark, true);
        }
        if let Some(id) = attrs.text("id") {
            let id = format!("{id}_{index}");
            attrs.set("id", id);
        }
        WidgetOption {
            name: drawing.name.to_owned(),
            value,
            label: label.clone(),
            selected,
            index,
            attrs,
            input_type: style.input_type,
        }
    };
    let entries = drawing.choices.entries().iter().enumerate();
    entries
        .map(|(at, choice)| match choice {
            Choice::Item(value, label) => (None, vec![make(value, label, at.to_string())]),
            Choice::Group(name, items) => {
                let items = items.iter().enumerate();
                let options = items
                    .map(|(inner, (value, label))| make(value, label, format!("{at}_{inner}")));
                (Some(name.clone()), options.collect())
            }
        })
        .collect()
}

/// The values that are chosen, as text.
pub(super) fn chosen(value: &Value, multiple: bool) -> Vec<String> {
    match value {
        Value::None if multiple => Vec::new(),
        Value::None => vec![String::new()],
        Value::List(items) => items
            .iter()
            .map(|item| match item {
                Value::None => String::new(),
                other => other.to_string(),
            })
            .collect(),
        other => vec![other.to_string()],
    }
}

/// Is the first choice one that means nothing is chosen?
pub(super) fn begins_with_empty(choices: &Choices) -> bool {
    match choices.entries().first() {
        Some(Choice::Item(value, _)) => matches!(value, Value::None) || value.as_str() == Some(""),
        Some(Choice::Group(name, _)) => name.is_empty(),
        None => false,
    }
}
