//! From names to URLs.

use std::collections::HashMap;
use std::sync::Arc;

use super::builder::Extra;
use super::error::{ReverseError, UrlsError};
use super::pattern::Pattern;
use super::quote::{escape_leading_slashes, quote_path};
use super::route::Part;
use super::table::{Node, NodeKind};
use super::value::UrlValue;

/// What else `reverse` may be told.
#[derive(Debug, Clone, Copy, Default)]
pub struct ReverseOptions<'a> {
    /// The namespaces of the page being shown, joined by colons: preferred among several instances
    /// of one app.
    pub current_app: Option<&'a str>,
    /// What stands before every path of the site, with both slashes; `/` when absent.
    pub script_prefix: Option<&'a str>,
}

/// The names of one namespace.
#[derive(Default)]
pub(super) struct Scope {
    names: HashMap<String, Vec<Candidate>>,
    apps: HashMap<String, Vec<String>>,
    namespaces: HashMap<String, Scope>,
}

struct Candidate {
    pattern: Pattern,
    /// Arguments that need not be given, but must not be given otherwise.
    defaults: Extra,
    /// Two levels use one parameter name: no argument could fill both.
    has_twins: bool,
}

impl Scope {
    pub(super) fn new(nodes: &[Node]) -> Result<Self, UrlsError> {
        let mut scope = Self::default();
        scope.fill(nodes, &Prefix::default())?;
        Ok(scope)
    }

    /// Django walks its patterns backwards: the last route of a name is tried first, and the first
    /// include of a namespace is the one that counts.
    fn fill(&mut self, nodes: &[Node], prefix: &Prefix) -> Result<(), UrlsError> {
        for node in nodes.iter().rev() {
            match &node.kind {
                NodeKind::Route(_) => {
                    if let Some(name) = &node.name {
                        let mut here = prefix.then(&node.pattern);
                        here.defaults.splice(0..0, node.extra.iter().cloned());
                        let candidate = here.candidate()?;
                        self.names.entry(name.clone()).or_default().push(candidate);
                    }
                }
                NodeKind::Include {
                    nodes,
                    app_name: Some(app_name),
                    namespace,
                } => {
                    let namespace = namespace.as_ref().unwrap_or(app_name);
                    let mut inner = Self::default();
                    // As in Django, the fixed arguments of a namespaced include play no part.
                    inner.fill(nodes, &prefix.then(&node.pattern))?;
                    self.apps
                        .entry(app_name.clone())
                        .or_default()
                        .push(namespace.clone());
                    self.namespaces.insert(namespace.clone(), inner);
                }
                NodeKind::Include { nodes, .. } => {
                    let mut inner = prefix.then(&node.pattern);
                    inner.defaults.extend(node.extra.iter().cloned());
                    self.fill(nodes, &inner)?;
                }
            }
        }
        Ok(())
    }
}

/// The includes on the way to a route.
#[derive(Default, Clone)]
struct Prefix {
    route: String,
    parts: Vec<Part>,
    defaults: Extra,
}

impl Prefix {
    fn then(&self, pattern: &Pattern) -> Self {
        let mut next = self.clone();
        next.route.push_str(&pattern.route);
        next.parts.extend(pattern.parts.iter().cloned());
        next
    }

    fn candidate(self) -> Result<Candidate, UrlsError> {
        let pattern = Pattern::new(self.route, join_literals(self.parts), true)?;
        let names: Vec<&Arc<str>> = pattern.params.iter().map(|param| &param.name).collect();
        let has_twins = (1..names.len()).any(|at| names[..at].contains(&names[at]));
        Ok(Candidate {
            pattern,
            defaults: self.defaults,
            has_twins,
        })
    }
}

/// `a/` and `b/` of two levels become one text, so that a pattern can be walked.
fn join_literals(parts: Vec<Part>) -> Vec<Part> {
    let mut joined: Vec<Part> = Vec::new();
    for part in parts {
        match (joined.last_mut(), part) {
            (Some(Part::Literal(known)), Part::Literal(more)) => known.push_str(&more),
            (_, part) => joined.push(part),
        }
    }
    joined
}

