//! `truncatechars`, `truncatewords`, and the same for HTML.
//!
//! ```
//! use nuages_template::{context, Engine, NoServices};
//! let page = Engine::default().from_str("{{ v|truncatechars:5 }} {{ v|truncatewords:1 }} {{ '<b>one two</b>'|truncatewords_html:1 }}")?;
//! assert_eq!(page.render(&context! { v: "Joel is" }, &NoServices)?, "Joel… Joel … <b>one …</b>");
//! # Ok::<(), nuages_template::Error>(())
//! ```

use crate::error::Error;
use crate::html::{Piece, pieces, unescape};
use crate::library::FilterCall;
use crate::value::Value;

type Result<'r> = std::result::Result<Value<'r>, Error>;

/// So many characters at most, the ellipsis counted in.
pub(super) fn truncatechars<'r>(value: Value<'r>, call: &FilterCall<'r>) -> Result<'r> {
    let Some(limit) = call.int() else {
        return Ok(value);
    };
    let text = value.to_text();
    let (mut count, mut end) = (0, 0);
    for (at, c) in text.char_indices() {
        if is_combining(c) {
            continue;
        }
        count += 1;
        if count == limit {
            end = at;
        }
        if count > limit {
            let cut = if limit <= 0 {
                String::new()
            } else {
                ellipsis(&text[..end])
            };
            return Ok(Value::from(cut));
        }
    }
    if limit <= 0 {
        return Ok(Value::from(""));
    }
    Ok(Value::from(text.into_owned()))
}

fn ellipsis(text: &str) -> String {
    format!("{text}…")
}

/// So many words at most.
pub(super) fn truncatewords<'r>(value: Value<'r>, call: &FilterCall<'r>) -> Result<'r> {
    let Some(limit) = call.int() else {
        return Ok(value);
    };
    let Ok(limit @ 1..) = usize::try_from(limit) else {
        return Ok(Value::from(""));
    };
    let text = value.to_text();
    let mut words = text.split_whitespace();
    let mut out = words.by_ref().take(limit).collect::<Vec<_>>().join(" ");
    if words.next().is_some() && !out.ends_with(" …") {
        out.push_str(" …");
    }
    Ok(Value::from(out))
}

/// So many characters of text at most; tags do not count, and what is open is closed.
pub(super) fn truncatechars_html<'r>(value: Value<'r>, call: &FilterCall<'r>) -> Result<'r> {
    let Some(limit) = call.int() else {
        return Ok(value);
    };
    let Ok(limit @ 1..) = usize::try_from(limit) else {
        return Ok(Value::from(""));
    };
    Ok(Value::from(
        Truncation::new(limit - 1, Unit::Characters(limit)).run(&value.to_text()),
    ))
}

/// So many words of text at most; tags do not count, and what is open is closed.
pub(super) fn truncatewords_html<'r>(value: Value<'r>, call: &FilterCall<'r>) -> Result<'r> {
    let Some(limit) = call.int() else {
        return Ok(value);
    };
    let Ok(limit @ 1..) = usize::try_from(limit) else {
        return Ok(Value::from(""));
    };
    Ok(Value::from(
        Truncation::new(limit, Unit::Words).run(&value.to_text()),
    ))
}

#[derive(Clone, Copy)]
enum Unit {
    /// Characters, and how many the whole text may have before it needs an ellipsis.
    Characters(usize),
    Words,
}

struct Truncation {
    unit: Unit,
    remaining: usize,
    seen: usize,
    open: Vec<String>,
    out: String,
}

impl Truncation {
    fn new(remaining: usize, unit: Unit) -> Self {
        Self {
            unit,
            remaining,
            seen: 0,
            open: Vec::new(),
            out: String::new(),
        }
    }

    fn run(mut self, html: &str) -> String {
        let all = pieces(html);
        let mut rest = all.iter().peekable();
        while let Some(piece) = rest.next() {
            match piece {
                Piece::Text(text) => {
                    let text = unescape(text);
                    if self.text(&text, rest.peek().is_none(), html.len()) {
                        break;
                    }
                }
                Piece::Open {
                    name,
                    source,
                    closed,
                } => {
                    self.out.push_str(source);
                    if !is_void(name) {
                        if *closed {
                            self.push_closing(name);
                        } else {
                            self.open.push(name.clone());
                        }
                    }
                }
                Piece::Close { name } => {
                    if !is_void(name) {
                        self.push_closing(name);
                        if self.open.last() == Some(name) {
                            self.open.pop();
                        }
                    }
                }
                Piece::Other => {}
            }
        }
        self.out
    }

