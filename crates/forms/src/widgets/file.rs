//! File uploads.

use nuages_template::push_escaped;

use super::input::draw_input;
use super::{AttrValue, Drawing, WidgetKind};
use crate::choices::Choices;
use crate::data::FormData;
use crate::value::Value;

fn file_from(data: &FormData, name: &str) -> Value {
    data.file(name).cloned().into()
}

/// An upload. A file that was sent before is never shown.
#[derive(Clone, Copy, Debug, Default)]
pub struct FileInput;

impl WidgetKind for FileInput {
    fn name(&self) -> &'static str {
        "FileInput"
    }

    fn input_type(&self) -> Option<&'static str> {
        Some("file")
    }

    fn needs_multipart_form(&self) -> bool {
        true
    }

    fn draw(&self, drawing: &Drawing<'_>, out: &mut String) {
        let input_type = drawing.input_type.unwrap_or("file");
        draw_input(out, input_type, drawing.name, None, &drawing.attrs);
    }

    fn value_from_data(&self, data: &FormData, name: &str, _required: bool) -> Value {
        file_from(data, name)
    }

    fn value_omitted_from_data(&self, data: &FormData, name: &str) -> bool {
        data.file(name).is_none()
    }

    fn use_required_attribute(&self, initial: &Value, _choices: &Choices) -> bool {
        !initial.is_true()
    }
}

/// An upload that shows the file that is kept already, with a box to remove it unless one is required.
#[derive(Clone, Copy, Debug, Default)]
pub struct ClearableFileInput;

impl WidgetKind for ClearableFileInput {
    fn name(&self) -> &'static str {
        "ClearableFileInput"
    }

    fn input_type(&self) -> Option<&'static str> {
        Some("file")
    }

    fn needs_multipart_form(&self) -> bool {
        true
    }

    fn draw(&self, drawing: &Drawing<'_>, out: &mut String) {
        if let Value::StoredFile(file) = drawing.value
            && !file.url().is_empty()
        {
            out.push_str("Currently: <a href=\"");
            push_escaped(out, file.url());
            out.push_str("\">");
            push_escaped(out, file.name());
            out.push_str("</a>");
            if !drawing.required {
                let checkbox = format!("{}-clear", drawing.name);
                out.push_str("\n<input type=\"checkbox\" name=\"");
                push_escaped(out, &checkbox);
                out.push_str("\" id=\"");
                push_escaped(out, &checkbox);
                out.push_str("_id\"");
                if drawing.attrs.get("disabled") == Some(&AttrValue::True) {
                    out.push_str(" disabled");
                }
                out.push_str(">\n<label for=\"");
                push_escaped(out, &checkbox);
                out.push_str("_id\">Clear</label>");
            }
            out.push_str("<br>\nChange:\n");
        }
        let input_type = drawing.input_type.unwrap_or("file");
        draw_input(out, input_type, drawing.name, None, &drawing.attrs);
    }

    fn value_from_data(&self, data: &FormData, name: &str, required: bool) -> Value {
        let upload = file_from(data, name);
        let clear = data
            .get(&format!("{name}-clear"))
            .is_some_and(|text| !text.is_empty() && !text.eq_ignore_ascii_case("false"));
        match (clear && !required, upload.is_true()) {
            (true, true) => Value::Contradiction,
            (true, false) => Value::Bool(false),
            _ => upload,
        }
    }

    fn value_omitted_from_data(&self, data: &FormData, name: &str) -> bool {
        data.file(name).is_none() && !data.contains(&format!("{name}-clear"))
    }

    fn use_required_attribute(&self, initial: &Value, _choices: &Choices) -> bool {
        !initial.is_true()
    }
}
