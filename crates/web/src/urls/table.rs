//! The frozen table: paths in, matches out.

use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;

use super::builder::{Entry, Extra, Target, Urls};
use super::error::{ReverseError, UrlsError};
use super::level::Level;
use super::matched::{LevelArguments, Match, ResolverMatch, Route, RouteTarget, Source};
use super::pattern::{Captured, Pattern};
use super::reverse::{ReverseOptions, Scope};
use super::route::{Converters, Part, parse};
use super::value::UrlValue;

/// The routes of a site, checked and compiled; cheap to clone.
///
/// # Django
/// `get_resolver()`.
#[derive(Clone)]
pub struct UrlTable(Arc<Inner>);

struct Inner {
    nodes: Level,
    /// Paths without parameters, resolved beforehand.
    texts: HashMap<Box<str>, ResolverMatch>,
    routes: Vec<Arc<Route>>,
    scope: Scope,
}

pub(super) struct Node {
    pub(super) pattern: Pattern,
    pub(super) name: Option<String>,
    /// Arguments that do not come from the URL.
    pub(super) extra: Extra,
    pub(super) kind: NodeKind,
}

pub(super) enum NodeKind {
    Route(Arc<Route>),
    Include {
        nodes: Level,
        app_name: Option<String>,
        namespace: Option<String>,
    },
}

impl UrlTable {
    pub(super) fn new(urls: Urls) -> Result<Self, UrlsError> {
        let converters = urls.all_converters()?;
        let mut freezer = Freezer {
            converters,
            routes: Vec::new(),
        };
        let nodes = freezer.nodes(urls.entries, &Outer::default())?;
        let scope = Scope::new(&nodes)?;
        let routes = freezer.routes;
        let texts = static_matches(&nodes, &routes);
        Ok(Self(Arc::new(Inner {
            nodes,
            texts,
            routes,
            scope,
        })))
    }

    /// Finds the first route that matches a decoded path such as `/posts/7/`.
    pub fn resolve(&self, path: &str) -> Option<ResolverMatch> {
        if let Some(found) = self.0.texts.get(path) {
            return Some(found.clone());
        }
        resolve_in(&self.0.nodes, path)
    }

