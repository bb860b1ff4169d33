//! `Printed`: what a variable with its filters can be, as far as their names tell.

use super::html::Place;

/// Filters whose result has no character that ends a value, a string or a name.
const HARMLESS: [&str; 19] = [
    "length",
    "length_is",
    "wordcount",
    "divisibleby",
    "floatformat",
    "filesizeformat",
    "get_digit",
    "slugify",
    "intcomma",
    "ordinal",
    "urlencode",
    "pluralize",
    "yesno",
    "date",
    "time",
    "timesince",
    "timeuntil",
    "phone2numeric",
    "widthratio",
];

/// Filters that leave as it is what they are given, or put a text of the template in its place.
const TRANSPARENT: [&str; 8] = [
    "default",
    "default_if_none",
    "safe",
    "escape",
    "force_escape",
    "unlocalize",
    "localize",
    "lower",
];

/// Variables of the framework.
const OWN: [&str; 9] = [
    "csrf_token",
    "csp_nonce",
    "LANGUAGE_CODE",
    "LANGUAGE_BIDI",
    "STATIC_URL",
    "MEDIA_URL",
    "block.super",
    "True",
    "False",
];

/// What the last part of a name says that a program made the URL, or that a field checked it.
const URLS: [&str; 12] = [
    "url", "uri", "href", "link", "path", "src", "file", "absolute", "action", "query", "_qs",
    "root",
];

/// A variable, and its filters with their arguments.
pub(super) struct Printed<'s> {
    name: &'s str,
    filters: Vec<(&'s str, Option<&'s str>)>,
}

impl<'s> Printed<'s> {
    pub(super) fn of(contents: &'s str) -> Self {
        let mut parts = outside_of_quotes(contents, b'|').into_iter().map(str::trim);
        let name = parts.next().unwrap_or("");
        let filters = parts.map(|filter| match filter.split_once(':') {
            Some((name, argument)) => (name.trim(), Some(argument.trim())),
            None => (filter, None),
        });
        Self {
            name,
            filters: filters.collect(),
        }
    }

    pub(super) fn is_harmless(&self, place: &Place) -> bool {
        let last = self.filters.last().map(|(name, _)| *name);
        match place {
            Place::Script { quoted: true } | Place::Handler { quoted: true, .. }
                if last == Some("escapejs") =>
            {
                return true;
            }
            // Attributes that a program wrote: it has to know.
            Place::Tag if last == Some("safe") || self.is_attributes() => return true,
            Place::Srcdoc if last == Some("force_escape") => return true,
            Place::Url(_) if self.is_url() => return true,
            _ => {}
        }
        let mut filters = self.filters.iter().rev();
        let is_transparent = |(name, argument): &&(&str, Option<&str>)| {
            TRANSPARENT.contains(name) && argument.is_none_or(is_literal)
        };
        match filters.find(|filter| !is_transparent(filter)) {
            Some((name, argument)) => HARMLESS.contains(name) && argument.is_none_or(is_literal),
            None => is_literal(self.name) || self.is_own(),
        }
    }

    fn last_part(&self) -> &'s str {
        self.name.rsplit('.').next().unwrap_or("")
    }

    fn is_own(&self) -> bool {
        let last = self.last_part();
        OWN.contains(&self.name)
            || self.name.starts_with("forloop.")
            || ["pk", "id", "count"].contains(&last)
            || last.ends_with("_id")
            || last.ends_with("_pk")
            || last.ends_with("_count")
    }

    /// Does the name say that it is a tag's attributes?
    fn is_attributes(&self) -> bool {
        let last = self.last_part();
        last.contains("attr") || last == "as_html"
    }

    fn is_url(&self) -> bool {
        let last = self.last_part().to_ascii_lowercase();
        URLS.iter().any(|known| last.contains(known))
    }
}

/// A text or a number of the template itself, translated or not.
fn is_literal(text: &str) -> bool {
    let text = text
        .strip_prefix("_(")
        .and_then(|rest| rest.strip_suffix(')'))
        .unwrap_or(text);
    text.starts_with(['"', '\''])
        || text.starts_with(|c: char| c.is_ascii_digit() || c == '-' || c == '+')
}

/// The parts between separators that are not in quotes.
fn outside_of_quotes(text: &str, separator: u8) -> Vec<&str> {
    let (mut parts, mut start, mut quote, mut escaped) = (Vec::new(), 0, None, false);
    for (at, byte) in text.bytes().enumerate() {
        match quote {
            _ if escaped => escaped = false,
            Some(_) if byte == b'\\' => escaped = true,
            Some(open) if byte == open => quote = None,
            None if byte == b'"' || byte == b'\'' => quote = Some(byte),
            None if byte == separator => {
                parts.push(&text[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    parts.push(&text[start..]);
    parts
}
