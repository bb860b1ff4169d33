//! `ErrorDict`: the errors of a form by field.

use indexmap::IndexMap;
use nuages_template::{Entries, Items, Object, ToValue, Value as Shown, escape, push_escaped};

use super::{ErrorList, push_json};

/// The name under which the errors of the form as a whole are kept.
///
/// # Django
/// `NON_FIELD_ERRORS`.
pub const NON_FIELD_ERRORS: &str = "__all__";

/// Error lists by field name, in the order the errors were found.
///
/// # Django
/// `django.forms.utils.ErrorDict`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ErrorDict(IndexMap<String, ErrorList>);

impl ErrorDict {
    /// The errors of this field, if it has any.
    pub fn get(&self, field: &str) -> Option<&ErrorList> {
        self.0.get(field)
    }

    pub(crate) fn entry(
        &mut self,
        field: &str,
        make: impl FnOnce() -> ErrorList,
    ) -> &mut ErrorList {
        self.0.entry(field.to_owned()).or_insert_with(make)
    }

    /// The fields with errors.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &ErrorList)> {
        self.0
            .iter()
            .map(|(field, errors)| (field.as_str(), errors))
    }

    /// How many fields have errors.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Is everything right?
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// As HTML: nothing when there is no error.
    pub fn as_ul(&self) -> String {
        let mut out = String::new();
        if self.0.is_empty() {
            return out;
        }
        out.push_str("<ul class=\"errorlist\">");
        for (field, errors) in &self.0 {
            out.push_str("<li>");
            push_escaped(&mut out, field);
            errors.push_ul(&mut out);
            out.push_str("</li>");
        }
        out.push_str("</ul>");
        out
    }

    /// As lines of text; escaped, as Django does, since it is meant for a page.
    pub fn as_text(&self) -> String {
        let mut lines = Vec::new();
        for (field, errors) in &self.0 {
            lines.push(format!("* {}", &*escape(field)));
            let errors = errors
                .iter()
                .map(|error| format!("  * {}", error.to_html()));
            lines.extend(errors);
        }
        lines.join("\n")
    }

    /// As JSON: an object of lists of objects with `message` and `code`.
    pub fn as_json(&self) -> String {
        let mut out = String::from("{");
        for (at, (field, errors)) in self.0.iter().enumerate() {
            if at > 0 {
                out.push_str(", ");
            }
            push_json(&mut out, field);
            out.push_str(": ");
            errors.push_json(&mut out);
        }
        out.push('}');
        out
    }
}

/// In a template it prints as HTML, gives a field's errors by name, and is false when empty.
impl Object for ErrorDict {
    fn attr(&self, name: &str) -> Option<Shown<'_>> {
        if let Some(errors) = self.0.get(name) {
            return Some(errors.to_value());
        }
        match name {
            "as_ul" => Some(Shown::assert_safe(self.as_ul())),
            "as_text" => Some(Shown::assert_safe(self.as_text())),
            "as_json" => Some(self.as_json().into()),
            _ => None,
        }
    }

    fn iterate(&self) -> Option<Items<'_>> {
        Some(Box::new(self.0.keys().map(Shown::from)))
    }

    fn entries(&self) -> Option<Entries<'_>> {
        Some(Box::new(
            self.0
                .iter()
                .map(|(field, errors)| (field.into(), errors.to_value())),
        ))
    }

    fn len(&self) -> Option<usize> {
        Some(self.0.len())
    }

    fn display(&self, out: &mut dyn std::fmt::Write) -> std::fmt::Result {
        out.write_str(&self.as_ul())
    }

    fn is_safe(&self) -> bool {
        true
    }
}

impl ToValue for ErrorDict {
    fn to_value(&self) -> Shown<'_> {
        Shown::Object(self)
    }
}
