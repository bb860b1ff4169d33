//! HTML in a form that is the same whenever Django's `assertHTMLEqual` says so.

/// Tags one by one with sorted attributes and classes, text with single spaces.
pub(super) fn normal(html: &str) -> String {
    let mut out = Vec::new();
    let mut rest = html;
    while let Some(at) = rest.find('<') {
        push_text(&mut out, &rest[..at]);
        rest = &rest[at..];
        let end = tag_end(rest);
        out.push(tag(&rest[..end]));
        rest = &rest[end..];
    }
    push_text(&mut out, rest);
    out.join("\n")
}

fn push_text(out: &mut Vec<String>, text: &str) {
    let words: Vec<_> = text.split_ascii_whitespace().collect();
    if !words.is_empty() {
        out.push(words.join(" "));
    }
}

fn tag_end(text: &str) -> usize {
    let mut quoted = false;
    for (at, b) in text.bytes().enumerate() {
        match b {
            b'"' => quoted = !quoted,
            b'>' if !quoted => return at + 1,
            _ => {}
        }
    }
    text.len()
}

fn tag(text: &str) -> String {
    let inner = text.trim_start_matches('<').trim_end_matches('>').trim();
    let (name, mut rest) = inner.split_once(char::is_whitespace).unwrap_or((inner, ""));
    let mut attrs = Vec::new();
    loop {
        rest = rest.trim_start();
        if rest.is_empty() {
            break;
        }
        let end = rest
            .find(|c: char| c == '=' || c.is_whitespace())
            .unwrap_or(rest.len());
        let (key, after) = rest.split_at(end);
        let Some(after) = after.strip_prefix("=\"") else {
            attrs.push(key.to_owned());
            rest = after;
            continue;
        };
        let (value, after) = after.split_once('"').unwrap_or((after, ""));
        let value = if key == "class" {
            let mut classes: Vec<_> = value.split_ascii_whitespace().collect();
            classes.sort_unstable();
            classes.join(" ")
        } else {
            value.to_owned()
        };
        attrs.push(format!("{key}=\"{value}\""));
        rest = after;
    }
    attrs.sort();
    format!("<{name} {}>", attrs.join(" "))
}
