//! `{% comment "why" %}`: what is in it is not compiled, let alone rendered.
//!
//! ```
//! use nuages_template::{context, Engine, NoServices};
//! let page = Engine::default().from_str("a{% comment %}{% unknown %}{% endcomment %}b{# short #}")?;
//! assert_eq!(page.render(&context! {}, &NoServices)?, "ab");
//! # Ok::<(), nuages_template::Error>(())
//! ```

use crate::error::Error;
use crate::nodes::Tag;
use crate::render::Renderer;
use crate::syntax::{Parser, TagToken};

#[derive(Debug)]
struct Comment;

pub(super) fn compile(
    parser: &mut Parser<'_>,
    _token: TagToken<'_>,
) -> Result<Box<dyn Tag>, Error> {
    parser.skip_past("endcomment")?;
    Ok(Box::new(Comment))
}

impl Tag for Comment {
    fn render<'r>(&'r self, _renderer: &mut Renderer<'r>) -> Result<(), Error> {
        Ok(())
    }
}
