//! The routes of one list, found by the first segment of the path.

use std::collections::HashMap;
use std::ops::Deref;

use super::route::Part;
use super::table::Node;

/// Shorter lists are walked as fast as they are looked up.
const WORTH_AN_INDEX: usize = 8;

/// The nodes of one list of routes, in order.
pub(super) struct Level {
    nodes: Vec<Node>,
    index: Option<Index>,
}

/// Which nodes can match a path, by its first segment with the slash; always in the order of the list.
struct Index {
    by_segment: HashMap<Box<str>, Box<[usize]>>,
    /// Those that do not begin with a whole segment of text, for any other path.
    others: Box<[usize]>,
}

impl Level {
    pub(super) fn new(nodes: Vec<Node>) -> Self {
        let index = (nodes.len() >= WORTH_AN_INDEX).then(|| Index::new(&nodes));
        Self { nodes, index }
    }

    /// The nodes that can match what is left of a path.
    pub(super) fn candidates(&self, rest: &str) -> impl Iterator<Item = &Node> {
        let chosen = self.index.as_ref().map(|index| index.of(rest));
        let all = if chosen.is_none() {
            self.nodes.as_slice()
        } else {
            &[]
        };
        let chosen = chosen
            .unwrap_or(&[])
            .iter()
            .filter_map(|at| self.nodes.get(*at));
        all.iter().chain(chosen)
    }
}

impl Index {
    fn new(nodes: &[Node]) -> Self {
        let segments: Vec<Option<&str>> = nodes.iter().map(first_segment).collect();
        let chosen = |wanted: Option<&str>| -> Box<[usize]> {
            let fits = |segment: Option<&str>| segment.is_none() || segment == wanted;
            let places = segments.iter().enumerate();
            places
                .filter(|(_, segment)| fits(**segment))
                .map(|(at, _)| at)
                .collect()
        };
        let named = segments.iter().flatten();
        Self {
            by_segment: named
                .map(|segment| ((*segment).into(), chosen(Some(*segment))))
                .collect(),
            others: chosen(None),
        }
    }

    fn of(&self, rest: &str) -> &[usize] {
        let segment = rest.find('/').and_then(|slash| rest.get(..=slash));
        let found = segment.and_then(|segment| self.by_segment.get(segment));
        found.unwrap_or(&self.others)
    }
}

/// The text up to the first slash, when a route begins with it.
fn first_segment(node: &Node) -> Option<&str> {
    match node.pattern.parts.first()? {
        Part::Literal(text) => text.get(..=text.find('/')?),
        Part::Param { .. } => None,
    }
}

impl Deref for Level {
    type Target = [Node];

    fn deref(&self) -> &[Node] {
        &self.nodes
    }
}

#[cfg(test)]
mod tests {
    use crate::{ResolverMatch, Urls, get};

    #[test]
    fn the_index_keeps_the_order_of_the_list() {
        let view = || get(async || "");
        let mut urls = Urls::new();
        for n in 0..20 {
            urls = urls.path(&format!("a{n}/<int:x>/"), view(), &*format!("a{n}"));
        }
        let urls = urls
            .path("b<int:x>/", view(), "b-wild")
            .path("a3/<str:y>/", view(), "a3-text")
            .path("<slug:s>/<slug:t>/", view(), "slugs")
            .path("a4/<str:y>/", view(), "never")
            .path("plain", view(), "plain")
            .freeze()
            .unwrap();
        let check = |path: &str, expect: Option<&str>| {
            let found = urls.resolve(path);
            assert_eq!(
                found.as_ref().map(ResolverMatch::view_name),
                expect,
                "{path}"
            );
        };
        check("/a3/7/", Some("a3"));
        check("/a3/x/", Some("a3-text"));
        check("/a4/x/", Some("slugs"));
        check("/a4/x.y/", Some("never"));
        check("/b7/", Some("b-wild"));
        check("/plain", Some("plain"));
        check("/", None);
        check("/a3", None);
    }
}
