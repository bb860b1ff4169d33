//! What templates see behind a bound field: the field and its widget.

use std::fmt;

use nuages_template::{Object, Value as Shown};

use super::BoundField;
use crate::widgets::AttrValue;

/// `field.field`: the field itself.
pub(super) struct FieldView(pub(super) BoundField);

impl Object for FieldView {
    fn attr(&self, name: &str) -> Option<Shown<'_>> {
        let field = self.0.field();
        Some(match name {
            "required" => field.required.into(),
            "disabled" => field.disabled.into(),
            "label" => match &field.label {
                Some(label) => label.to_template(),
                None => Shown::None,
            },
            "help_text" => Shown::assert_safe(field.help_text.to_html()),
            "initial" => field.initial.to_template(),
            "widget" => Shown::object(WidgetView(self.0.clone())),
            _ => return None,
        })
    }

    fn display(&self, out: &mut dyn fmt::Write) -> fmt::Result {
        out.write_str(self.0.field().kind().name())
    }
}

/// `field.field.widget`: the widget.
struct WidgetView(BoundField);

impl Object for WidgetView {
    fn attr(&self, name: &str) -> Option<Shown<'_>> {
        let widget = self.0.field().get_widget();
        Some(match name {
            "input_type" => widget.input_type().map(Shown::from).into(),
            "is_hidden" => widget.is_hidden().into(),
            "is_required" => widget.required.into(),
            "needs_multipart_form" => widget.kind().needs_multipart_form().into(),
            "use_fieldset" => widget.kind().use_fieldset().into(),
            "attrs" => Shown::object(AttrsView(self.0.clone())),
            _ => return None,
        })
    }

    fn display(&self, out: &mut dyn fmt::Write) -> fmt::Result {
        out.write_str(self.0.field().get_widget().kind().name())
    }
}

/// `field.field.widget.attrs`: the widget's own attributes.
struct AttrsView(BoundField);

impl Object for AttrsView {
    fn attr(&self, name: &str) -> Option<Shown<'_>> {
        match self.0.field().get_widget().attrs().get(name)? {
            AttrValue::True => Some(true.into()),
            AttrValue::False => Some(false.into()),
            AttrValue::Text(text) => Some(Shown::from(text)),
        }
    }

    fn display(&self, out: &mut dyn fmt::Write) -> fmt::Result {
        out.write_str(self.0.field().get_widget().attrs().to_html().trim())
    }
}

/// The widget of a field that is one element, when a template goes through its parts.
pub(super) struct SingleWidget(pub(super) BoundField);

impl Object for SingleWidget {
    fn attr(&self, name: &str) -> Option<Shown<'_>> {
        match name {
            "tag" => Some(Shown::assert_safe(self.0.to_string())),
            "id_for_label" => Some(self.0.id_for_label().into()),
            _ => None,
        }
    }

    fn display(&self, out: &mut dyn fmt::Write) -> fmt::Result {
        write!(out, "{}", self.0)
    }

    fn is_safe(&self) -> bool {
        true
    }
}
