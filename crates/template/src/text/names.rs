//! `slugify` and `get_valid_filename`: text as a part of a URL or a path.

use unicode_normalization::UnicodeNormalization;

use crate::chars::{is_space, is_word, strip};

/// Text for URLs: small ASCII letters, digits, underscores and hyphens.
///
/// ```
/// use nuages_template::text::slugify;
/// assert_eq!(slugify(" Joel is à  slug! "), "joel-is-a-slug");
/// assert_eq!(slugify("你好"), "");
/// ```
///
/// # Django
/// `slugify`.
pub fn slugify(text: &str) -> String {
    if text.is_ascii() {
        return slug(text.chars());
    }
    slug(text.nfkd().filter(char::is_ascii))
}

/// As [`slugify`], with the letters of all languages.
///
/// ```
/// assert_eq!(nuages_template::text::slugify_unicode("Foo ıç 你好"), "foo-ıç-你好");
/// ```
///
/// # Django
/// `slugify(text, allow_unicode=True)`.
pub fn slugify_unicode(text: &str) -> String {
    // Lowering looks at the whole text: a sigma at the end of a word is another one.
    let normal: String = text.nfkc().collect();
    slug(normal.to_lowercase().chars())
}

fn slug(chars: impl Iterator<Item = char>) -> String {
    let mut out = String::new();
    for c in chars {
        if c == '-' || is_space(c) {
            if !out.ends_with('-') {
                out.push('-');
            }
        } else if is_word(c) {
            out.push(c.to_ascii_lowercase());
        }
    }
    out.trim_matches(['-', '_']).to_owned()
}

/// Nothing of a name can be the name of a file.
///
/// # Django
/// `SuspiciousFileOperation`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnusableName;

impl std::fmt::Display for UnusableName {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("no file name can be made of this text")
    }
}

impl std::error::Error for UnusableName {}

/// A name for a file: spaces become underscores; what is no letter, digit, hyphen, underscore or dot goes.
///
/// ```
/// use nuages_template::text::{UnusableName, get_valid_filename};
/// assert_eq!(get_valid_filename("^&'@{}[],$=!-#()%+~_123.txt").as_deref(), Ok("-_123.txt"));
/// assert_eq!(get_valid_filename("???"), Err(UnusableName));
/// ```
///
/// # Errors
/// When nothing, `.` or `..` is left.
///
/// # Django
/// `get_valid_filename`.
pub fn get_valid_filename(name: &str) -> Result<String, UnusableName> {
    let name: String = strip(name)
        .chars()
        .map(|c| if c == ' ' { '_' } else { c })
        .filter(|c| is_word(*c) || matches!(c, '-' | '.'))
        .collect();
    match name.as_str() {
        "" | "." | ".." => Err(UnusableName),
        _ => Ok(name),
    }
}
