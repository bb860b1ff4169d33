//! From names to URLs.

use std::collections::HashMap;
use std::sync::Arc;

use regex::Regex;

use super::builder::Extra;
use super::converter::Kind;
use super::error::{ReverseError, UrlsError};
use super::normalize::{Form, FormPart, normalize};
use super::pattern::Pattern;
use super::quote::{escape_leading_slashes, quote_whole_path};
use super::regex_route::compile;
use super::route::Part;
use super::table::{Node, NodeKind};
use super::value::UrlValue;
use crate::data::QueryDict;

/// What else `reverse` may be told.
#[derive(Debug, Clone, Copy, Default)]
pub struct ReverseOptions<'a> {
    /// The namespaces of the page being shown, joined by colons: preferred among several instances
    /// of one app.
    pub current_app: Option<&'a str>,
    /// What stands before every path of the site, with both slashes; `/` when absent.
    pub script_prefix: Option<&'a str>,
    /// What stands after the question mark.
    pub query: Option<&'a QueryDict>,
    /// What stands after the hash, as it is.
    pub fragment: Option<&'a str>,
}

/// The names of one namespace.
#[derive(Default)]
pub(super) struct Scope {
    names: HashMap<String, Vec<Candidate>>,
    apps: HashMap<String, Vec<String>>,
    namespaces: HashMap<String, Scope>,
}

struct Candidate {
    shape: Shape,
    /// Arguments that need not be given, but must not be given otherwise.
    defaults: Extra,
    /// Two levels use one parameter name: no argument could fill both.
    has_twins: bool,
}

/// How a URL is written, and what it must match to lead back.
enum Shape {
    Route(Pattern),
    /// There is an expression on the way.
    Regex {
        source: String,
        forms: Vec<Form>,
        /// Absent when the expressions of several levels do not go together.
        regex: Option<Regex>,
        converters: Vec<(Arc<str>, Kind)>,
    },
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
    /// The same as an expression, once there is one on the way.
    source: String,
    converters: Vec<(Arc<str>, Kind)>,
    has_regex: bool,
}

impl Prefix {
    fn then(&self, pattern: &Pattern) -> Self {
        let mut next = self.clone();
        next.route.push_str(&pattern.route);
        next.parts.extend(pattern.parts.iter().cloned());
        next.source.push_str(&pattern.expression());
        next.has_regex |= pattern.is_regex();
        if !pattern.is_regex() {
            let own = pattern.params.iter();
            next.converters.extend(
                own.filter_map(|param| {
                    Some((Arc::clone(param.name.as_ref()?), param.kind.clone()))
                }),
            );
        }
        next
    }

