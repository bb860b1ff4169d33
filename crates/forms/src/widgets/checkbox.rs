//! A single checkbox.

use super::input::draw_input;
use super::{Drawing, WidgetKind};
use crate::data::FormData;
use crate::value::Value;

/// A checkbox: ticked for every value but false, none and the empty text.
#[derive(Clone, Copy, Debug, Default)]
pub struct CheckboxInput;

impl WidgetKind for CheckboxInput {
    fn name(&self) -> &'static str {
        "CheckboxInput"
    }

    fn input_type(&self) -> Option<&'static str> {
        Some("checkbox")
    }

    fn draw(&self, drawing: &Drawing<'_>, out: &mut String) {
        let mut attrs = drawing.attrs.clone();
        let (checked, value) = match drawing.value {
            Value::None | Value::Bool(false) => (false, None),
            Value::Str(text) if text.is_empty() => (false, None),
            Value::Bool(true) => (true, None),
            other => (true, Some(other.to_string())),
        };
        if checked {
            attrs.set("checked", true);
        }
        let input_type = drawing.input_type.unwrap_or("checkbox");
        draw_input(out, input_type, drawing.name, value.as_deref(), &attrs);
    }

    /// Browsers leave out a box that is not ticked, so a missing name means false.
    fn value_from_data(&self, data: &FormData, name: &str, _required: bool) -> Value {
        Value::Bool(match data.get(name) {
            None | Some("") => false,
            Some(text) => !text.eq_ignore_ascii_case("false"),
        })
    }

    fn value_omitted_from_data(&self, _data: &FormData, _name: &str) -> bool {
        false
    }
}
