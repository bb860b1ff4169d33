//! A small HTML tokenizer for `strip_tags` and `Truncator`: linear, and lenient as browsers are.

/// A piece of HTML.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Piece<'h> {
    /// Text, with its entities as they stand.
    Text(&'h str),
    /// An opening tag; `closed`: it ends in `/>`.
    Open {
        name: String,
        source: &'h str,
        closed: bool,
    },
    /// A closing tag.
    Close { name: String },
    /// A comment, a declaration or a processing instruction.
    Other,
}

/// Takes HTML apart. What only looks like a tag is text.
pub(crate) fn pieces(html: &str) -> Vec<Piece<'_>> {
    let mut found: Vec<Piece<'_>> = Vec::new();
    let (mut text, mut at) = (0, 0);
    // When no `>` follows any more, every further `<` is text: one search, not one for each.
    let last = html.rfind('>');
    let mut endless = Endless::default();
    while let Some(start) = html[at..].find('<').map(|offset| at + offset) {
        let hopeless = last.is_none_or(|last| last < start);
        if hopeless && html[start..].starts_with("<!") {
            // A declaration that never ends hides the rest, as in browsers.
            found.push(Piece::Text(&html[text..start]));
            text = html.len();
            break;
        }
        let piece = if hopeless {
            None
        } else {
            tag(html, start, &mut endless)
        };
        let Some((piece, end)) = piece else {
            // A lone `<` is a text of its own, and so a word.
            if text < start {
                found.push(Piece::Text(&html[text..start]));
            }
            let rest = &html[start + 1..];
            let end = if rest.starts_with(|c: char| c.is_ascii_alphabetic()) {
                rest.find('<').map_or(html.len(), |next| start + 1 + next)
            } else {
                start + 1
            };
            found.push(Piece::Text(&html[start..end]));
            (text, at) = (end, end);
            continue;
        };
        if text < start {
            found.push(Piece::Text(&html[text..start]));
        }
        found.push(piece);
        (text, at) = (end, end);
    }
    if text < html.len() {
        found.push(Piece::Text(&html[text..]));
    }
    found
}

/// The piece that opens with `<` at `start`, and its end.
fn tag<'h>(html: &'h str, start: usize, endless: &mut Endless) -> Option<(Piece<'h>, usize)> {
    let rest = &html[start..];
    let end = |needle: &str| {
        rest.find(needle)
            .map(|offset| start + offset + needle.len())
    };
    if let Some(comment) = rest.strip_prefix("<!--") {
        let end = comment
            .find("-->")
            .map_or(html.len(), |offset| start + 4 + offset + 3);
        return Some((Piece::Other, end));
    }
    if rest.starts_with("<!") || rest.starts_with("<?") {
        return Some((Piece::Other, end(">")?));
    }
    if let Some(name) = rest.strip_prefix("</") {
        if !name.starts_with(|c: char| c.is_ascii_alphabetic()) {
            return (name.starts_with('>') || !name.is_empty())
                .then(|| end(">"))
                .flatten()
                .map(|end| (Piece::Other, end));
        }
        return Some((
            Piece::Close {
                name: tag_name(name),
            },
            end(">")?,
        ));
    }
    if !rest[1..].starts_with(|c: char| c.is_ascii_alphabetic()) {
        return None;
    }
    let end = tag_end(html, start, endless)?;
    let source = &html[start..end];
    Some((
        Piece::Open {
            name: tag_name(&rest[1..]),
            source,
            closed: source.ends_with("/>"),
        },
        end,
    ))
}

fn tag_name(text: &str) -> String {
    let end = text
        .find(|c: char| c.is_whitespace() || matches!(c, '/' | '>'))
        .unwrap_or(text.len());
    text[..end].to_lowercase()
}

/// The places from which a tag has no end, because a quote in it is never closed.
///
/// A tag that begins at one of the `<` in a tag without an end has none either: each is looked at once.
#[derive(Debug, Default)]
struct Endless(std::collections::HashSet<usize>);

/// Where the opening tag at `start` ends: behind the `>` that is not in a quoted attribute.
fn tag_end(html: &str, start: usize, endless: &mut Endless) -> Option<usize> {
    let bytes = html.as_bytes();
    if endless.0.contains(&start) {
        return None;
    }
    let mut inner = vec![start];
    let mut at = start + 1;
    let mut value = false;
    while at < bytes.len() {
        match bytes[at] {
            b'>' => return Some(at + 1),
            b'<' => {
                if endless.0.contains(&at) {
                    break;
                }
                inner.push(at);
                value = false;
            }
            quote @ (b'"' | b'\'') if value => {
                match bytes[at + 1..].iter().position(|byte| *byte == quote) {
                    Some(length) => at += 1 + length,
                    None => break,
                }
                value = false;
            }
            b'=' => value = true,
            byte if byte.is_ascii_whitespace() => {}
            _ => value = false,
        }
        at += 1;
    }
    endless.0.extend(inner);
    None
}

/// Elements without contents: they are never closed.
pub(crate) fn is_void(name: &str) -> bool {
    const VOID: [&str; 16] = [
        "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param",
        "source", "track", "wbr", "frame", "spacer",
    ];
    VOID.contains(&name)
}
