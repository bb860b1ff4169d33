//! The HTML of a whole form, in Django's four shapes.

use super::{BoundField, Form};
use crate::errors::{ErrorList, ValidationError};

/// What the shapes are made of.
struct Parts {
    errors: ErrorList,
    visible: Vec<BoundField>,
    hidden: String,
}

impl Parts {
    fn of(form: &Form) -> Self {
        let mut errors = form.non_field_errors();
        let mut hidden = String::new();
        for field in form.hidden_fields() {
            for error in &field.errors() {
                errors.push(
                    ValidationError::new("(Hidden field %(name)s) %(error)s")
                        .param("name", field.name())
                        .param("error", error.to_string()),
                );
            }
            hidden.push_str(&field.to_string());
        }
        Self {
            errors,
            visible: form.visible_fields(),
            hidden,
        }
    }

    /// The hidden fields go into the last visible one, so that the HTML stays valid.
    fn push_hidden(&self, out: &mut String, at: usize) {
        if at + 1 == self.visible.len() {
            out.push_str(&self.hidden);
        }
    }

    /// Alone they stand by themselves, or beside the errors in an element of this kind.
    fn push_lonely_hidden(&self, out: &mut String, element: &str) {
        if !self.visible.is_empty() {
            return;
        }
        if self.errors.is_empty() {
            out.push_str(&self.hidden);
        } else {
            for part in ["<", element, ">", &self.hidden, "</", element, ">\n"] {
                out.push_str(part);
            }
        }
    }
}

fn push_errors(out: &mut String, field: &BoundField) {
    if let Some(errors) = field.errors_ref() {
        errors.push_ul(out);
        out.push('\n');
    }
}

fn push_label(out: &mut String, field: &BoundField) {
    if !field.label().is_empty() {
        out.push_str(&field.label_tag());
        out.push('\n');
    }
}

impl Form {
    /// Each field in a `<div>`, with the label, the help and the errors in it; the usual shape.
    pub fn as_div(&self) -> String {
        let parts = Parts::of(self);
        let mut out = parts.errors.as_ul();
        parts.push_lonely_hidden(&mut out, "div");
        for (at, field) in parts.visible.iter().enumerate() {
            out.push_str("<div");
            field.push_class(&mut out);
            out.push_str(">\n");
            out.push_str(&field.as_field_group());
            parts.push_hidden(&mut out, at);
            out.push_str("\n</div>\n");
        }
        out
    }

    /// Each field in a `<p>`.
    pub fn as_p(&self) -> String {
        let parts = Parts::of(self);
        let mut out = parts.errors.as_ul();
        parts.push_lonely_hidden(&mut out, "p");
        for (at, field) in parts.visible.iter().enumerate() {
            push_errors(&mut out, field);
            out.push_str("<p");
            field.push_class(&mut out);
            out.push_str(">\n");
            push_label(&mut out, field);
            out.push_str(&field.to_string());
            field.push_help(&mut out, "span");
            parts.push_hidden(&mut out, at);
            out.push_str("\n</p>\n");
        }
        out
    }

    /// Each field in a `<li>`, without the list around them.
    pub fn as_ul(&self) -> String {
        let parts = Parts::of(self);
        let mut out = String::new();
        if !parts.errors.is_empty() {
            out.push_str("<li>");
            parts.errors.push_ul(&mut out);
            if parts.visible.is_empty() {
                out.push_str(&parts.hidden);
            }
            out.push_str("</li>\n");
        } else if parts.visible.is_empty() {
            out.push_str(&parts.hidden);
        }
        for (at, field) in parts.visible.iter().enumerate() {
            out.push_str("<li");
            field.push_class(&mut out);
            out.push_str(">\n");
            push_errors(&mut out, field);
            push_label(&mut out, field);
            out.push_str(&field.to_string());
            field.push_help(&mut out, "span");
            parts.push_hidden(&mut out, at);
            out.push_str("\n</li>\n");
        }
        out
    }

    /// Each field in a table row, without the table around them.
    pub fn as_table(&self) -> String {
        let parts = Parts::of(self);
        let mut out = String::new();
        if !parts.errors.is_empty() {
            out.push_str("<tr><td colspan=\"2\">");
            parts.errors.push_ul(&mut out);
            if parts.visible.is_empty() {
                out.push_str(&parts.hidden);
            }
            out.push_str("</td></tr>\n");
        } else if parts.visible.is_empty() {
            out.push_str(&parts.hidden);
        }
        for (at, field) in parts.visible.iter().enumerate() {
            out.push_str("<tr");
            field.push_class(&mut out);
            out.push_str(">\n<th>");
            if !field.label().is_empty() {
                out.push_str(&field.label_tag());
            }
            out.push_str("</th>\n<td>");
            push_errors(&mut out, field);
            out.push_str(&field.to_string());
            if !field.field().help_text.is_empty() {
                out.push_str("<br>");
                field.push_help(&mut out, "span");
            }
            parts.push_hidden(&mut out, at);
            out.push_str("</td>\n</tr>\n");
        }
        out
    }
}

/// [`Form::as_div`].
impl std::fmt::Display for Form {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.as_div())
    }
}
