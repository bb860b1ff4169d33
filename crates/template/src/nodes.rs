//! Nodes: what a template consists of once it is compiled.

use std::fmt;

use crate::error::Error;
use crate::render::{Name, Renderer};
use crate::syntax::Expression;

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
    nodes: Vec<Node>,
}

#[derive(Debug)]
struct Node {
    kind: NodeKind,
    /// Where it stands in the source, for errors.
    offset: usize,
}

#[derive(Debug)]
enum NodeKind {
    Text(Box<str>),
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
                    renderer.write_html(text);
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

    /// Is there anything but text?
    pub(crate) fn has_nodes(&self) -> bool {
        self.nodes
            .iter()
            .any(|node| !matches!(node.kind, NodeKind::Text(_)))
    }

    /// Adds text; text after text (a comment was between) becomes one piece.
    pub(crate) fn push_text(&mut self, text: &str) {
        if let Some(Node {
            kind: NodeKind::Text(before),
            ..
        }) = self.nodes.last_mut()
        {
            *before = format!("{before}{text}").into();
            return;
        }
        self.nodes.push(Node {
            kind: NodeKind::Text(text.into()),
            offset: 0,
        });
    }

    pub(crate) fn push_output(&mut self, expression: Expression, offset: usize) {
        self.nodes.push(Node {
            kind: NodeKind::Output(expression),
            offset,
        });
    }

    pub(crate) fn push_tag(&mut self, tag: Box<dyn Tag>, offset: usize) {
        self.nodes.push(Node {
            kind: NodeKind::Tag(tag),
            offset,
        });
    }
}

/// A named part of a template: a `{% block %}` or a `{% partialdef %}`.
#[derive(Debug)]
pub(crate) struct Block {
    pub(crate) name: Name,
    pub(crate) nodes: NodeList,
}
