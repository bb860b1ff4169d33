//! What is suspicious about a URL table, though it works.

use std::collections::BTreeMap;

use nuages_base::Check;

use super::table::{Node, NodeKind, UrlTable};

impl UrlTable {
    /// Findings about the routes: leading slashes, colons in names, brackets without a partner, regular
    /// expressions, namespaces that are used twice.
    ///
    /// # Django
    /// The system checks tagged `urls`, with Django's ids and texts.
    pub fn checks(&self, append_slash: bool) -> Vec<Check> {
        let mut found = Vec::new();
        check_nodes(self.nodes(), append_slash, &mut found);
        let mut namespaces = BTreeMap::new();
        count_namespaces(self.nodes(), "", &mut namespaces);
        for (namespace, count) in namespaces {
            if count > 1 {
                found.push(Check::warning(
                    "urls.W005",
                    format!(
                        "URL namespace '{namespace}' isn't unique. You may not be able to reverse all \
                         URLs in this namespace"
                    ),
                ));
            }
        }
        found
    }
}

/// As in Django, an include is looked at only when nothing inside of it was found.
fn check_nodes(nodes: &[Node], append_slash: bool, found: &mut Vec<Check>) {
    for node in nodes {
        let before = found.len();
        if let NodeKind::Include { nodes, .. } = &node.kind {
            check_nodes(nodes, append_slash, found);
        }
        if found.len() == before {
            check_route(node, append_slash, found);
        }
    }
}

fn check_route(node: &Node, append_slash: bool, found: &mut Vec<Check>) {
    let route = node.pattern.route.as_str();
    let described = match &node.name {
        Some(name) => format!("'{route}' [name='{name}']"),
        None => format!("'{route}'"),
    };
    let mut warn = |id: &'static str, message: String| found.push(Check::warning(id, message));
    if node.name.as_deref().is_some_and(|name| name.contains(':')) {
        warn(
            "urls.W003",
            format!(
                "Your URL pattern {described} has a name including a ':'. Remove the colon, to avoid \
                 ambiguous namespace references."
            ),
        );
    }
    let is_include = matches!(node.kind, NodeKind::Include { .. });
    if node.pattern.is_regex() {
        let begins = ["/", "^/", r"^\/"]
            .iter()
            .any(|slash| route.starts_with(slash));
        if append_slash && begins && !route.ends_with('/') {
            warn("urls.W002", leading_slash(&described));
        }
        if is_include && route.ends_with('$') && !route.ends_with(r"\$") {
            warn(
                "urls.W001",
                format!(
                    "Your URL pattern {described} uses include with a route ending with a '$'. Remove the \
                     dollar from the route to avoid problems including URLs."
                ),
            );
        }
        return;
    }
    if append_slash && route.starts_with('/') && !(is_include && route.ends_with('/')) {
        warn("urls.W002", leading_slash(&described));
    }
    for bracket in lonely_brackets(route) {
        warn(
            "urls.W010",
            format!("Your URL pattern {described} has an unmatched '{bracket}' bracket."),
        );
    }
    if route.contains("(?P<") || route.starts_with('^') || route.ends_with('$') {
        warn(
            "2_0.W001",
            format!(
                "Your URL pattern {described} has a route that contains '(?P<', begins with a '^', or \
                 ends with a '$'. This was likely an oversight when migrating to django.urls.path()."
            ),
        );
    }
}

fn leading_slash(described: &str) -> String {
    format!(
        "Your URL pattern {described} has a route beginning with a '/'. Remove this slash as it is \
         unnecessary. If this pattern is targeted in an include(), ensure the include() pattern has a \
         trailing '/'."
    )
}

fn lonely_brackets(route: &str) -> Vec<char> {
    let mut lonely = Vec::new();
    let mut open = 0_usize;
    for c in route.chars() {
        match c {
            '<' => open += 1,
            '>' if open == 0 => lonely.push('>'),
            '>' => open -= 1,
            _ => {}
        }
    }
    if open > 0 {
        lonely.push('<');
    }
    lonely
}

fn count_namespaces(nodes: &[Node], outer: &str, counts: &mut BTreeMap<String, usize>) {
    for node in nodes {
        let NodeKind::Include {
            nodes, namespace, ..
        } = &node.kind
        else {
            continue;
        };
        match namespace {
            Some(namespace) if outer.is_empty() => {
                *counts.entry(namespace.clone()).or_default() += 1;
                count_namespaces(nodes, namespace, counts);
            }
            Some(namespace) => {
                let path = format!("{outer}:{namespace}");
                *counts.entry(path.clone()).or_default() += 1;
                count_namespaces(nodes, &path, counts);
            }
            None => count_namespaces(nodes, outer, counts),
        }
    }
}
