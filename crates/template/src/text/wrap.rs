//! `wrap`: lines of a width.

/// Lines of at most `width` characters; a longer word has a line of its own. Line breaks stay.
///
/// ```
/// assert_eq!(nuages_template::text::wrap("Joel is a slug", 5), "Joel\nis a\nslug");
/// ```
///
/// # Django
/// `wrap`. A width of zero gives each word its line; Django refuses it.
pub fn wrap(text: &str, width: usize) -> String {
    let mut lines: Vec<String> = Vec::new();
    let mut all = split_lines(text);
    if all.last() == Some(&"") {
        all.pop();
    }
    for line in all {
        let before = lines.len();
        wrap_line(&expand_tabs(line), width, &mut lines);
        if lines.len() == before {
            lines.push(line.to_owned());
        }
    }
    if text.ends_with('\n') {
        lines.push(String::new());
    }
    lines.join("\n")
}

/// Tabs as spaces up to the next eighth column.
fn expand_tabs(line: &str) -> String {
    let mut out = String::with_capacity(line.len());
    let mut column = 0;
    for c in line.chars() {
        if c == '\t' {
            let add = 8 - column % 8;
            out.extend(std::iter::repeat_n(' ', add));
            column += add;
        } else {
            out.push(c);
            column += 1;
        }
    }
    out
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
fn wrap_line(line: &str, width: usize, lines: &mut Vec<String>) {
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
