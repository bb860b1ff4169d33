//! `{% autoescape on %}`, `{% autoescape off %}`: switches escaping for its contents.
//!
//! ```
//! use nuages_template::{context, Engine, NoServices};
//! let page = Engine::default().from_str("{{ x }}{% autoescape off %}{{ x }}{% endautoescape %}")?;
//! assert_eq!(page.render(&context! { x: "<" }, &NoServices)?, "&lt;<");
//! # Ok::<(), nuages_template::Error>(())
//! ```

use crate::error::Error;
use crate::nodes::{NodeList, Tag};
use crate::render::Renderer;
use crate::syntax::{Parser, TagToken};

#[derive(Debug)]
struct Autoescape {
    on: bool,
    contents: NodeList,
}

pub(super) fn compile(parser: &mut Parser<'_>, token: TagToken<'_>) -> Result<Box<dyn Tag>, Error> {
    let words: Vec<&str> = token.contents().split_whitespace().collect();
    let on = match words.as_slice() {
        [_, "on"] => true,
        [_, "off"] => false,
        [_, _] => {
            return Err(Error::syntax(
                "'autoescape' argument should be 'on' or 'off'",
            ));
        }
        _ => {
            return Err(Error::syntax(
                "'autoescape' tag requires exactly one argument.",
            ));
        }
    };
    let (contents, _) = parser.parse_until(&["endautoescape"])?;
    Ok(Box::new(Autoescape { on, contents }))
}

impl Tag for Autoescape {
    fn render<'r>(&'r self, renderer: &mut Renderer<'r>) -> Result<(), Error> {
        renderer.with_autoescape(self.on, |renderer| self.contents.render(renderer))
    }
}