    /// Adds text; true when the limit is reached and everything is closed.
    fn text(&mut self, text: &str, last: bool, source: usize) -> bool {
        let (parts, joiner): (Vec<&str>, &str) = match self.unit {
            Unit::Characters(_) => (text.split_inclusive(|_| true).collect(), ""),
            Unit::Words => (split_words(text), " "),
        };
        self.seen += parts.len();
        if let Unit::Characters(limit) = self.unit
            && self.seen == limit
            && last
            && self.out.len() + text.len() == source
        {
            self.out.push_str(text);
            self.close();
            return true;
        }
        let kept = &parts[..parts.len().min(self.remaining)];
        let shown = crate::escape::escape(&kept.join(joiner));
        self.out.push_str(&shown);
        if self.remaining < parts.len() {
            let mark = if joiner.is_empty() { "…" } else { " …" };
            if !shown.ends_with(mark) {
                self.out.push_str(mark);
            }
            self.close();
            return true;
        }
        self.remaining -= parts.len();
        false
    }

    fn close(&mut self) {
        while let Some(name) = self.open.pop() {
            self.push_closing(&name);
        }
    }

    fn push_closing(&mut self, name: &str) {
        self.out.extend(["</", name, ">"]);
    }
}

/// Splits at spaces between words; spaces at both ends stay with their words.
fn split_words(text: &str) -> Vec<&str> {
    let body = text.trim();
    if body.is_empty() {
        return vec![text];
    }
    let lead = text.len() - text.trim_start().len();
    let end = lead + body.len();
    let mut words = Vec::new();
    let mut start = 0;
    let mut at = lead;
    while let Some(space) = text[at..end].find(char::is_whitespace) {
        words.push(&text[start..at + space]);
        let rest = &text[at + space..end];
        start = end - rest.trim_start().len();
        at = start;
    }
    words.push(&text[start..]);
    words
}

fn is_void(name: &str) -> bool {
    const VOID: [&str; 16] = [
        "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param",
        "source", "track", "wbr", "frame", "spacer",
    ];
    VOID.contains(&name)
}

/// Marks that are drawn onto the character before them.
fn is_combining(c: char) -> bool {
    matches!(u32::from(c),
        0x0300..=0x036f | 0x0483..=0x0487 | 0x0591..=0x05bd | 0x05bf | 0x05c1..=0x05c2 | 0x05c4..=0x05c5 | 0x05c7
        | 0x0610..=0x061a | 0x064b..=0x065f | 0x0670 | 0x06d6..=0x06dc | 0x06df..=0x06e4 | 0x06e7..=0x06e8
        | 0x06ea..=0x06ed | 0x093c | 0x094d | 0x09bc | 0x09cd | 0x0a3c | 0x0a4d | 0x0abc | 0x0acd | 0x0b3c | 0x0b4d
        | 0x0bcd | 0x0c4d | 0x0cbc | 0x0ccd | 0x0d4d | 0x0dca | 0x0e38..=0x0e3a | 0x0e48..=0x0e4b | 0x1037
        | 0x1039..=0x103a | 0x1ab0..=0x1ace | 0x1dc0..=0x1dff | 0x20d0..=0x20dc | 0x20e1 | 0x20e5..=0x20f0
        | 0x302a..=0x302f | 0x3099..=0x309a | 0xfe20..=0xfe2f)
}

#[cfg(test)]
mod tests {
    use super::super::testing::render;

    #[test]
    fn text_is_cut_after_whole_characters() {
        assert_eq!(render("truncatechars:3", "añb"), "añb");
        assert_eq!(render("truncatechars:2", "añb"), "a…");
        assert_eq!(render("truncatechars:0", "abc"), "");
        assert_eq!(render("truncatechars:'x'", "abc"), "abc");
    }
}
