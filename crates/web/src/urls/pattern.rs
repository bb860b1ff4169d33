//! A route that can be matched against a path.

use std::ops::Range;
use std::sync::Arc;

use regex::Regex;

use super::converter::{Kind, Verdict};
use super::error::UrlsError;
use super::regex_route::{RegexRoute, escape};
use super::route::Part;
use super::value::UrlValue;

/// Hostile patterns of converters must not eat the memory of the site.
const REGEX_SIZE_LIMIT: usize = 1 << 20;

/// One parameter of a route.
#[derive(Debug, Clone)]
pub(super) struct Param {
    /// Absent for a group without a name.
    pub(super) name: Option<Arc<str>>,
    pub(super) kind: Kind,
}

/// One captured parameter.
#[derive(Debug, Clone)]
pub(super) enum Captured {
    /// A range of the whole path.
    Span(Range<usize>),
    /// What a custom converter made of it.
    Value(UrlValue<'static>),
    /// A group of an expression that took no part.
    Absent,
}

/// A compiled route, or a compiled prefix of routes.
#[derive(Debug, Clone)]
pub(super) struct Pattern {
    pub(super) route: String,
    pub(super) parts: Vec<Part>,
    pub(super) params: Vec<Param>,
    is_endpoint: bool,
    program: Program,
}

#[derive(Debug, Clone)]
enum Program {
    /// No parameters: compare the text.
    Text,
    /// Every capture ends where its characters end: one walk, no going back.
    Walk,
    /// Captures that can end in several places; the engine's time is linear in the path.
    Regex { regex: Regex, groups: Vec<usize> },
    /// The route is an expression itself.
    Search(RegexRoute),
}

impl Pattern {
    /// Compiles the parts of a route; an endpoint must match the whole rest of the path.
    pub(super) fn new(
        route: String,
        parts: Vec<Part>,
        is_endpoint: bool,
    ) -> Result<Self, UrlsError> {
        let params: Vec<Param> = parts
            .iter()
            .filter_map(|part| match part {
                Part::Literal(_) => None,
                Part::Param { name, kind } => Some(Param {
                    name: Some(Arc::clone(name)),
                    kind: kind.clone(),
                }),
            })
            .collect();
        let program = if params.is_empty() {
            Program::Text
        } else if is_walkable(&parts) {
            Program::Walk
        } else {
            compile(&route, &parts, is_endpoint)?
        };
        Ok(Self {
            route,
            parts,
            params,
            is_endpoint,
            program,
        })
    }

    /// Compiles an expression.
    pub(super) fn regex(source: String, is_endpoint: bool) -> Result<Self, UrlsError> {
        let route = RegexRoute::new(&source, is_endpoint)?;
        let params = route.groups.iter().map(|(_, name)| Param {
            name: name.clone(),
            kind: Kind::Str,
        });
        Ok(Self {
            params: params.collect(),
            route: source,
            parts: Vec::new(),
            is_endpoint,
            program: Program::Search(route),
        })
    }

    /// True when the route is an expression.
    pub(super) fn is_regex(&self) -> bool {
        matches!(self.program, Program::Search(_))
    }

    /// The pattern as an expression in Python's dialect, without `^` in front.
    pub(super) fn expression(&self) -> String {
        if self.is_regex() {
            return self
                .route
                .strip_prefix('^')
                .unwrap_or(&self.route)
                .to_owned();
        }
        let parts = self.parts.iter().map(|part| match part {
            Part::Literal(text) => escape(text),
            Part::Param { name, kind } => format!("(?P<{name}>{})", kind.regex()),
        });
        let mut source: String = parts.collect();
        if self.is_endpoint {
            source.push_str(r"\Z");
        }
        source
    }

    /// Matches `path[from..]`, appends the captures, and returns where the match ends.
    ///
    /// On `None` the captures may have grown: the caller truncates.
    pub(super) fn matches(
        &self,
        path: &str,
        from: usize,
        captures: &mut Vec<Captured>,
    ) -> Option<usize> {
        let rest = path.get(from..)?;
        match &self.program {
            Program::Text => {
                let length = self.route.len();
                let fits = if self.is_endpoint {
                    rest == self.route
                } else {
                    rest.starts_with(&self.route)
                };
                fits.then_some(from + length)
            }
            Program::Walk => self.walk(path, from, captures),
            Program::Regex { regex, groups } => {
                let found = regex.captures(rest)?;
                for (param, group) in self.params.iter().zip(groups) {
                    let group = found.get(*group)?;
                    let span = from + group.start()..from + group.end();
                    captures.push(capture(&param.kind, path, span)?);
                }
                Some(from + found.get(0)?.end())
            }
            Program::Search(route) => {
                let (spans, end) = route.search(rest)?;
                captures.extend(spans.into_iter().map(|span| match span {
                    Some(span) => Captured::Span(from + span.start..from + span.end),
                    None => Captured::Absent,
                }));
                Some(from + end)
            }
        }
    }

    /// True when the whole of `text` matches and no converter is asked for a value.
    pub(super) fn matches_text(&self, text: &str) -> bool {
        match &self.program {
            Program::Text => text == self.route,
            Program::Walk => self
                .measure(text, 0, &mut |_| {})
                .is_some_and(|end| end == text.len()),
            Program::Regex { regex, .. } => regex.is_match(text),
            Program::Search(route) => route.search(text).is_some(),
        }
    }

