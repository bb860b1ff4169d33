//! Endings of file names.

use super::{Complaint, Validator};
use crate::errors::ValidationError;
use crate::text::Text;
use crate::value::Value;

/// A file's name must have one of these endings.
///
/// # Security
/// The ending is what the client says; it does not tell what is in the file.
#[derive(Clone, Debug, PartialEq)]
pub struct FileExtensionValidator {
    allowed: Vec<String>,
    complaint: Complaint,
}

impl FileExtensionValidator {
    /// With these endings, written without the dot.
    pub fn new<S: AsRef<str>>(allowed: impl IntoIterator<Item = S>) -> Self {
        Self {
            allowed: allowed
                .into_iter()
                .map(|ending| ending.as_ref().to_lowercase())
                .collect(),
            complaint: Complaint::new(
                "File extension “%(extension)s” is not allowed. Allowed extensions are: \
                 %(allowed_extensions)s.",
                "invalid_extension",
            ),
        }
    }

    /// With another message.
    pub fn message(mut self, message: impl Into<Text>) -> Self {
        self.complaint.message = message.into();
        self
    }

    /// With another code.
    pub fn code(mut self, code: impl Into<std::borrow::Cow<'static, str>>) -> Self {
        self.complaint.code = code.into();
        self
    }
}

/// The ending of a name, as Python's `Path(name).suffix` without the dot.
fn extension(name: &str) -> String {
    let last = name.rsplit('/').find(|part| !part.is_empty()).unwrap_or("");
    let stem_at = last.len() - last.trim_start_matches('.').len();
    match last[stem_at..].rfind('.') {
        Some(dot) if !last.ends_with('.') => last[stem_at + dot + 1..].to_lowercase(),
        _ => String::new(),
    }
}

impl Validator for FileExtensionValidator {
    fn validate(&self, value: &Value) -> Result<(), ValidationError> {
        let name = match value {
            Value::File(file) => file.name().to_owned(),
            Value::StoredFile(file) => file.name().to_owned(),
            other => other.to_string(),
        };
        let extension = extension(&name);
        if self.allowed.contains(&extension) {
            return Ok(());
        }
        Err(self
            .complaint
            .about(value)
            .param("extension", extension)
            .param("allowed_extensions", self.allowed.join(", ")))
    }
}
