//! `Truncator`: text cut to so many characters or words, HTML counted without its tags.

use std::borrow::Cow;
use std::fmt::Write;

use unicode_normalization::{UnicodeNormalization, is_nfc};

use crate::chars::{is_combining, is_space, split_spaces};
use crate::escape::{escape, push_escaped};
use crate::html::{Piece, is_void, pieces, unescape};

/// What stands for the text in an ellipsis that goes around it.
const PLACE: &str = "%(truncated_text)s";

/// Cuts text.
///
/// ```
/// use nuages_template::text::Truncator;
/// assert_eq!(Truncator::new("The quick brown fox").chars(10), "The quick…");
/// assert_eq!(Truncator::new("The quick brown fox").ellipsis(" [more]").words(2), "The quick [more]");
/// assert_eq!(Truncator::new("<p>The <b>quick</b> fox</p>").html().words(2), "<p>The <b>quick</b>…</p>");
/// ```
///
/// # Django
/// `django.utils.text.Truncator`.
#[derive(Clone, Copy, Debug)]
pub struct Truncator<'t> {
    text: &'t str,
    ellipsis: &'t str,
    html: bool,
}

impl<'t> Truncator<'t> {
    /// Of this text, with `…` where something is missing.
    pub fn new(text: &'t str) -> Self {
        Self {
            text,
            ellipsis: "…",
            html: false,
        }
    }

    /// What shows that something is missing. `%(truncated_text)s` in it stands for the text.
    ///
    /// # Django
    /// `truncate`.
    #[must_use]
    pub fn ellipsis(mut self, ellipsis: &'t str) -> Self {
        self.ellipsis = ellipsis;
        self
    }

    /// The text is HTML: tags do not count, and what is open is closed.
    #[must_use]
    pub fn html(mut self) -> Self {
        self.html = true;
        self
    }

    /// At most so many characters, the ellipsis counted in. Marks do not count, and are composed with their letters.
    pub fn chars(&self, limit: i64) -> String {
        let Ok(limit @ 1..) = usize::try_from(limit) else {
            return String::new();
        };
        let text: Cow<'_, str> = if is_nfc(self.text) {
            self.text.into()
        } else {
            self.text.nfc().collect::<String>().into()
        };
        let keep = limit.saturating_sub(self.ellipsis_length());
        if self.html {
            return Html::new(*self, keep, Unit::Characters(limit)).run(&text);
        }
        let (mut count, mut end) = (0, None);
        for (at, _) in text.char_indices().filter(|(_, c)| !is_combining(*c)) {
            count += 1;
            if count > keep {
                end = end.or(Some(at));
            }
            if count > limit {
                return self.with_ellipsis(&text[..end.unwrap_or(0)]);
            }
        }
        text.into_owned()
    }

    /// At most so many words. In plain text, the spaces between them become single ones.
    pub fn words(&self, limit: i64) -> String {
        let Ok(limit @ 1..) = usize::try_from(limit) else {
            return String::new();
        };
        if self.html {
            return Html::new(*self, limit, Unit::Words).run(self.text);
        }
        let mut words = split_spaces(self.text);
        let kept = words.by_ref().take(limit).collect::<Vec<_>>().join(" ");
        if words.next().is_some() {
            self.with_ellipsis(&kept)
        } else {
            kept
        }
    }

    fn with_ellipsis(&self, text: &str) -> String {
        if self.ellipsis.contains(PLACE) {
            let pieces: Vec<String> = self
                .ellipsis
                .split(PLACE)
                .map(|piece| piece.replace("%%", "%"))
                .collect();
            return pieces.join(text);
        }
        if text.ends_with(self.ellipsis) {
            return text.to_owned();
        }
        format!("{text}{}", self.ellipsis)
    }

    /// How many characters the ellipsis takes.
    fn ellipsis_length(&self) -> usize {
        let alone = self.with_ellipsis("");
        alone.chars().filter(|c| !is_combining(*c)).count()
    }
}

#[derive(Clone, Copy)]
enum Unit {
    /// Characters, and how many the whole text may have before it needs an ellipsis.
    Characters(usize),
    Words,
}

/// HTML on its way to being cut.
struct Html<'t> {
    truncator: Truncator<'t>,
    unit: Unit,
    remaining: usize,
    seen: usize,
    open: Vec<String>,
    out: String,
}

impl<'t> Html<'t> {
    fn new(truncator: Truncator<'t>, remaining: usize, unit: Unit) -> Self {
        Self {
            truncator,
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
        let count = match self.unit {
            Unit::Characters(_) => text.chars().count(),
            Unit::Words => split_words(text).len(),
        };
        self.seen += count;
        if let Unit::Characters(limit) = self.unit
            && self.seen == limit
            && last
            && self.out.len() + text.len() == source
        {
            self.out.push_str(text);
            self.close();
            return true;
        }
        if self.remaining < count {
            let shown = match self.unit {
                Unit::Characters(_) => {
                    let end = text.char_indices().nth(self.remaining);
                    escape(&text[..end.map_or(text.len(), |(at, _)| at)])
                }
                Unit::Words => escape(&split_words(text)[..self.remaining].join(" ")),
            };
            self.out.push_str(&self.truncator.with_ellipsis(&shown));
            self.close();
            return true;
        }
        self.remaining -= count;
        match self.unit {
            Unit::Characters(_) => push_escaped(&mut self.out, text),
            Unit::Words => push_escaped(&mut self.out, &split_words(text).join(" ")),
        }
        false
    }

    fn close(&mut self) {
        while let Some(name) = self.open.pop() {
            self.push_closing(&name);
        }
    }

    fn push_closing(&mut self, name: &str) {
        // Writing into a String cannot fail.
        let _ = write!(self.out, "</{name}>");
    }
}

/// Splits at spaces between words; spaces at both ends stay with their words.
fn split_words(text: &str) -> Vec<&str> {
    let body = text.trim_matches(is_space);
    if body.is_empty() {
        return vec![text];
    }
    let lead = text.len() - text.trim_start_matches(is_space).len();
    let end = lead + body.len();
    let mut words = Vec::new();
    let mut start = 0;
    let mut at = lead;
    while let Some(space) = text[at..end].find(is_space) {
        words.push(&text[start..at + space]);
        let rest = &text[at + space..end];
        start = end - rest.trim_start_matches(is_space).len();
        at = start;
    }
    words.push(&text[start..]);
    words
}
