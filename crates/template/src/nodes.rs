//! Nodes: what a template consists of once it is compiled.

use std::fmt;

use crate::error::Error;
use crate::render::{Name, Renderer};
use crate::syntax::{Expression, Slice};

/// A compiled tag.
///
/// It borrows for as long as the rendering lasts: its strings and names can go into variables without a copy.
/// See [`Library::tag`](crate::Library::tag) for an example.
///
/// # Django
/// `django.template.Node`.
pub trait Tag: fmt::Debug + Send + Sync {
    /// Writes the output to the renderer.
    ///
    /// # Errors
    /// When a variable, a filter or a template in it fails.
    fn render<'r>(&'r self, renderer: &mut Renderer<'r>) -> Result<(), Error>;

    /// Must only text come before it in a template?
    fn must_be_first(&self) -> bool {
        false
    }
}

/// The contents of a template, a block or a tag.
#[derive(Debug, Default)]
pub struct NodeList {
    nodes: Box<[Node]>,
}

/// One piece of the contents.
#[derive(Debug)]
pub(crate) struct Node {
    kind: NodeKind,
    /// Where it stands in the source, for errors.
    offset: usize,
}

#[derive(Debug)]
enum NodeKind {
    Text(Slice),
    Output(Expression),
    Tag(Box<dyn Tag>),
}

impl NodeList {
    /// Writes the output of all nodes.
    ///
    /// # Errors
    /// The first error of a node, with its place.
    pub fn render<'r>(&'r self, renderer: &mut Renderer<'r>) -> Result<(), Error> {
        renderer.enter(self.nodes.len())?;
        let page = renderer.page();
        for node in &self.nodes {
            let result = match &node.kind {
                NodeKind::Text(text) => {
                    renderer.write_html(text.as_str());
                    continue;
                }
                NodeKind::Output(expression) => renderer.write_expression(expression),
                NodeKind::Tag(tag) => tag.render(renderer),
            };
            if let Err(error) = result.and_then(|()| renderer.check_output()) {
                return Err(error.at(&page.name, &page.source, node.offset));
            }
        }
        renderer.leave();
        Ok(())
    }

    /// Is there nothing in it?
    pub fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }

    pub(crate) fn new(nodes: Box<[Node]>) -> Self {
        Self { nodes }
    }
}

impl Node {
    pub(crate) fn text_of(text: Slice) -> Self {
        Self {
            kind: NodeKind::Text(text),
            offset: 0,
        }
    }

    pub(crate) fn output(expression: Expression, offset: usize) -> Self {
        Self {
            kind: NodeKind::Output(expression),
            offset,
        }
    }

    pub(crate) fn tag(tag: Box<dyn Tag>, offset: usize) -> Self {
        Self {
            kind: NodeKind::Tag(tag),
            offset,
        }
    }

    pub(crate) fn text(&self) -> Option<&str> {
        match &self.kind {
            NodeKind::Text(text) => Some(text.as_str()),
            _ => None,
        }
    }

    pub(crate) fn is_text(&self) -> bool {
        matches!(self.kind, NodeKind::Text(_))
    }
}

/// A named part of a template: a `{% block %}` or a `{% partialdef %}`.
#[derive(Debug)]
pub(crate) struct Block {
    pub(crate) name: Name,
    pub(crate) nodes: NodeList,
}