    fn candidate(self) -> Result<Candidate, UrlsError> {
        if self.has_regex {
            let shape = Shape::Regex {
                forms: normalize(&self.source).unwrap_or_default(),
                regex: compile(&format!("^{}", self.source), false).ok(),
                converters: self.converters,
                source: self.source,
            };
            return Ok(Candidate {
                shape,
                defaults: self.defaults,
                has_twins: false,
            });
        }
        let pattern = Pattern::new(self.route, join_literals(self.parts), true)?;
        let names: Vec<&Option<Arc<str>>> =
            pattern.params.iter().map(|param| &param.name).collect();
        let has_twins = (1..names.len()).any(|at| names[..at].contains(&names[at]));
        Ok(Candidate {
            shape: Shape::Route(pattern),
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
        if let Some(mut path) = candidate.fill(args, kwargs) {
            path.insert_str(0, options.script_prefix.unwrap_or("/"));
            let mut url = escape_leading_slashes(quote_whole_path(path));
            if let Some(query) = options.query.filter(|query| query.pairs().next().is_some()) {
                url.push('?');
                url.push_str(&query.urlencode());
            }
            if let Some(fragment) = options.fragment {
                url.push('#');
                url.push_str(fragment);
            }
            return Ok(url);
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
        if self.has_twins {
            return None;
        }
        match &self.shape {
            Shape::Route(pattern) => self.fill_route(pattern, args, kwargs),
            Shape::Regex {
                forms,
                regex,
                converters,
                ..
            } => {
                let regex = regex.as_ref()?;
                forms.iter().find_map(|form| {
                    let path = self.fill_form(form, converters, args, kwargs)?;
                    // The text must be one that leads back to this route.
                    regex.is_match(&path).then_some(path)
                })
            }
        }
    }

    /// True when these are the arguments that the parameters want, fixed ones left out.
    fn fits(&self, is_param: impl Fn(&str) -> bool, kwargs: &[(&str, UrlValue<'_>)]) -> bool {
        let given = |name: &str| kwargs.iter().find(|(known, _)| *known == name);
        let is_known = kwargs
            .iter()
            .all(|(name, _)| is_param(name) || self.default(name).is_some());
        let agrees = self.defaults.iter().all(|(name, _)| {
            is_param(name) || given(name).is_none_or(|(_, value)| Some(value) == self.default(name))
        });
        is_known && agrees
    }

    fn default(&self, name: &str) -> Option<&UrlValue<'static>> {
        let found = self.defaults.iter().rfind(|(known, _)| **known == *name)?;
        Some(&found.1)
    }

    fn fill_form(
        &self,
        form: &Form,
        converters: &[(Arc<str>, Kind)],
        args: &[UrlValue<'_>],
        kwargs: &[(&str, UrlValue<'_>)],
    ) -> Option<String> {
        if args.is_empty() {
            let is_param = |name: &str| form.params.iter().any(|param| param == name);
            let given = |name: &str| kwargs.iter().any(|(known, _)| *known == name);
            let is_complete = form
                .params
                .iter()
                .all(|param| given(param) || self.default(param).is_some());
            if !(is_complete && self.fits(is_param, kwargs)) {
                return None;
            }
        } else if args.len() != form.params.len() {
            return None;
        }
        let value = |name: &str| {
            if args.is_empty() {
                return kwargs
                    .iter()
                    .find(|(known, _)| *known == name)
                    .map(|(_, value)| value);
            }
            // Of two parameters of one name the last counts.
            let at = form.params.iter().rposition(|param| param == name)?;
            args.get(at)
        };
        let mut path = String::new();
        for part in &form.parts {
            match part {
                FormPart::Text(text) => path.push_str(text),
                FormPart::Param(name) => {
                    let kind = converters.iter().rfind(|(known, _)| **known == **name);
                    let kind = kind.map_or(&Kind::Str, |(_, kind)| kind);
                    kind.write_url(value(name)?, &mut path)?;
                }
            }
        }
        Some(path)
    }

    fn fill_route(
        &self,
        pattern: &Pattern,
        args: &[UrlValue<'_>],
        kwargs: &[(&str, UrlValue<'_>)],
    ) -> Option<String> {
        let params = &pattern.params;
        let given = |name: &str| {
            kwargs
                .iter()
                .find(|(known, _)| *known == name)
                .map(|(_, value)| value)
        };
        if args.is_empty() {
            let mut names = params.iter().filter_map(|param| param.name.as_deref());
            let is_complete =
                names.all(|name| given(name).is_some() || self.default(name).is_some());
            let is_param = |name: &str| {
                let mut names = params.iter().filter_map(|param| param.name.as_deref());
                names.any(|param| param == name)
            };
            if !(is_complete && self.fits(is_param, kwargs)) {
                return None;
            }
        } else if args.len() != params.len() {
            return None;
        }
        // Room for what most arguments need, and the prefix: one allocation a URL.
        let mut path = String::with_capacity(pattern.route.len() + 24);
        let mut at = 0;
        for part in &pattern.parts {
            match part {
                Part::Literal(text) => path.push_str(text),
                Part::Param { name, kind } => {
                    let value = if args.is_empty() {
                        given(name)?
                    } else {
                        &args[at]
                    };
                    at += 1;
                    kind.write_url(value, &mut path)?;
                }
            }
        }
        // The text must be one that leads back to this route.
        pattern.matches_text(&path).then_some(path)
    }

    /// The text of the route.
    fn route(&self) -> &str {
        match &self.shape {
            Shape::Route(pattern) => &pattern.route,
            Shape::Regex { source, .. } => source,
        }
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
        .map(|candidate| format!("'{}'", candidate.route()))
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
        let params: Vec<String> = match &self.shape {
            Shape::Route(pattern) => pattern
                .params
                .iter()
                .map(|param| {
                    let name = param.name.as_deref().unwrap_or("");
                    format!("{name} ({})", param.kind.name())
                })
                .collect(),
            Shape::Regex { forms, .. } => forms
                .first()
                .map(|form| form.params.clone())
                .unwrap_or_default(),
        };
        if params.is_empty() {
            return "no arguments".to_owned();
        }
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
