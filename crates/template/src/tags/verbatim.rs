//! `{% verbatim [name] %}`: template tags in it are text.
//!
//! ```
//! use nuages_template::{context, Engine, NoServices};
//! let page = Engine::default().from_str("{% verbatim %}{{ x }}{% endverbatim %}")?;
//! assert_eq!(page.render(&context! {}, &NoServices)?, "{{ x }}");
//! # Ok::<(), nuages_template::Error>(())
//! ```

use crate::error::Error;
use crate::nodes::{NodeList, Tag};
use crate::render::Renderer;
use crate::syntax::{Parser, TagToken};

/// The lexer made its contents text already.
#[derive(Debug)]
struct Verbatim(NodeList);

pub(super) fn compile(
    parser: &mut Parser<'_>,
    _token: TagToken<'_>,
) -> Result<Box<dyn Tag>, Error> {
    Ok(Box::new(Verbatim(parser.parse_until(&["endverbatim"])?.0)))
}

impl Tag for Verbatim {
    fn render<'r>(&'r self, renderer: &mut Renderer<'r>) -> Result<(), Error> {
        self.0.render(renderer)
    }
}
