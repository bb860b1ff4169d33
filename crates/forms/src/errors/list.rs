//! `ErrorList`: the errors of one field, or of the form as a whole.

use nuages_template::{Items, Kind, Object, ToValue, Value as Shown, push_escaped};

use super::{ValidationError, push_json};

/// Errors in the order they were found; prints itself as Django's `<ul class="errorlist">`.
///
/// ```
/// use nuages_forms::{ErrorList, ValidationError};
/// let errors = ErrorList::from(ValidationError::new("Not <that>."));
/// assert_eq!(errors.as_ul(), r#"<ul class="errorlist"><li>Not &lt;that&gt;.</li></ul>"#);
/// assert_eq!(errors.as_text(), "* Not &lt;that&gt;.");
/// ```
///
/// # Django
/// `django.forms.utils.ErrorList`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ErrorList {
    errors: Vec<ValidationError>,
    /// An extra class beside `errorlist`.
    extra_class: &'static str,
    /// The id of the field, which the list's own id is made of.
    field_id: String,
}

impl ErrorList {
    /// No errors yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// The errors of the form as a whole.
    pub(crate) fn nonfield() -> Self {
        Self {
            extra_class: "nonfield",
            ..Self::default()
        }
    }

    /// The errors of a formset as a whole.
    pub(crate) fn nonform() -> Self {
        Self {
            extra_class: "nonform",
            ..Self::default()
        }
    }

    /// The errors of the field with this id.
    pub(crate) fn of_field(field_id: String) -> Self {
        Self {
            field_id,
            ..Self::default()
        }
    }

    /// Adds an error.
    pub fn push(&mut self, error: impl Into<ValidationError>) {
        self.errors.push(error.into());
    }

    /// Adds all errors of another list.
    pub fn extend(&mut self, other: Self) {
        self.errors.extend(other.errors);
    }

    /// The errors.
    pub fn iter(&self) -> std::slice::Iter<'_, ValidationError> {
        self.errors.iter()
    }

    /// How many errors there are.
    pub fn len(&self) -> usize {
        self.errors.len()
    }

    /// Is everything right?
    pub fn is_empty(&self) -> bool {
        self.errors.is_empty()
    }

    /// Is there an error with this code?
    pub fn has_code(&self, code: &str) -> bool {
        self.errors.iter().any(|error| error.get_code() == code)
    }

    /// The messages as plain text.
    pub fn messages(&self) -> impl Iterator<Item = String> {
        self.errors.iter().map(ToString::to_string)
    }

    /// As HTML: nothing when there is no error.
    pub fn as_ul(&self) -> String {
        let mut out = String::new();
        self.push_ul(&mut out);
        out
    }

    pub(crate) fn push_ul(&self, out: &mut String) {
        if self.errors.is_empty() {
            return;
        }
        out.push_str("<ul class=\"errorlist");
        if !self.extra_class.is_empty() {
            out.push(' ');
            out.push_str(self.extra_class);
        }
        out.push('"');
        if !self.field_id.is_empty() {
            out.push_str(" id=\"");
            push_escaped(out, &self.field_id);
            out.push_str("_error\"");
        }
        out.push('>');
        for error in &self.errors {
            out.push_str("<li>");
            out.push_str(&error.to_html());
            out.push_str("</li>");
        }
        out.push_str("</ul>");
    }

    /// As lines of text, one per error; escaped, as Django does, since it is meant for a page.
    /// [`ErrorList::messages`] has the bare messages.
    pub fn as_text(&self) -> String {
        let lines: Vec<_> = self
            .errors
            .iter()
            .map(|error| format!("* {}", error.to_html()))
            .collect();
        lines.join("\n")
    }

    /// As JSON: a list of objects with `message` and `code`.
    pub fn as_json(&self) -> String {
        let mut out = String::new();
        self.push_json(&mut out);
        out
    }

    pub(crate) fn push_json(&self, out: &mut String) {
        out.push('[');
        for (at, error) in self.errors.iter().enumerate() {
            out.push_str(if at == 0 {
                "{\"message\": "
            } else {
                ", {\"message\": "
            });
            push_json(out, &error.to_string());
            out.push_str(", \"code\": ");
            push_json(out, error.get_code());
            out.push('}');
        }
        out.push(']');
    }
}

impl From<ValidationError> for ErrorList {
    fn from(error: ValidationError) -> Self {
        Self::from(vec![error])
    }
}

impl From<Vec<ValidationError>> for ErrorList {
    fn from(errors: Vec<ValidationError>) -> Self {
        Self {
            errors,
            ..Self::default()
        }
    }
}

impl From<&'static str> for ErrorList {
    fn from(message: &'static str) -> Self {
        Self::from(ValidationError::from(message))
    }
}

impl From<String> for ErrorList {
    fn from(message: String) -> Self {
        Self::from(ValidationError::from(message))
    }
}

impl<'a> IntoIterator for &'a ErrorList {
    type Item = &'a ValidationError;
    type IntoIter = std::slice::Iter<'a, ValidationError>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

/// In a template it prints as HTML, is iterated message by message, and is false when empty.
impl Object for ErrorList {
    fn kind(&self) -> Kind {
        Kind::Object
    }

    fn attr(&self, name: &str) -> Option<Shown<'_>> {
        match name {
            "as_ul" => Some(Shown::assert_safe(self.as_ul())),
            "as_text" => Some(Shown::assert_safe(self.as_text())),
            "as_json" => Some(self.as_json().into()),
            _ => None,
        }
    }

    fn iterate(&self) -> Option<Items<'_>> {
        Some(Box::new(
            self.errors.iter().map(ValidationError::to_template),
        ))
    }

    fn len(&self) -> Option<usize> {
        Some(self.errors.len())
    }

    fn display(&self, out: &mut dyn std::fmt::Write) -> std::fmt::Result {
        out.write_str(&self.as_ul())
    }

    fn is_safe(&self) -> bool {
        true
    }
}

impl ToValue for ErrorList {
    fn to_value(&self) -> Shown<'_> {
        Shown::Object(self)
    }
}
