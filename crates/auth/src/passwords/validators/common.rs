//! Not one that everybody tries first.

use std::io::Read as _;
use std::sync::OnceLock;

use flate2::read::GzDecoder;
use nuages_forms::ValidationError;

use super::{PasswordOwner, PasswordValidator};

/// Sorted, lower case, one a line: see `data/README.md`.
static COMPRESSED: &[u8] = include_bytes!("../../../data/common-passwords.txt.gz");

/// Refuses the 19,640 most common passwords, in any case.
///
/// The list is part of the program and unpacked at first use.
///
/// # Django
/// `CommonPasswordValidator`, with the same list.
#[derive(Debug, Clone, Copy, Default)]
pub struct CommonPasswordValidator;

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
        let password = password.to_lowercase();
        let password = password.trim_matches(is_python_space);
        if common_passwords().binary_search(&password).is_err() {
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
