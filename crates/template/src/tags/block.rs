//! `{% block name %}`: a part that a template further down the chain may replace.
//!
//! ```
//! use nuages_template::{context, Engine, NoServices};
//! let page = Engine::default().from_str("{% block title %}Hello{% endblock title %}")?;
//! assert_eq!(page.render(&context! {}, &NoServices)?, "Hello");
//! # Ok::<(), nuages_template::Error>(())
//! ```

use std::sync::Arc;

use crate::error::Error;
use crate::nodes::{Block, Tag};
use crate::render::Renderer;
use crate::syntax::{Parser, TagToken};

#[derive(Debug)]
struct BlockTag(Arc<Block>);

pub(super) fn compile<'s>(
    parser: &mut Parser<'s>,
    token: TagToken<'s>,
) -> Result<Box<dyn Tag>, Error> {
    let mut words = token.contents().split_whitespace();
    let (Some(tag), Some(name), None) = (words.next(), words.next(), words.next()) else {
        return Err(Error::syntax("'block' tag takes only one argument"));
    };
    if !parser.open_block(name) {
        return Err(Error::syntax(format!(
            "'{tag}' tag with name '{name}' appears more than once"
        )));
    }
    let (nodes, end) = parser.parse_until(&["endblock"])?;
    match end.contents().strip_prefix("endblock").map(str::trim) {
        Some(ended) if ended.is_empty() || ended == name => {}
        _ => {
            return Err(Error::syntax(format!(
                "Invalid block tag on line {}: 'endblock', expected 'endblock' or 'endblock {name}'. \
                 Did you forget to register or load this tag?",
                parser.line(end.offset())
            )));
        }
    }
    let block = Arc::new(Block {
        name: parser.name(name),
        nodes,
    });
    parser.blocks.push(block.clone());
    Ok(Box::new(BlockTag(block)))
}

impl Tag for BlockTag {
    fn render<'r>(&'r self, renderer: &mut Renderer<'r>) -> Result<(), Error> {
        renderer.render_block(&self.0)
    }
}
