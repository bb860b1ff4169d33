//! Text: shorter, wrapped, as a slug or a file name.
//!
//! ```
//! use nuages_template::text::{Truncator, slugify, get_valid_filename};
//! assert_eq!(Truncator::new("The quick brown fox").words(2), "The quick…");
//! assert_eq!(slugify("Ça va, World?"), "ca-va-world");
//! assert_eq!(get_valid_filename("john's portrait.jpg").as_deref(), Ok("johns_portrait.jpg"));
//! ```
//!
//! # Django
//! `django.utils.text`.

mod names;
mod truncator;
mod wrap;

pub use crate::syntax::{smart_split, unescape_string_literal};
pub use names::{UnusableName, get_valid_filename, slugify, slugify_unicode};
pub use truncator::Truncator;
pub use wrap::wrap;

use std::borrow::Cow;

/// Items as people list them: `a, b or c`.
///
/// ```
/// use nuages_template::text::get_text_list;
/// assert_eq!(get_text_list(&["a", "b", "c"], "or"), "a, b or c");
/// assert_eq!(get_text_list(&["a"], "or"), "a");
/// ```
///
/// # Django
/// `get_text_list`; its last word is "or" where none is given.
pub fn get_text_list<S: AsRef<str>>(items: &[S], last_word: &str) -> String {
    get_text_list_with(items, ", ", last_word)
}

/// As [`get_text_list`], with the comma of another language.
///
/// ```
/// use nuages_template::text::get_text_list_with;
/// assert_eq!(get_text_list_with(&["a", "b", "c"], "، ", "أو"), "a، b أو c");
/// ```
///
/// # Django
/// `get_text_list` with the translation of `", "`.
pub fn get_text_list_with<S: AsRef<str>>(items: &[S], comma: &str, last_word: &str) -> String {
    match items {
        [] => String::new(),
        [one] => one.as_ref().to_owned(),
        [first @ .., last] => {
            let first: Vec<&str> = first.iter().map(AsRef::as_ref).collect();
            format!("{} {last_word} {}", first.join(comma), last.as_ref())
        }
    }
}

/// `\r\n` and `\r` become `\n`.
///
/// ```
/// assert_eq!(nuages_template::text::normalize_newlines("a\r\nb\rc"), "a\nb\nc");
/// ```
///
/// # Django
/// `normalize_newlines`.
pub fn normalize_newlines(text: &str) -> Cow<'_, str> {
    if text.contains('\r') {
        Cow::Owned(text.replace("\r\n", "\n").replace('\r', "\n"))
    } else {
        Cow::Borrowed(text)
    }
}

/// Letters as the digits of a telephone.
///
/// ```
/// assert_eq!(nuages_template::text::phone2numeric("800-COLLECT"), "800-2655328");
/// ```
///
/// # Django
/// `phone2numeric`.
pub fn phone2numeric(phone: &str) -> String {
    let lower = phone.to_lowercase();
    let digits = lower.chars().map(|c| match c {
        'a'..='c' => '2',
        'd'..='f' => '3',
        'g'..='i' => '4',
        'j'..='l' => '5',
        'm'..='o' => '6',
        'p'..='s' => '7',
        't'..='v' => '8',
        'w'..='z' => '9',
        other => other,
    });
    digits.collect()
}

/// The first letter as a capital.
///
/// ```
/// assert_eq!(nuages_template::text::capfirst("élan"), "Élan");
/// ```
///
/// # Django
/// `capfirst`.
pub fn capfirst(text: &str) -> String {
    let mut rest = text.chars();
    let first: String = rest
        .next()
        .into_iter()
        .flat_map(char::to_uppercase)
        .collect();
    first + rest.as_str()
}
