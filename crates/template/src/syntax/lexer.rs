//! The lexer: text, `{{ }}`, `{% %}` and `{# #}`, in one pass over the bytes.

/// A piece of the source.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Token<'s> {
    /// What it is.
    pub kind: TokenKind,
    /// Without the braces, and trimmed; all of it for text.
    pub contents: &'s str,
    /// Where it begins in the source, in bytes.
    pub offset: usize,
    /// Where it ends.
    pub end: usize,
}

/// The kinds of pieces.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenKind {
    /// Text that is written as it is.
    Text,
    /// `{{ expression }}`
    Variable,
    /// `{% tag %}`
    Block,
    /// `{# comment #}`
    Comment,
}

/// The three pairs of braces: second byte of the opener, closer, kind.
const PAIRS: [(u8, &str, TokenKind); 3] = [
    (b'%', "%}", TokenKind::Block),
    (b'{', "}}", TokenKind::Variable),
    (b'#', "#}", TokenKind::Comment),
];

/// Splits a source into tokens.
///
/// ```
/// use nuages_template::{TokenKind, tokenize};
/// let tokens = tokenize("Hello {{ name }}!");
/// assert_eq!((tokens[1].kind, tokens[1].contents), (TokenKind::Variable, "name"));
/// assert_eq!((tokens[2].offset, tokens[2].end), (16, 17));
/// ```
///
/// A tag ends on the line where it began, else it is text.
/// The next closer of each kind is remembered, so that ten thousand openers without a closer cost one search.
///
/// # Django
/// `Lexer.tokenize`. What is in a `{% verbatim %}` is one piece of text here.
pub fn tokenize(source: &str) -> Vec<Token<'_>> {
    let mut tokens = Vec::with_capacity(source.len() / 24 + 4);
    tokens.extend(Lexer::new(source));
    tokens
}

/// The tokens of a source, one after the other.
#[derive(Clone, Debug)]
pub(super) struct Lexer<'s> {
    source: &'s str,
    /// Up to where the tokens went.
    at: usize,
    /// The tag behind the text that was the last token.
    tag: Option<Token<'s>>,
    /// For each kind: where the next closer is, if one was searched for (the length: there is none).
    closers: [Option<usize>; 3],
    newline: Option<usize>,
    /// The contents of the tag that ends the running `{% verbatim %}`.
    verbatim: Option<String>,
}

impl<'s> Iterator for Lexer<'s> {
    type Item = Token<'s>;

    fn next(&mut self) -> Option<Token<'s>> {
        if let Some(tag) = self.tag.take() {
            return Some(tag);
        }
        let bytes = self.source.as_bytes();
        let (text, mut at) = (self.at, self.at);
        while let Some(found) = memchr::memchr(b'{', &bytes[at..]) {
            let start = at + found;
            let Some((kind, end)) = self.tag_at(start) else {
                at = start + 1;
                continue;
            };
            let contents = self.source[start + 2..end - 2].trim();
            if !self.passes_verbatim(kind, contents) {
                at = end;
                continue;
            }
            let tag = Token {
                kind,
                contents,
                offset: start,
                end,
            };
            self.at = end;
            if text == start {
                return Some(tag);
            }
            self.tag = Some(tag);
            return Some(self.text(text, start));
        }
        self.at = bytes.len();
        (text < bytes.len()).then(|| self.text(text, bytes.len()))
    }
}

impl<'s> Lexer<'s> {
    pub(super) fn new(source: &'s str) -> Self {
        Self {
            source,
            at: 0,
            tag: None,
            closers: [None; 3],
            newline: None,
            verbatim: None,
        }
    }

    fn text(&self, start: usize, end: usize) -> Token<'s> {
        Token {
            kind: TokenKind::Text,
            contents: &self.source[start..end],
            offset: start,
            end,
        }
    }

    /// The tag that opens at `start`: its kind and its end.
    fn tag_at(&mut self, start: usize) -> Option<(TokenKind, usize)> {
        let second = *self.source.as_bytes().get(start + 1)?;
        let index = PAIRS.iter().position(|pair| pair.0 == second)?;
        let from = start + 2;
        let closer = match self.closers[index] {
            Some(known) if known >= from => known,
            _ => self.search(from, PAIRS[index].1),
        };
        self.closers[index] = Some(closer);
        let newline = match self.newline {
            Some(known) if known >= from => known,
            _ => memchr::memchr(b'\n', &self.source.as_bytes()[from..])
                .map_or(self.source.len(), |found| from + found),
        };
        self.newline = Some(newline);
        (closer < newline && closer < self.source.len()).then_some((PAIRS[index].2, closer + 2))
    }

    /// Where the closer, which ends in `}`, is next.
    fn search(&self, from: usize, closer: &str) -> usize {
        let (bytes, first) = (self.source.as_bytes(), closer.as_bytes()[0]);
        let mut at = from + 1;
        while let Some(found) = bytes.get(at..).and_then(|rest| memchr::memchr(b'}', rest)) {
            at += found;
            if bytes[at - 1] == first {
                return at - 1;
            }
            at += 1;
        }
        bytes.len()
    }

    /// Is the tag a tag here, or text of a `{% verbatim %}`? Keeps track of where one begins and ends.
    fn passes_verbatim(&mut self, kind: TokenKind, contents: &str) -> bool {
        if let Some(end) = &self.verbatim {
            let ends = kind == TokenKind::Block && contents == end;
            if ends {
                self.verbatim = None;
            }
            ends
        } else {
            if kind == TokenKind::Block
                && (contents == "verbatim" || contents.starts_with("verbatim "))
            {
                self.verbatim = Some(format!("end{contents}"));
            }
            true
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(source: &str, expect: &str) {
        let tokens: Vec<String> = tokenize(source)
            .iter()
            .map(|token| {
                let kind = format!("{:?}", token.kind);
                format!("{}:{}", &kind[..1], token.contents)
            })
            .collect();
        assert_eq!(tokens.join("|"), expect, "{source:?}");
    }

    #[test]
    fn tags_and_text_are_told_apart() {
        check("a{{ b }}c{% d %}{# e #}", "T:a|V:b|T:c|B:d|C:e");
        check("{{}}{%%}", "V:|B:");
        check("{{ a\n}}{ {{", "T:{{ a\n}}{ {{");
        check("{{ {% a %}", "T:{{ |B:a");
        check("{% a }} %}", "B:a }}");
        check("{{{ a }}}", "V:{ a|T:}");
    }

    #[test]
    fn verbatim_hides_tags() {
        check(
            "{% verbatim %}{{ a }}{% endverbatim %}{{ b }}",
            "B:verbatim|T:{{ a }}|B:endverbatim|V:b",
        );
        check(
            "{% verbatim x %}{% endverbatim %}{% endverbatim x %}",
            "B:verbatim x|T:{% endverbatim %}|B:endverbatim x",
        );
    }

    #[test]
    fn openers_without_closers_cost_linear_time() {
        let source = "{{{%{#".repeat(300_000);
        assert_eq!(tokenize(&source).len(), 1);
    }
}
