//! `wordcount`, `wordwrap`, `cut`, `phone2numeric`.
//!
//! ```
//! use nuages_template::{context, Engine, NoServices};
//! let page = Engine::default().from_str("{{ v|wordcount }} {{ v|wordwrap:5 }} {{ v|cut:' ' }} {{ '800-COLLECT'|phone2numeric }}")?;
//! assert_eq!(page.render(&context! { v: "Joel is a slug" }, &NoServices)?, "4 Joel\nis a\nslug Joelisaslug 800-2655328");
//! # Ok::<(), nuages_template::Error>(())
//! ```

use crate::error::Error;
use crate::library::FilterCall;
use crate::value::Value;

type Result<'r> = std::result::Result<Value<'r>, Error>;

/// How many words there are.
pub(super) fn wordcount<'r>(value: Value<'r>, _: &FilterCall<'r>) -> Result<'r> {
    Ok(Value::from(value.to_text().split_whitespace().count()))
}

/// The text without the argument. Removing `;` could make an entity of safe text: then it is not safe any more.
pub(super) fn cut<'r>(value: Value<'r>, call: &FilterCall<'r>) -> Result<'r> {
    let part = call.text().unwrap_or_default();
    let text = if part.is_empty() {
        value.to_text().into_owned()
    } else {
        value.to_text().replace(&*part, "")
    };
    Ok(if value.is_safe() && part != ";" {
        Value::assert_safe(text)
    } else {
        Value::from(text)
    })
}

/// Letters as the digits of a telephone.
pub(super) fn phone2numeric<'r>(value: Value<'r>, _: &FilterCall<'r>) -> Result<'r> {
    let text = value.to_text().to_lowercase();
    let digits = text.chars().map(|c| match c {
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
    Ok(Value::from(digits.collect::<String>()))
}

/// Lines of at most so many characters; a longer word has a line of its own.
pub(super) fn wordwrap<'r>(value: Value<'r>, call: &FilterCall<'r>) -> Result<'r> {
    let width = call
        .int()
        .and_then(|width| usize::try_from(width).ok())
        .filter(|width| *width > 0);
    let Some(width) = width else {
        return Err(Error::value("the width is not a number above zero"));
    };
    let text = value.to_text();
    let mut lines: Vec<String> = Vec::new();
    let mut all = split_lines(&text);
    if all.last() == Some(&"") {
        all.pop();
    }
    for line in all {
        let before = lines.len();
        wrap(&line.replace('\t', "        "), width, &mut lines);
        if lines.len() == before {
            lines.push(line.to_owned());
        }
    }
    if text.ends_with('\n') {
        lines.push(String::new());
    }
    Ok(Value::from(lines.join("\n")))
}

/// Splits where Python's `splitlines` does.
fn split_lines(text: &str) -> Vec<&str> {
    let ends = [
        '\n', '\r', '\u{b}', '\u{c}', '\u{1c}', '\u{1d}', '\u{1e}', '\u{85}', '\u{2028}',
        '\u{2029}',
    ];
    let mut lines = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find(ends) {
        lines.push(&rest[..at]);
        let length = rest[at..].chars().next().map_or(1, char::len_utf8);
        let length = if rest[at..].starts_with("\r\n") {
            2
        } else {
            length
        };
        rest = &rest[at + length..];
    }
    lines.push(rest);
    lines
}

/// Wraps one line. Spaces stay between words and go at the ends of lines.
fn wrap(line: &str, width: usize, lines: &mut Vec<String>) {
    let first = lines.len();
    let mut current = String::new();
    let mut length = 0;
    for chunk in chunks(line) {
        let size = chunk.chars().count();
        let blank = chunk.starts_with(is_space);
        if length + size > width && !current.is_empty() {
            finish(&mut current, lines);
            length = 0;
        }
        if blank && (length == 0 && lines.len() > first || length + size > width) {
            continue;
        }
        current.push_str(chunk);
        length += size;
    }
    finish(&mut current, lines);
}

fn finish(current: &mut String, lines: &mut Vec<String>) {
    let kept = current.trim_end_matches(is_space);
    if !kept.is_empty() {
        lines.push(kept.to_owned());
    }
    current.clear();
}

fn is_space(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\n' | '\r' | '\u{b}' | '\u{c}')
}

/// Words and the spaces between them.
fn chunks(line: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut rest = line;
    while let Some(first) = rest.chars().next() {
        let blank = is_space(first);
        let end = rest.find(|c| is_space(c) != blank).unwrap_or(rest.len());
        let (chunk, after) = rest.split_at(end);
        found.push(chunk);
        rest = after;
    }
    found
}
