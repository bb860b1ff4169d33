//! Splitting a tag's contents at spaces, but not inside of quotes.

use crate::chars::is_space;

/// The words of a tag. A quoted string belongs to its word, also after `name=` or a filter's `:`.
/// Words in `_("…")` stay together, too.
///
/// ```
/// let words = nuages_template::split_contents(r#"tag _("Page not found") value|yesno:"yes,no" "#);
/// assert_eq!(words, ["tag", r#"_("Page not found")"#, r#"value|yesno:"yes,no""#]);
/// ```
///
/// # Django
/// `Token.split_contents`.
pub fn split_contents(contents: &str) -> Vec<&str> {
    if contents.as_bytes().windows(2).any(|pair| pair == b"_(") {
        let words: Vec<_> = Words::new(contents).collect();
        return join_translated(contents, &words);
    }
    smart_split(contents)
}

/// The words of a text; a string in quotes is one word, or a part of one, and keeps its quotes.
///
/// ```
/// let words = nuages_template::text::smart_split(r#"This is "a person's" test."#);
/// assert_eq!(words, ["This", "is", "\"a person's\"", "test."]);
/// ```
///
/// # Django
/// `django.utils.text.smart_split`.
pub fn smart_split(text: &str) -> Vec<&str> {
    let mut words = Vec::with_capacity(4);
    words.extend(Words::new(text).map(|(start, end)| &text[start..end]));
    words
}

/// Where each word begins and ends.
struct Words<'s> {
    text: &'s str,
    rest: usize,
    unclosed: Unclosed,
}

impl<'s> Words<'s> {
    fn new(text: &'s str) -> Self {
        Self {
            text,
            rest: 0,
            unclosed: Unclosed::default(),
        }
    }
}

impl Iterator for Words<'_> {
    type Item = (usize, usize);

    fn next(&mut self) -> Option<(usize, usize)> {
        let text = self.text;
        let skip = text[self.rest..].find(|c: char| !is_space(c))?;
        let start = self.rest + skip;
        self.rest = start + word_length(&text[start..], &mut self.unclosed);
        Some((start, self.rest))
    }
}

/// The quotes that no other one closes any more: one search for each, not one for each quote.
#[derive(Default)]
struct Unclosed {
    single: bool,
    double: bool,
}

impl Unclosed {
    fn of(&mut self, quote: u8) -> &mut bool {
        if quote == b'\'' {
            &mut self.single
        } else {
            &mut self.double
        }
    }
}

/// The length of the word at the beginning of `text`; the text does not begin with a space.
fn word_length(text: &str, unclosed: &mut Unclosed) -> usize {
    let bytes = text.as_bytes();
    let (mut at, mut quoted) = (0, false);
    while at < bytes.len() {
        match bytes[at] {
            quote @ (b'"' | b'\'') => {
                let length = if *unclosed.of(quote) {
                    None
                } else {
                    quoted_length(&text[at..], quote)
                };
                let Some(length) = length else {
                    *unclosed.of(quote) = true;
                    // Behind a string, a quote that is never closed begins the next word.
                    // Else it belongs to the word like any other character, and so do the quotes behind it.
                    return if quoted {
                        at
                    } else {
                        text.find(is_space).unwrap_or(text.len())
                    };
                };
                at += length;
                quoted = true;
            }
            byte if byte < 0x80 && !is_space(char::from(byte)) => at += 1,
            _ => match text[at..].chars().next() {
                Some(c) if !is_space(c) => at += c.len_utf8(),
                _ => break,
            },
        }
    }
    at
}

/// The length of the quoted string at the beginning of `text`, with its quotes.
pub(super) fn quoted_length(text: &str, quote: u8) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut at = 1;
    while at < bytes.len() {
        match bytes[at] {
            b'\\' => at += 1 + text[at + 1..].chars().next()?.len_utf8(),
            byte if byte == quote => return Some(at + 1),
            _ => at += 1,
        }
    }
    None
}

fn join_translated<'s>(contents: &'s str, words: &[(usize, usize)]) -> Vec<&'s str> {
    let mut joined = Vec::with_capacity(words.len());
    let mut at = 0;
    while let Some(&(start, end)) = words.get(at) {
        let word = &contents[start..end];
        at += 1;
        let closing = match word.get(..3) {
            Some("_(\"") => "\")",
            Some("_('") => "')",
            _ => {
                joined.push(word);
                continue;
            }
        };
        let mut end = end;
        while !contents[start..end].ends_with(closing) {
            let Some(&(_, next)) = words.get(at) else {
                break;
            };
            end = next;
            at += 1;
        }
        joined.push(&contents[start..end]);
    }
    joined
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(contents: &str, expect: &[&str]) {
        assert_eq!(split_contents(contents), expect, "{contents:?}");
    }

    #[test]
    fn quotes_keep_words_together() {
        check("for x in  y", &["for", "x", "in", "y"]);
        check(
            "url 'a b' x=\"c d\"|f:'e f' g",
            &["url", "'a b'", "x=\"c d\"|f:'e f'", "g"],
        );
        check(r#"a "b \" c" d"#, &["a", r#""b \" c""#, "d"]);
        check("a 'b c", &["a", "'b", "c"]);
        check("a\"b'c d'", &["a\"b'c", "d'"]);
        check("a\"b c\"'d e", &["a\"b c\"", "'d", "e"]);
        check("trans _('a  b') c", &["trans", "_('a  b')", "c"]);
        check("", &[]);
    }
}
