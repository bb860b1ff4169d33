//! Splitting a tag's contents at spaces, but not inside of quotes.

/// The words of a tag. A quoted string belongs to its word, also after `name=` or a filter's `:`.
/// Words in `_("…")` stay together, too.
pub(crate) fn split_contents(contents: &str) -> Vec<&str> {
    let mut words: Vec<(usize, usize)> = Vec::new();
    let mut rest = 0;
    let mut unclosed = Unclosed::default();
    while let Some(skip) = contents[rest..].find(|c: char| !c.is_whitespace()) {
        let start = rest + skip;
        rest = start + word_length(&contents[start..], &mut unclosed);
        words.push((start, rest));
    }
    join_translated(contents, &words)
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
    let mut at = 0;
    while at < bytes.len() {
        match bytes[at] {
            quote @ (b'"' | b'\'') if !*unclosed.of(quote) => {
                if let Some(length) = quoted_length(&text[at..], quote) {
                    at += length;
                } else {
                    // A quote that is never closed belongs to the word like any other character.
                    *unclosed.of(quote) = true;
                    at += 1;
                }
            }
            byte if byte < 0x80 && !byte.is_ascii_whitespace() && byte != 0x0b => at += 1,
            _ => match text[at..].chars().next() {
                Some(c) if !c.is_whitespace() => at += c.len_utf8(),
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
        check("trans _('a  b') c", &["trans", "_('a  b')", "c"]);
        check("", &[]);
    }
}
