//! File uploads.

use super::{FieldContext, FieldKind};
use crate::errors::{ErrorList, ValidationError};
use crate::value::Value;
use crate::widgets::{ClearableFileInput, Widget};

/// An uploaded file.
///
/// It cleans to [`Value::File`], to the initial value when nothing was sent,
/// and to `false` when the kept file is to be removed.
///
/// ```
/// use nuages_forms::{Field, FileField, UploadedFile, Value};
/// let field = Field::new(FileField::new());
/// assert!(field.clean(UploadedFile::new("a.txt", "text")).is_ok());
/// let error = field.clean(UploadedFile::new("a.txt", "")).unwrap_err();
/// assert_eq!(error.as_text(), "* The submitted file is empty.");
/// ```
///
/// # Security
/// It checks that there is a file with a name and, unless told otherwise, with content.
/// What is in it, and whether its name fits, is for your own validators.
#[derive(Clone, Debug, Default)]
pub struct FileField {
    max_length: Option<usize>,
    allow_empty_file: bool,
}

impl FileField {
    /// Any file.
    pub fn new() -> Self {
        Self::default()
    }

    /// With a name of so many characters at most.
    pub fn max_length(mut self, characters: usize) -> Self {
        self.max_length = Some(characters);
        self
    }

    /// Is a file of no bytes right?
    pub fn allow_empty_file(mut self, allow: bool) -> Self {
        self.allow_empty_file = allow;
        self
    }
}

impl FieldKind for FileField {
    fn name(&self) -> &'static str {
        "FileField"
    }

    fn widget(&self) -> Widget {
        ClearableFileInput.into()
    }

    fn message(&self, code: &str) -> Option<&'static str> {
        Some(match code {
            "invalid" => "No file was submitted. Check the encoding type on the form.",
            "missing" => "No file was submitted.",
            "empty" => "The submitted file is empty.",
            "max_length" if self.max_length == Some(1) => {
                "Ensure this filename has at most %(max)d character (it has %(length)d)."
            }
            "max_length" => {
                "Ensure this filename has at most %(max)d characters (it has %(length)d)."
            }
            "contradiction" => "Please either submit a file or check the clear checkbox, not both.",
            _ => return None,
        })
    }

    fn to_value(&self, cx: &FieldContext<'_>, value: Value) -> Result<Value, ValidationError> {
        if value.is_empty() {
            return Ok(Value::None);
        }
        let Value::File(file) = &value else {
            return Err(cx.error("invalid"));
        };
        let length = file.name().chars().count();
        if let Some(max) = self.max_length.filter(|max| length > *max) {
            let number = |count| i64::try_from(count).unwrap_or(i64::MAX);
            return Err(cx
                .error("max_length")
                .param("max", number(max))
                .param("length", number(length)));
        }
        if file.name().is_empty() {
            return Err(cx.error("invalid"));
        }
        if !self.allow_empty_file && file.size() == 0 {
            return Err(cx.error("empty"));
        }
        Ok(value)
    }

    fn clean(&self, cx: &FieldContext<'_>, value: Value) -> Result<Value, ErrorList> {
        let value = match value {
            Value::Contradiction => return Err(cx.error("contradiction").into()),
            Value::Bool(false) if !cx.field().is_required() => return Ok(value),
            Value::Bool(false) => Value::None,
            other => other,
        };
        if !value.is_true() && cx.initial().is_true() {
            return Ok(cx.initial().clone());
        }
        cx.clean_by_steps(value)
    }

    /// A browser never shows what was chosen before, so the initial value is all there is to show.
    fn bound_data(&self, _data: Value, initial: &Value) -> Value {
        initial.clone()
    }

    fn has_changed(&self, _cx: &FieldContext<'_>, _initial: &Value, data: Value) -> bool {
        !matches!(data, Value::None)
    }
}
