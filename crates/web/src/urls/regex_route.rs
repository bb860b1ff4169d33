//! Routes that are regular expressions.

use std::sync::Arc;

use regex::{Regex, RegexBuilder};

use super::error::UrlsError;

/// Hostile expressions must not eat the memory of the site.
const SIZE_LIMIT: usize = 1 << 20;

/// A compiled expression with its groups.
#[derive(Debug, Clone)]
pub(super) struct RegexRoute {
    regex: Regex,
    /// The groups that are handed to the view, by number; named ones when there are any.
    pub(super) groups: Vec<(usize, Option<Arc<str>>)>,
}

impl RegexRoute {
    /// Compiles an expression in Python's dialect.
    ///
    /// The whole rest of the path must match when an endpoint ends with `$`; otherwise, as in Django,
    /// the expression is searched for.
    pub(super) fn new(source: &str, is_endpoint: bool) -> Result<Self, UrlsError> {
        let is_whole = is_endpoint && source.ends_with('$');
        let regex = compile(source, is_whole).map_err(|error| {
            UrlsError::new(
                format!("\"{source}\" is not a valid regular expression: {error}"),
                "Look-around and back references are not supported: they can take a time without end.",
            )
        })?;
        let named: Vec<(usize, Option<Arc<str>>)> = regex
            .capture_names()
            .enumerate()
            .filter_map(|(at, name)| Some((at, Some(Arc::from(name?)))))
            .collect();
        let groups = if named.is_empty() {
            (1..regex.captures_len()).map(|at| (at, None)).collect()
        } else {
            named
        };
        Ok(Self { regex, groups })
    }

    /// The spans of the groups in `text`, and where the match ends.
    pub(super) fn search(
        &self,
        text: &str,
    ) -> Option<(Vec<Option<std::ops::Range<usize>>>, usize)> {
        let found = self.regex.captures(text)?;
        let end = found.get(0)?.end();
        let span = |(at, _): &(usize, Option<Arc<str>>)| Some(found.get(*at)?.range());
        Some((self.groups.iter().map(span).collect(), end))
    }
}

/// Compiles an expression in Python's dialect; the time of a match is linear in the path.
pub(super) fn compile(source: &str, is_whole: bool) -> Result<Regex, regex::Error> {
    let translated = translate(source);
    let whole;
    let text = if is_whole {
        whole = format!(r"\A(?:{translated})\z");
        &whole
    } else {
        &translated
    };
    RegexBuilder::new(text).size_limit(SIZE_LIMIT).build()
}

/// Python's dialect in the crate's: `\Z`, and signs in classes that mean more here.
fn translate(source: &str) -> String {
    let mut out = String::with_capacity(source.len());
    let mut in_class = false;
    let mut chars = source.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\\' => {
                let next = chars.next();
                if let Some(class) = next.and_then(|next| python_class(next, in_class)) {
                    out.push_str(class);
                    continue;
                }
                out.push('\\');
                match next {
                    Some('Z') => out.push('z'),
                    // Spaces and the like, which need no escape.
                    Some(next) if next.is_whitespace() || !next.is_ascii() => {
                        out.pop();
                        out.push(next);
                    }
                    Some(next) => out.push(next),
                    None => {}
                }
            }
            '[' if in_class => out.push_str(r"\["),
            '&' | '~' if in_class => {
                out.push('\\');
                out.push(c);
            }
            '[' => {
                in_class = true;
                out.push(c);
                if chars.peek() == Some(&'^') {
                    out.extend(chars.next());
                }
                // A bracket at the beginning is one of the letters.
                if chars.peek() == Some(&']') {
                    chars.next();
                    out.push_str(r"\]");
                }
            }
            ']' => {
                in_class = false;
                out.push(c);
            }
            _ => out.push(c),
        }
    }
    out
}

/// What Python means by `\w` and `\s`: letters and numbers of any kind, but no marks; and the four
/// separators of ASCII.
fn python_class(name: char, in_class: bool) -> Option<&'static str> {
    Some(match (name, in_class) {
        ('w', true) => r"\p{L}\p{N}_",
        ('w', false) => r"[\p{L}\p{N}_]",
        ('W', _) => r"[^\p{L}\p{N}_]",
        ('s', true) => r"\s\x1c-\x1f",
        ('s', false) => r"[\s\x1c-\x1f]",
        ('S', _) => r"[^\s\x1c-\x1f]",
        _ => return None,
    })
}

/// Text as an expression that matches it alone.
pub(super) fn escape(text: &str) -> String {
    regex::escape(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(
        source: &str,
        is_endpoint: bool,
        text: &str,
        expect: Option<(&[Option<&str>], usize)>,
    ) {
        let route = RegexRoute::new(source, is_endpoint).unwrap();
        let found = route.search(text).map(|(spans, end)| {
            let texts = spans
                .into_iter()
                .map(|span| span.map(|span| text[span].to_owned()));
            (texts.collect::<Vec<_>>(), end)
        });
        let expect = expect.map(|(texts, end)| {
            let texts = texts.iter().map(|text| text.map(str::to_owned));
            (texts.collect::<Vec<_>>(), end)
        });
        assert_eq!(found, expect, "{source} on {text}");
    }

    #[test]
    fn expressions_are_searched_for_unless_they_end() {
        check(r"^a/(\d+)/$", true, "a/12/", Some((&[Some("12")], 5)));
        check(r"^a/(\d+)/$", true, "a/12/\n", None);
        check(r"a/(?P<x>\w+)", true, "x/a/é/y", Some((&[Some("é")], 6)));
        check(r"^(\d+)?(?P<b>x)?", true, "1", Some((&[None], 1)));
        check(r"^[[\]&]+\Z", true, "[]&", Some((&[], 3)));
        check(r"^[\w-]+$", true, "é-①_", Some((&[], 7)));
        check(r"^\w+$", true, "e\u{301}", None);
    }

    #[test]
    fn what_takes_time_without_end_is_refused() {
        for source in [r"(?!a)b", r"(?<=a)b", r"(a)\1", r"(?P<x>a)(?P=x)", "("] {
            assert!(RegexRoute::new(source, true).is_err(), "{source}");
        }
        let route = RegexRoute::new("^(a+)+$", true).unwrap();
        assert!(route.search(&("a".repeat(20_000) + "b")).is_none());
    }
}