pub(super) fn reverse(
    root: &Scope,
    name: &str,
    args: &[UrlValue<'_>],
    kwargs: &[(&str, UrlValue<'_>)],
    options: ReverseOptions<'_>,
) -> Result<String, ReverseError> {
    if !args.is_empty() && !kwargs.is_empty() {
        return Err(ReverseError::new(
            "Don't mix *args and **kwargs in call to reverse()!",
            None,
        ));
    }
    let (scope, view) = find_scope(root, name, options.current_app)?;
    let candidates = scope.names.get(view).map_or(&[][..], Vec::as_slice);
    for candidate in candidates {
        if let Some(path) = candidate.fill(args, kwargs) {
            let prefix = options.script_prefix.unwrap_or("/");
            let url = quote_path(&format!("{prefix}{path}"));
            return Ok(escape_leading_slashes(url));
        }
    }
    Err(not_found(scope, view, name, candidates, args, kwargs))
}

fn find_scope<'s, 'n>(
    root: &'s Scope,
    name: &'n str,
    current_app: Option<&str>,
) -> Result<(&'s Scope, &'n str), ReverseError> {
    let Some((path, view)) = name.rsplit_once(':') else {
        return Ok((root, name));
    };
    let mut current = current_app
        .filter(|app| !app.is_empty())
        .map(|app| app.split(':'));
    let mut scope = root;
    let mut resolved: Vec<&str> = Vec::new();
    for wanted in path.split(':') {
        let current_namespace = current.as_mut().and_then(Iterator::next);
        let mut namespace = wanted;
        if let Some(instances) = scope.apps.get(wanted) {
            let has = |name: &str| instances.iter().any(|instance| instance == name);
            match current_namespace {
                Some(current) if has(current) => {
                    namespace = instances
                        .iter()
                        .find(|instance| *instance == current)
                        .map_or(wanted, String::as_str);
                }
                _ if !has(wanted) => namespace = instances.first().map_or(wanted, String::as_str),
                _ => {}
            }
        }
        if Some(namespace) != current_namespace {
            current = None;
        }
        let Some(next) = scope.namespaces.get(namespace) else {
            let inside = if resolved.is_empty() {
                String::new()
            } else {
                format!(" inside '{}'", resolved.join(":"))
            };
            return Err(ReverseError::new(
                format!("'{namespace}' is not a registered namespace{inside}"),
                nearest(namespace, scope.namespaces.keys()),
            ));
        };
        resolved.push(namespace);
        scope = next;
    }
    Ok((scope, view))
}

impl Candidate {
    /// The decoded path without the leading slash; `None` when the arguments do not fit.
    fn fill(&self, args: &[UrlValue<'_>], kwargs: &[(&str, UrlValue<'_>)]) -> Option<String> {
        let params = &self.pattern.params;
        if self.has_twins {
            return None;
        }
        let given = |name: &str| {
            kwargs
                .iter()
                .find(|(known, _)| *known == name)
                .map(|(_, value)| value)
        };
        if args.is_empty() {
            let is_param = |name: &str| params.iter().any(|param| *param.name == *name);
            let default = |name: &str| {
                self.defaults
                    .iter()
                    .rfind(|(known, _)| **known == *name)
                    .map(|(_, value)| value)
            };
            let is_complete = params
                .iter()
                .all(|param| given(&param.name).is_some() || default(&param.name).is_some());
            let is_known = kwargs
                .iter()
                .all(|(name, _)| is_param(name) || default(name).is_some());
            let agrees = self.defaults.iter().all(|(name, _)| {
                is_param(name) || given(name).is_none_or(|value| Some(value) == default(name))
            });
            if !(is_complete && is_known && agrees) {
                return None;
            }
        } else if args.len() != params.len() {
            return None;
        }
        let mut path = String::new();
        let mut at = 0;
        for part in &self.pattern.parts {
            match part {
                Part::Literal(text) => path.push_str(text),
                Part::Param { name, kind } => {
                    let value = if args.is_empty() {
                        given(name)?
                    } else {
                        &args[at]
                    };
                    at += 1;
                    path.push_str(&kind.to_url(value)?);
                }
            }
        }
        // The text must be one that leads back to this route.
        self.pattern.matches_text(&path).then_some(path)
    }
}

#[cold]
fn not_found(
    scope: &Scope,
    view: &str,
    name: &str,
    candidates: &[Candidate],
    args: &[UrlValue<'_>],
    kwargs: &[(&str, UrlValue<'_>)],
) -> ReverseError {
    if candidates.is_empty() {
        return ReverseError::new(
            format!(
                "Reverse for '{view}' not found. '{view}' is not a valid view function or pattern name."
            ),
            nearest(view, scope.names.keys()),
        );
    }
    let given = if !args.is_empty() {
        let shown: Vec<String> = args.iter().map(|value| format!("'{value}'")).collect();
        format!("arguments '({})'", shown.join(", "))
    } else if !kwargs.is_empty() {
        let shown: Vec<String> = kwargs
            .iter()
            .map(|(name, value)| format!("'{name}': '{value}'"))
            .collect();
        format!("keyword arguments '{{{}}}'", shown.join(", "))
    } else {
        "no arguments".to_owned()
    };
    let tried: Vec<String> = candidates
        .iter()
        .map(|candidate| format!("'{}'", candidate.pattern.route))
        .collect();
    let wants: Vec<String> = candidates.iter().map(Candidate::describe).collect();
    ReverseError::new(
        format!(
            "Reverse for '{view}' with {given} not found. {} pattern(s) tried: [{}]",
            tried.len(),
            tried.join(", ")
        ),
        Some(format!("'{name}' wants {}.", wants.join(" or "))),
    )
}

impl Candidate {
    fn describe(&self) -> String {
        if self.pattern.params.is_empty() {
            return "no arguments".to_owned();
        }
        let params: Vec<String> = self
            .pattern
            .params
            .iter()
            .map(|param| format!("{} ({})", param.name, param.kind.name()))
            .collect();
        params.join(", ")
    }
}

fn nearest<'n>(wanted: &str, names: impl Iterator<Item = &'n String>) -> Option<String> {
    const NEAR: f64 = 0.75;
    let mut near: Vec<(f64, &String)> = names
        .map(|name| (strsim::jaro_winkler(wanted, name), name))
        .filter(|(score, _)| *score >= NEAR)
        .collect();
    near.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.cmp(b.1)));
    near.truncate(3);
    let names: Vec<String> = near.iter().map(|(_, name)| format!("'{name}'")).collect();
    (!names.is_empty()).then(|| format!("Did you mean {}?", names.join(" or ")))
}