    /// The URL of a named route, from positional or from named arguments.
    ///
    /// # Errors
    /// When no route has the name, or none can hold the arguments; the hint names what is near.
    ///
    /// # Django
    /// `reverse(name, args=…, kwargs=…)`.
    pub fn reverse(
        &self,
        name: &str,
        args: &[UrlValue<'_>],
        kwargs: &[(&str, UrlValue<'_>)],
    ) -> Result<String, ReverseError> {
        self.reverse_with(name, args, kwargs, ReverseOptions::default())
    }

    /// The same, with the namespace of the current app or a prefix of the whole site.
    ///
    /// # Errors
    /// As [`UrlTable::reverse`].
    pub fn reverse_with(
        &self,
        name: &str,
        args: &[UrlValue<'_>],
        kwargs: &[(&str, UrlValue<'_>)],
        options: ReverseOptions<'_>,
    ) -> Result<String, ReverseError> {
        super::reverse::reverse(&self.0.scope, name, args, kwargs, options)
    }

    /// The URL that a text stands for: a relative path is one, then a name is looked up, and what looks
    /// like a URL is one.
    ///
    /// # Errors
    /// When it is neither a name that takes the arguments, nor looks like a URL.
    ///
    /// # Django
    /// `resolve_url`, by which `redirect` finds out where to.
    pub fn resolve_url(
        &self,
        to: &str,
        args: &[UrlValue<'_>],
        kwargs: &[(&str, UrlValue<'_>)],
    ) -> Result<String, ReverseError> {
        if to.starts_with("./") || to.starts_with("../") {
            return Ok(to.to_owned());
        }
        match self.reverse(to, args, kwargs) {
            Err(_) if to.contains(['/', '.']) => Ok(to.to_owned()),
            found => found,
        }
    }

    /// The patterns that were tried for a path, outermost first, for the page that says 404.
    pub fn tried(&self, path: &str) -> Vec<Vec<TriedRoute>> {
        let mut all = Vec::new();
        if path.starts_with('/') {
            tried_in(&self.0.nodes, path, 1, &mut Vec::new(), &mut all);
        }
        all
    }

    /// The frozen routes in the order of matching.
    pub(super) fn all_routes(&self) -> &[Arc<Route>] {
        &self.0.routes
    }

    pub(super) fn nodes(&self) -> &[Node] {
        &self.0.nodes
    }
}

impl fmt::Debug for UrlTable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let routes: Vec<&str> = self
            .0
            .routes
            .iter()
            .map(|route| route.text.as_str())
            .collect();
        f.debug_struct("UrlTable")
            .field("routes", &routes)
            .finish_non_exhaustive()
    }
}

/// One pattern that was tried and did not match.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TriedRoute {
    /// The text of the route, without that of its includes.
    pub route: String,
    /// Its name.
    pub name: Option<String>,
}

fn resolve_in(nodes: &Level, path: &str) -> Option<ResolverMatch> {
    if !path.starts_with('/') {
        return None;
    }
    let mut captures = Vec::new();
    let (route, end) = walk(nodes, path, 1, &mut captures)?;
    Some(ResolverMatch(Arc::new(Match {
        route: Arc::clone(route),
        path: path.into(),
        captures,
        end,
    })))
}

fn walk<'n>(
    nodes: &'n Level,
    path: &str,
    from: usize,
    captures: &mut Vec<Captured>,
) -> Option<(&'n Arc<Route>, usize)> {
    let known = captures.len();
    for node in nodes.candidates(path.get(from..)?) {
        if let Some(end) = node.pattern.matches(path, from, captures) {
            match &node.kind {
                NodeKind::Route(route) => return Some((route, end)),
                NodeKind::Include { nodes, .. } => {
                    if let Some(found) = walk(nodes, path, end, captures) {
                        return Some(found);
                    }
                }
            }
        }
        captures.truncate(known);
    }
    None
}

fn tried_in(
    nodes: &[Node],
    path: &str,
    from: usize,
    outer: &mut Vec<TriedRoute>,
    all: &mut Vec<Vec<TriedRoute>>,
) {
    for node in nodes {
        outer.push(TriedRoute {
            route: node.pattern.route.clone(),
            name: node.name.clone(),
        });
        let inner = match (
            &node.kind,
            node.pattern.matches(path, from, &mut Vec::new()),
        ) {
            (NodeKind::Include { nodes, .. }, Some(end)) => Some((nodes, end)),
            _ => None,
        };
        match inner {
            Some((nodes, end)) => tried_in(nodes, path, end, outer, all),
            None => all.push(outer.clone()),
        }
        outer.pop();
    }
}

/// Resolves every path without parameters once, so that a request for one is a look-up.
///
/// The ordinary way decides, so an earlier route with parameters still wins.
fn static_matches(nodes: &Level, routes: &[Arc<Route>]) -> HashMap<Box<str>, ResolverMatch> {
    let mut texts = HashMap::new();
    for route in routes {
        let has_captures = !route.levels.is_empty()
            || route
                .arguments
                .iter()
                .any(|(_, source)| !matches!(source, Source::Fixed(_)));
        if !has_captures && !route.has_regex && matches!(route.target, RouteTarget::View(_)) {
            let path = format!("/{}", route.text);
            if let Some(found) = resolve_in(nodes, &path) {
                texts.insert(path.into(), found);
            }
        }
    }
    texts
}

/// What the includes around a list of routes add to each of them.
#[derive(Clone, Default)]
struct Outer {
    route: String,
    app_names: Vec<String>,
    namespaces: Vec<String>,
    captures: usize,
    arguments: Vec<(Arc<str>, Source)>,
    levels: Vec<LevelArguments>,
    has_regex: bool,
}

impl Outer {
    /// One level deeper: its captures, then its fixed arguments, win over what is there.
    fn enter(&mut self, pattern: &Pattern, extra: &Extra) {
        let route = if self.route.is_empty() {
            pattern.route.as_str()
        } else {
            pattern.route.strip_prefix('^').unwrap_or(&pattern.route)
        };
        self.route.push_str(route);
        self.has_regex |= pattern.is_regex();
        let mut level = LevelArguments {
            has_fixed: !extra.is_empty(),
            ..LevelArguments::default()
        };
        for param in &pattern.params {
            let at = self.captures;
            self.captures += 1;
            match &param.name {
                None => level.positional.push(at),
                Some(name) => {
                    level.named.push(at);
                    let source = if pattern.is_regex() {
                        let known = self.arguments.iter().find(|(known, _)| known == name);
                        Source::Either(at, known.map(|(_, source)| Box::new(source.clone())))
                    } else {
                        Source::Capture(at)
                    };
                    self.set(Arc::clone(name), source);
                }
            }
        }
        for (name, value) in extra {
            self.set(Arc::clone(name), Source::Fixed(value.clone()));
        }
        self.levels.push(level);
    }

    fn set(&mut self, name: Arc<str>, source: Source) {
        match self.arguments.iter_mut().find(|(known, _)| *known == name) {
            Some((_, known)) => *known = source,
            None => self.arguments.push((name, source)),
        }
    }
}

struct Freezer {
    converters: Converters,
    routes: Vec<Arc<Route>>,
}

impl Freezer {
    fn nodes(&mut self, entries: Vec<Entry>, outer: &Outer) -> Result<Level, UrlsError> {
        let nodes: Result<Vec<Node>, UrlsError> = entries
            .into_iter()
            .map(|entry| self.node(entry, outer))
            .collect();
        nodes.map(Level::new)
    }

    fn node(&mut self, entry: Entry, outer: &Outer) -> Result<Node, UrlsError> {
        let is_endpoint = matches!(entry.target, Target::View(_));
        let pattern = if entry.is_regex {
            Pattern::regex(entry.route, is_endpoint)?
        } else {
            let parts: Vec<Part> = parse(&entry.route, &self.converters)?;
            Pattern::new(entry.route, parts, is_endpoint)?
        };
        let mut here = outer.clone();
        here.enter(&pattern, &entry.extra);
        let kind = match entry.target {
            Target::View(view) => {
                let view = view.seal();
                let flags = view.flags().clone();
                let view = RouteTarget::View(view);
                NodeKind::Route(self.route(here, entry.name.clone(), view, flags))
            }
            Target::Mount(service) => NodeKind::Route(self.route(
                here,
                None,
                RouteTarget::Mount(service),
                super::RouteFlags::default(),
            )),
            Target::Include { urls, namespace } => {
                if namespace.is_some() && urls.app_name.is_none() {
                    return Err(UrlsError::new(
                        "Specifying a namespace in include() without providing an app_name is not supported.",
                        "Call `.app_name(\"…\")` on the included urls.",
                    ));
                }
                here.app_names.extend(urls.app_name.clone());
                here.namespaces.extend(namespace.clone());
                NodeKind::Include {
                    nodes: self.nodes(urls.entries, &here)?,
                    app_name: urls.app_name,
                    namespace,
                }
            }
        };
        Ok(Node {
            pattern,
            name: entry.name,
            extra: entry.extra,
            kind,
        })
    }

    fn route(
        &mut self,
        here: Outer,
        name: Option<String>,
        target: RouteTarget,
        flags: super::RouteFlags,
    ) -> Arc<Route> {
        let view_name = name.as_deref().map_or_else(String::new, |name| {
            let mut words = here.namespaces.clone();
            words.push(name.to_owned());
            words.join(":")
        });
        let route = Arc::new(Route {
            text: here.route,
            name,
            view_name,
            app_names: here.app_names,
            namespaces: here.namespaces,
            arguments: here.arguments,
            // Only groups without a name need them.
            levels: if here.levels.iter().any(|level| !level.positional.is_empty()) {
                here.levels
            } else {
                Vec::new()
            },
            has_regex: here.has_regex,
            target,
            flags,
        });
        self.routes.push(Arc::clone(&route));
        route
    }
}
