//! The class that Django gives an error.

use std::error::Error as _;
use std::fmt;

use nuages_template::{Error, ErrorKind};

/// What an object of a record raises.
#[derive(Clone, Debug)]
pub(super) struct Raised(pub(super) String);

impl fmt::Display for Raised {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Raised {}

/// The name of the class.
pub(super) fn class(error: &Error) -> String {
    if let Some(raised) = error
        .source()
        .and_then(|source| source.downcast_ref::<Raised>())
    {
        return raised.0.clone();
    }
    let class = match error.kind() {
        ErrorKind::Syntax => "TemplateSyntaxError",
        ErrorKind::NotFound => "TemplateDoesNotExist",
        ErrorKind::Variable => "VariableDoesNotExist",
        ErrorKind::Url => "NoReverseMatch",
        ErrorKind::Value => "ValueError",
        ErrorKind::Type => "TypeError",
        ErrorKind::Division => "ZeroDivisionError",
        ErrorKind::Suspicious => "SuspiciousOperation",
        _ => return format!("{:?}", error.kind()),
    };
    class.to_owned()
}
