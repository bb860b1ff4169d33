//! Characters in the classes that Python puts them in.

use unicode_normalization::char::{canonical_combining_class, is_combining_mark};

/// Python's `str.isspace`, and `\s`: the spaces of Unicode and the four separators of ASCII.
pub(crate) fn is_space(c: char) -> bool {
    c.is_whitespace() || matches!(c, '\u{1c}'..='\u{1f}')
}

/// Python's `\w`: letters, digits and the underscore, but no marks.
pub(crate) fn is_word(c: char) -> bool {
    c == '_' || (c.is_alphanumeric() && (c.is_ascii() || !is_combining_mark(c)))
}

/// Is it drawn onto the character before it?
pub(crate) fn is_combining(c: char) -> bool {
    !c.is_ascii() && canonical_combining_class(c) != 0
}

/// Python's `str.split()`.
pub(crate) fn split_spaces(text: &str) -> impl Iterator<Item = &str> {
    text.split(is_space).filter(|word| !word.is_empty())
}

/// Python's `str.strip()`.
pub(crate) fn strip(text: &str) -> &str {
    text.trim_matches(is_space)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_are_no_letters_and_separators_are_spaces() {
        assert!(is_word('é') && is_word('你') && is_word('٣') && !is_word('\u{93f}'));
        assert!(is_space('\u{1f}') && is_space('\u{a0}') && !is_space('\u{200b}'));
        assert!(is_combining('\u{301}') && !is_combining('\u{93f}'));
    }
}
