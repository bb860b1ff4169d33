//! `{% load library … %}` and `{% load name … from library %}`: adds tags and filters.
//!
//! ```
//! use nuages_template::{Engine, Filter, Library};
//! let library = Library::new().filter(Filter::new("same", |value, _| Ok(value)));
//! let engine = Engine::builder().loadable("mine", library).build();
//! assert!(engine.from_str("{% load mine %}{{ x|same }}").is_ok());
//! assert!(engine.from_str("{% load same from mine %}{{ x|same }}").is_ok());
//! let error = engine.from_str("{{ x|same }}").unwrap_err();
//! assert_eq!(error.hint(), Some("add {% load mine %} at the top of the template"));
//! ```

use crate::error::Error;
use crate::nodes::Tag;
use crate::render::Renderer;
use crate::syntax::{Parser, TagToken};

#[derive(Debug)]
struct Load;

pub(super) fn compile(parser: &mut Parser<'_>, token: TagToken<'_>) -> Result<Box<dyn Tag>, Error> {
    let words: Vec<&str> = token.contents().split_whitespace().collect();
    match words.as_slice() {
        [_, names @ .., "from", library] if !names.is_empty() => {
            for name in names {
                parser.load_from(name, library)?;
            }
        }
        [_, libraries @ ..] => {
            for library in libraries {
                parser.load(library)?;
            }
        }
        [] => {}
    }
    Ok(Box::new(Load))
}

impl Tag for Load {
    fn render<'r>(&'r self, _renderer: &mut Renderer<'r>) -> Result<(), Error> {
        Ok(())
    }
}
