//! Inheritance: which block of which template is to be rendered.

use super::renderer::Renderer;
use crate::error::{Error, ErrorKind};
use crate::nodes::Block;
use crate::template::Compiled;

/// The blocks of a template and of those it extends, the template's own first.
#[derive(Default)]
pub(crate) struct Blocks<'r> {
    entries: Vec<Entry<'r>>,
    /// The block that is being rendered.
    current: Option<&'r Block>,
    /// The templates of the chain so far.
    chain: Vec<&'r Compiled>,
}

struct Entry<'r> {
    block: &'r Block,
    page: &'r Compiled,
    /// A block that is being rendered is out of reach for `block.super` inside of it.
    busy: bool,
}

/// How many templates may extend one another.
const LONGEST: usize = 100;

impl<'r> Blocks<'r> {
    fn add(&mut self, page: &'r Compiled) {
        self.entries.extend(page.blocks.iter().map(|block| Entry {
            block,
            page,
            busy: false,
        }));
    }

    fn next(&self, block: &Block) -> Option<usize> {
        self.entries
            .iter()
            .position(|entry| !entry.busy && entry.block.name == block.name)
    }

    pub(crate) fn current(&self) -> Option<&'r Block> {
        self.current
    }
}

impl<'r> Renderer<'r> {
    /// Renders the block: the version of the template furthest down the chain, else the block itself.
    pub(crate) fn render_block(&mut self, block: &'r Block) -> Result<(), Error> {
        let found = self.frame.blocks.next(block);
        let before = self.page();
        let (chosen, page) = match found.map(|at| &mut self.frame.blocks.entries[at]) {
            Some(entry) => {
                entry.busy = true;
                (entry.block, entry.page)
            }
            None => (block, before),
        };
        let current = self.frame.blocks.current.replace(chosen);
        self.set_page(page);
        self.scopes.push();
        chosen.nodes.render(self)?;
        self.scopes.pop();
        self.set_page(before);
        self.frame.blocks.current = current;
        if let Some(at) = found {
            self.frame.blocks.entries[at].busy = false;
        }
        Ok(())
    }

    /// Renders what `{{ block.super }}` stands for: the next version up the chain, or nothing.
    pub(crate) fn render_super(&mut self) -> Result<(), Error> {
        let Some(block) = self.frame.blocks.current else {
            return Ok(());
        };
        if self.frame.blocks.entries.is_empty() {
            return Err(Error::syntax(
                "'block.super' has no meaning here. Did you use {{ block.super }} in a base template?",
            ));
        }
        match self.frame.blocks.next(block) {
            Some(_) => self.render_block(block),
            None => Ok(()),
        }
    }

    /// Renders the parent of the current template.
    pub(crate) fn render_parent(&mut self, parent: Parent<'r, '_>) -> Result<(), Error> {
        let page = self.page();
        if self.frame.blocks.chain.is_empty() {
            self.frame.blocks.chain.push(page);
        }
        self.frame.blocks.add(page);
        let parent = match parent {
            Parent::Template(template) => template,
            Parent::Name(name) => self.find_parent(name)?,
        };
        if self.frame.blocks.chain.len() >= LONGEST {
            return Err(Error::too_deep("the chain of extended templates"));
        }
        self.frame.blocks.chain.push(parent);
        if !parent.extends {
            self.frame.blocks.add(parent);
        }
        self.set_page(parent);
        parent.nodes.render(self)?;
        self.set_page(page);
        Ok(())
    }

    /// The parent by name. A template that extends its own name gets the one of the next loader or folder.
    fn find_parent(&mut self, name: &str) -> Result<&'r Compiled, Error> {
        let found = self.template(name)?;
        if !self.is_in_chain(found) {
            return Ok(found);
        }
        let seen: Vec<_> = self
            .frame
            .blocks
            .chain
            .iter()
            .map(|page| page.origin.clone())
            .collect();
        let next = self.env.engine.compiled_after(name, &seen)?;
        Ok(self.env.arena.templates.keep(next))
    }

    fn is_in_chain(&self, template: &Compiled) -> bool {
        self.frame
            .blocks
            .chain
            .iter()
            .any(|page| page.name == template.name && page.origin == template.origin)
    }
}

/// What `{% extends %}` names.
#[derive(Clone, Copy)]
pub(crate) enum Parent<'r, 'n> {
    Name(&'n str),
    Template(&'r Compiled),
}

/// The error of `{% extends %}` whose variable is of no use.
#[cold]
pub(crate) fn bad_parent(source: &str) -> Error {
    Error::new(
        ErrorKind::Syntax,
        format!("Invalid template name in 'extends' tag: {source}."),
    )
}
