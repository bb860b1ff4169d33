//! `linebreaks` and `strip_spaces_between_tags`.

use crate::chars::is_space;
use crate::escape::push_escaped;
use crate::text::normalize_newlines;

/// Empty lines become paragraphs, other line breaks `<br>`.
///
/// ```
/// use nuages_template::html::linebreaks;
/// assert_eq!(linebreaks("a\nb\n\n<c>", true), "<p>a<br>b</p>\n\n<p>&lt;c&gt;</p>");
/// ```
///
/// # Security
/// Without `autoescape` the text has to be HTML already.
///
/// # Django
/// `linebreaks`.
pub fn linebreaks(text: &str, autoescape: bool) -> String {
    let text = normalize_newlines(text);
    let mut out = String::with_capacity(text.len() + 16);
    let mut rest = &*text;
    loop {
        let end = rest.find("\n\n");
        if !out.is_empty() {
            out.push_str("\n\n");
        }
        out.push_str("<p>");
        push_lines(&rest[..end.unwrap_or(rest.len())], autoescape, &mut out);
        out.push_str("</p>");
        match end {
            Some(end) => rest = rest[end..].trim_start_matches('\n'),
            None => return out,
        }
    }
}

/// Writes lines with `<br>` between them.
pub(crate) fn push_lines(text: &str, escape: bool, out: &mut String) {
    for (index, line) in text.split('\n').enumerate() {
        if index > 0 {
            out.push_str("<br>");
        }
        if escape {
            push_escaped(out, line);
        } else {
            out.push_str(line);
        }
    }
}

/// HTML without the spaces between its tags.
///
/// ```
/// use nuages_template::html::strip_spaces_between_tags;
/// assert_eq!(strip_spaces_between_tags("<p>\n <b> x</b>\t</p>"), "<p><b> x</b></p>");
/// ```
///
/// # Django
/// `strip_spaces_between_tags`.
pub fn strip_spaces_between_tags(html: &str) -> String {
    let mut out = String::with_capacity(html.len());
    let mut rest = html;
    while let Some(at) = rest.find('>') {
        let (done, behind) = rest.split_at(at + 1);
        out.push_str(done);
        let next = behind.trim_start_matches(is_space);
        rest = if next.starts_with('<') { next } else { behind };
    }
    out + rest
}
