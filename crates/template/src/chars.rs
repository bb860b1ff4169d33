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

/// The digit zero of every other script, as Unicode 15 has them; the nine others follow each.
const ZEROS: [char; 65] = [
    '\u{660}',
    '\u{6f0}',
    '\u{7c0}',
    '\u{966}',
    '\u{9e6}',
    '\u{a66}',
    '\u{ae6}',
    '\u{b66}',
    '\u{be6}',
    '\u{c66}',
    '\u{ce6}',
    '\u{d66}',
    '\u{de6}',
    '\u{e50}',
    '\u{ed0}',
    '\u{f20}',
    '\u{1040}',
    '\u{1090}',
    '\u{17e0}',
    '\u{1810}',
    '\u{1946}',
    '\u{19d0}',
    '\u{1a80}',
    '\u{1a90}',
    '\u{1b50}',
    '\u{1bb0}',
    '\u{1c40}',
    '\u{1c50}',
    '\u{a620}',
    '\u{a8d0}',
    '\u{a900}',
    '\u{a9d0}',
    '\u{a9f0}',
    '\u{aa50}',
    '\u{abf0}',
    '\u{ff10}',
    '\u{104a0}',
    '\u{10d30}',
    '\u{11066}',
    '\u{110f0}',
    '\u{11136}',
    '\u{111d0}',
    '\u{112f0}',
    '\u{11450}',
    '\u{114d0}',
    '\u{11650}',
    '\u{116c0}',
    '\u{11730}',
    '\u{118e0}',
    '\u{11950}',
    '\u{11c50}',
    '\u{11d50}',
    '\u{11da0}',
    '\u{16a60}',
    '\u{16ac0}',
    '\u{16b50}',
    '\u{1d7ce}',
    '\u{1d7d8}',
    '\u{1d7e2}',
    '\u{1d7ec}',
    '\u{1d7f6}',
    '\u{1e140}',
    '\u{1e2f0}',
    '\u{1e950}',
    '\u{1fbf0}',
];

/// The decimal digit that a character of any script is.
pub(crate) fn digit(c: char) -> Option<u8> {
    if c.is_ascii() {
        return c.is_ascii_digit().then(|| c as u8 - b'0');
    }
    let above = ZEROS.partition_point(|zero| *zero <= c);
    let zero = ZEROS.get(above.checked_sub(1)?)?;
    u8::try_from(u32::from(c) - u32::from(*zero))
        .ok()
        .filter(|digit| *digit < 10)
}

/// A number with digits of another script, or with underscores between digits, in plain ASCII; nothing when it has neither.
pub(crate) fn plain_digits(text: &str) -> Option<String> {
    if text.is_ascii() && !text.contains('_') {
        return None;
    }
    let mut plain = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match digit(c) {
            Some(digit) => plain.push(char::from(b'0' + digit)),
            None if c == '_' => {
                let before = plain.ends_with(|c: char| c.is_ascii_digit());
                let behind = chars.peek().is_some_and(|c| digit(*c).is_some());
                if !(before && behind) {
                    return None;
                }
            }
            None if c.is_ascii() || is_space(c) => plain.push(c),
            None => return None,
        }
    }
    Some(plain)
}

/// The text of a whole number in plain ASCII, if Python's `int()` takes it: digits of any script, with an underscore
/// between two of them, and spaces around.
pub(crate) fn whole_number(text: &str) -> Option<String> {
    let text = strip(text);
    let (sign, digits) = match text.strip_prefix('-') {
        Some(digits) => ("-", digits),
        None => ("", text.strip_prefix('+').unwrap_or(text)),
    };
    let mut plain = String::with_capacity(text.len());
    plain.push_str(sign);
    let mut may_part = false;
    for c in digits.chars() {
        if c == '_' && may_part {
            may_part = false;
            continue;
        }
        plain.push(char::from(b'0' + digit(c)?));
        may_part = true;
    }
    may_part.then_some(plain)
}

/// Is it drawn onto the character before it?
pub(crate) fn is_combining(c: char) -> bool {
    !c.is_ascii() && canonical_combining_class(c) != 0
}

/// A letter as it begins a word: of what has two letters, only the first is a capital.
pub(crate) fn push_title(out: &mut String, c: char) {
    let one = match c {
        'ǆ' | 'Ǆ' | 'ǅ' => 'ǅ',
        'ǉ' | 'Ǉ' | 'ǈ' => 'ǈ',
        'ǌ' | 'Ǌ' | 'ǋ' => 'ǋ',
        'ǳ' | 'Ǳ' | 'ǲ' => 'ǲ',
        // Georgian has capitals for headlines only, and Greek letters with an iota below keep it there.
        '\u{10d0}'..='\u{10ff}'
        | '\u{1f88}'..='\u{1f8f}'
        | '\u{1f98}'..='\u{1f9f}'
        | '\u{1fa8}'..='\u{1faf}'
        | 'ᾼ'
        | 'ῌ'
        | 'ῼ' => c,
        '\u{1f80}'..='\u{1f87}' | '\u{1f90}'..='\u{1f97}' | '\u{1fa0}'..='\u{1fa7}' => {
            char::from_u32(u32::from(c) + 8).unwrap_or(c)
        }
        'ᾳ' | 'ῃ' | 'ῳ' => char::from_u32(u32::from(c) + 9).unwrap_or(c),
        _ => {
            let mut capitals = c.to_uppercase();
            for letter in capitals.by_ref() {
                out.push(letter);
                if letter.is_uppercase() {
                    break;
                }
            }
            out.extend(capitals.flat_map(char::to_lowercase));
            return;
        }
    };
    out.push(one);
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
        assert_eq!(
            [digit('7'), digit('٣'), digit('߉'), digit('x'), digit('½')],
            [Some(7), Some(3), Some(9), None, None]
        );
        assert_eq!(whole_number(" -1_0٢ ").as_deref(), Some("-102"));
        for bad in ["", "_1", "1_", "1__0", "- 1", "--1", "1.0"] {
            assert_eq!(whole_number(bad), None, "{bad}");
        }
        assert!(is_combining('\u{301}') && !is_combining('\u{93f}'));
    }
}
