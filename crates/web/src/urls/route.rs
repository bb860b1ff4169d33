//! The text of a route, taken apart.

use std::collections::HashMap;
use std::sync::Arc;

use super::converter::{Converter, Kind};
use super::error::UrlsError;

/// Converters of the site's own, by name.
pub(super) type Converters = HashMap<Arc<str>, Arc<dyn Converter>>;

/// One part of a route.
#[derive(Debug, Clone)]
pub(super) enum Part {
    Literal(String),
    Param { name: Arc<str>, kind: Kind },
}

/// Takes `posts/<int:pk>/` apart.
///
/// As in Django, a bracket that opens without closing is literal text.
pub(super) fn parse(route: &str, converters: &Converters) -> Result<Vec<Part>, UrlsError> {
    let mut parts = Vec::new();
    let mut literal = String::new();
    let mut rest = route;
    while let Some((before, inside, after)) = next_param(rest) {
        literal.push_str(before);
        if !literal.is_empty() {
            parts.push(Part::Literal(std::mem::take(&mut literal)));
        }
        let (name, kind) = param(route, inside, converters)?;
        if parts
            .iter()
            .any(|part| matches!(part, Part::Param { name: known, .. } if **known == *name))
        {
            return Err(UrlsError::new(
                format!("URL route '{route}' uses parameter name '{name}' twice."),
                "Give every parameter of a route its own name.",
            ));
        }
        parts.push(Part::Param {
            name: name.into(),
            kind,
        });
        rest = after;
    }
    literal.push_str(rest);
    if !literal.is_empty() {
        parts.push(Part::Literal(literal));
    }
    Ok(parts)
}

/// Splits off the first `<converter:name>`: what stands before, inside and after it.
///
/// The text before the first colon is the converter only when it is not empty and holds no `>`.
fn next_param(text: &str) -> Option<(&str, &str, &str)> {
    let mut from = 0;
    while let Some(found) = text.get(from..)?.find('<') {
        let open = from + found;
        let inside_on = &text[open + 1..];
        let close = inside_on.find('>')?;
        if close > 0 {
            return Some((&text[..open], &inside_on[..close], &inside_on[close + 1..]));
        }
        from = open + 1;
    }
    None
}

fn param<'r>(
    route: &str,
    inside: &'r str,
    converters: &Converters,
) -> Result<(&'r str, Kind), UrlsError> {
    if inside.contains(|c: char| c.is_ascii_whitespace() || c == '\x0b') {
        return Err(UrlsError::new(
            format!("URL route '{route}' cannot contain whitespace in angle brackets <…>."),
            "Write `<int:pk>` without spaces.",
        ));
    }
    let (converter, name) = match inside.split_once(':') {
        Some((converter, name)) if !converter.is_empty() && !name.is_empty() => (converter, name),
        _ => ("str", inside),
    };
    if !is_identifier(name) {
        return Err(UrlsError::new(
            format!(
                "URL route '{route}' uses parameter name '{name}' which isn't a valid identifier."
            ),
            "Use letters, digits and underscores, and begin with a letter.",
        ));
    }
    let custom = || {
        let (name, converter) = converters.get_key_value(converter)?;
        Some(Kind::Custom(Arc::clone(name), Arc::clone(converter)))
    };
    let Some(kind) = Kind::builtin(converter).or_else(custom) else {
        let mut known = vec!["int", "path", "slug", "str", "uuid"];
        known.extend(converters.keys().map(AsRef::as_ref));
        known.sort_unstable();
        return Err(UrlsError::new(
            format!("URL route '{route}' uses invalid converter '{converter}'."),
            format!(
                "Known converters are {}; others are registered with `Urls::converter`.",
                known.join(", ")
            ),
        ));
    };
    Ok((name, kind))
}

fn is_identifier(name: &str) -> bool {
    let mut chars = name.chars();
    chars.next().is_some_and(|c| c.is_alphabetic() || c == '_')
        && chars.all(|c| c.is_alphanumeric() || c == '_')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(route: &str, expect: &str) {
        let shown = match parse(route, &Converters::new()) {
            Ok(parts) => parts
                .iter()
                .map(|part| match part {
                    Part::Literal(text) => format!("[{text}]"),
                    Part::Param { name, kind } => format!("<{}:{name}>", kind.name()),
                })
                .collect(),
            Err(error) => error.message().to_owned(),
        };
        assert_eq!(shown, expect, "{route:?}");
    }

    #[test]
    fn routes_come_apart_into_text_and_parameters() {
        check("", "");
        check("posts/<int:pk>/", "[posts/]<int:pk>[/]");
        check("<a>-<slug:b>", "<str:a>[-]<slug:b>");
        check("a<b", "[a<b]");
        check("a<>b<c>", "[a<>b]<str:c>");
    }

    #[test]
    fn broken_routes_say_what_is_wrong() {
        check(
            "<nope:pk>",
            "URL route '<nope:pk>' uses invalid converter 'nope'.",
        );
        check(
            "<int: pk>",
            "URL route '<int: pk>' cannot contain whitespace in angle brackets <…>.",
        );
        check(
            "<int:1pk>",
            "URL route '<int:1pk>' uses parameter name '1pk' which isn't a valid identifier.",
        );
        check(
            "<a>/<a>",
            "URL route '<a>/<a>' uses parameter name 'a' twice.",
        );
    }
}
