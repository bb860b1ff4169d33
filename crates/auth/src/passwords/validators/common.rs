//! Not one that everybody tries first.

use std::collections::HashSet;
use std::io::Read as _;
use std::path::Path;
use std::sync::{Arc, OnceLock};

use flate2::read::GzDecoder;
use nuages_forms::ValidationError;

use super::{PasswordOwner, PasswordValidator};

/// Sorted, lower case, one a line: see `data/README.md`.
static COMPRESSED: &[u8] = include_bytes!("../../../data/common-passwords.txt.gz");

/// Refuses the 19,640 most common passwords, in any case.
///
/// The list is part of the program and unpacked at first use.
///
/// ```
/// use nuages_auth::passwords::{CommonPasswordValidator, PasswordValidator};
///
/// assert!(CommonPasswordValidator::default().validate("PassWord1", None).is_err());
/// let own = CommonPasswordValidator::of(["our-company"]);
/// assert!(own.validate("Our-Company", None).is_err());
/// assert!(own.validate("password1", None).is_ok());
/// ```
///
/// # Django
/// `CommonPasswordValidator`, with the same list.
#[derive(Debug, Clone, Default)]
pub struct CommonPasswordValidator {
    own: Option<Arc<HashSet<String>>>,
}

impl CommonPasswordValidator {
    /// Refuses the passwords of another list.
    pub fn of<S: AsRef<str>>(passwords: impl IntoIterator<Item = S>) -> Self {
        let fold = |password: S| clean(&password.as_ref().to_lowercase()).to_owned();
        Self {
            own: Some(Arc::new(passwords.into_iter().map(fold).collect())),
        }
    }

    /// Refuses the passwords of a file, one a line, which may be compressed with gzip.
    ///
    /// # Errors
    /// When the file cannot be read.
    ///
    /// # Django
    /// The option `password_list_path`.
    pub fn from_file(path: &Path) -> std::io::Result<Self> {
        let bytes = std::fs::read(path)?;
        let text = if bytes.starts_with(&[0x1f, 0x8b]) {
            let mut text = String::new();
            GzDecoder::new(bytes.as_slice()).read_to_string(&mut text)?;
            text
        } else {
            String::from_utf8(bytes)
                .map_err(|error| std::io::Error::new(std::io::ErrorKind::InvalidData, error))?
        };
        Ok(Self::of(text.lines()))
    }

    /// The built-in list, sorted.
    pub fn built_in() -> &'static [&'static str] {
        common_passwords()
    }

    fn has(&self, password: &str) -> bool {
        match &self.own {
            Some(own) => own.contains(password),
            None => common_passwords().binary_search(&password).is_ok(),
        }
    }
}

/// A password without the white space around it.
fn clean(password: &str) -> &str {
    password.trim_matches(is_python_space)
}

fn common_passwords() -> &'static [&'static str] {
    static TEXT: OnceLock<String> = OnceLock::new();
    static LIST: OnceLock<Vec<&str>> = OnceLock::new();
    LIST.get_or_init(|| {
        let text = TEXT.get_or_init(|| {
            let mut text = String::new();
            // Our own data, and a test reads it: this cannot fail halfway.
            GzDecoder::new(COMPRESSED).read_to_string(&mut text).ok();
            text
        });
        text.lines().collect()
    })
}

impl PasswordValidator for CommonPasswordValidator {
    fn validate(
        &self,
        password: &str,
        _owner: Option<&PasswordOwner<'_>>,
    ) -> Result<(), ValidationError> {
        if !self.has(clean(&password.to_lowercase())) {
            return Ok(());
        }
        Err(ValidationError::new("This password is too common.").code("password_too_common"))
    }

    fn help_text(&self) -> String {
        "Your password can’t be a commonly used password.".to_owned()
    }
}

/// What Python strips: Unicode white space and the four ASCII separators.
fn is_python_space(char: char) -> bool {
    char.is_whitespace() || ('\u{1c}'..='\u{1f}').contains(&char)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_whole_and_sorted() {
        let list = common_passwords();
        assert_eq!(list.len(), 19_640);
        assert!(list.is_sorted());
    }
}