    fn walk(&self, path: &str, from: usize, captures: &mut Vec<Captured>) -> Option<usize> {
        let first = captures.len();
        let at = self.measure(path, from, &mut |span| captures.push(Captured::Span(span)))?;
        if self.is_endpoint && at != path.len() {
            return None;
        }
        // Converters speak last: a refusal means that the whole route does not match.
        for (param, captured) in self.params.iter().zip(&mut captures[first..]) {
            if let Captured::Span(span) = captured {
                *captured = capture(&param.kind, path, span.clone())?;
            }
        }
        Some(at)
    }

    /// Walks the parts; the end of the last one.
    fn measure(
        &self,
        path: &str,
        from: usize,
        found: &mut dyn FnMut(Range<usize>),
    ) -> Option<usize> {
        let mut at = from;
        for part in &self.parts {
            match part {
                Part::Literal(text) => {
                    if !path.get(at..)?.starts_with(text.as_str()) {
                        return None;
                    }
                    at += text.len();
                }
                Part::Param { kind, .. } => {
                    let end = at + kind.run(path.get(at..)?)?;
                    found(at..end);
                    at = end;
                }
            }
        }
        Some(at)
    }
}

fn capture(kind: &Kind, path: &str, span: Range<usize>) -> Option<Captured> {
    match kind.verdict(path.get(span.clone())?) {
        Verdict::Refused => None,
        Verdict::Text => Some(Captured::Span(span)),
        Verdict::Value(value) => Some(Captured::Value(value)),
    }
}

/// True when no capture can be followed by one of its own characters.
fn is_walkable(parts: &[Part]) -> bool {
    parts.iter().enumerate().all(|(at, part)| match part {
        Part::Literal(_) => true,
        Part::Param { kind, .. } => match parts.get(at + 1) {
            _ if matches!(kind, Kind::Custom(..)) => false,
            None => true,
            Some(Part::Literal(next)) => next.chars().next().is_some_and(|c| kind.ends_before(c)),
            Some(Part::Param { .. }) => matches!(kind, Kind::Uuid),
        },
    })
}

fn compile(route: &str, parts: &[Part], is_endpoint: bool) -> Result<Program, UrlsError> {
    let mut source = String::from(r"\A");
    let mut groups = Vec::new();
    let mut next_group = 1;
    for part in parts {
        match part {
            Part::Literal(text) => source.push_str(&regex::escape(text)),
            Part::Param { name, kind } => {
                let own = Regex::new(kind.regex()).map_err(|error| {
                    UrlsError::new(
                        format!("The regex of the converter '{}' of parameter '{name}' is not valid: {error}", kind.name()),
                        "Look-around and back references are not supported.",
                    )
                })?;
                groups.push(next_group);
                next_group += own.captures_len();
                source.push('(');
                source.push_str(kind.regex());
                source.push(')');
            }
        }
    }
    if is_endpoint {
        source.push_str(r"\z");
    }
    let regex = regex::RegexBuilder::new(&source)
        .size_limit(REGEX_SIZE_LIMIT)
        .build()
        .map_err(|error| {
            UrlsError::new(
                format!("URL route '{route}' cannot be compiled: {error}"),
                "Simplify the regexes of its converters.",
            )
        })?;
    Ok(Program::Regex { regex, groups })
}

#[cfg(test)]
mod tests {
    use super::super::route::{Converters, parse};
    use super::*;

    fn check(route: &str, is_endpoint: bool, path: &str, expect: Option<(usize, &[&str])>) {
        let parts = parse(route, &Converters::new()).unwrap();
        let pattern = Pattern::new(route.to_owned(), parts, is_endpoint).unwrap();
        let mut captures = Vec::new();
        let end = pattern.matches(path, 0, &mut captures);
        let texts: Vec<&str> = captures
            .iter()
            .map(|captured| match captured {
                Captured::Span(span) => &path[span.clone()],
                other => panic!("no custom converter here: {other:?}"),
            })
            .collect();
        assert_eq!(end, expect.map(|(end, _)| end), "{route:?} on {path:?}");
        if let Some((_, expect)) = expect {
            assert_eq!(texts, expect, "{route:?} on {path:?}");
        }
    }

    #[test]
    fn text_matches_as_a_whole_or_as_a_prefix() {
        check("a/", true, "a/", Some((2, &[])));
        check("a/", true, "a/b", None);
        check("a/", false, "a/b", Some((2, &[])));
    }

    #[test]
    fn captures_without_choice_are_walked() {
        check("p/<int:pk>/", true, "p/12/", Some((5, &["12"])));
        check("p/<int:pk>/", true, "p/12x/", None);
        check("<str:a>/<path:b>", true, "x/y/z", Some((5, &["x", "y/z"])));
        check("<slug:a>/", false, "x/y/", Some((2, &["x"])));
    }

    #[test]
    fn captures_with_choice_are_greedy_as_in_django() {
        check("<str:a>-<str:b>", true, "x-y-z", Some((5, &["x-y", "z"])));
        check(
            "<path:a>/edit/",
            true,
            "x/edit/edit/",
            Some((12, &["x/edit"])),
        );
        check("<int:a><int:b>", true, "123", Some((3, &["12", "3"])));
        check("<int:a><int:b>", true, "1", None);
    }

    #[test]
    fn hostile_paths_cost_linear_time() {
        let parts = parse("<path:a>-<path:b>-<path:c>-<path:d>!", &Converters::new()).unwrap();
        let pattern = Pattern::new(String::new(), parts, true).unwrap();
        let path = "-".repeat(20_000);
        assert_eq!(pattern.matches(&path, 0, &mut Vec::new()), None);
    }
}
