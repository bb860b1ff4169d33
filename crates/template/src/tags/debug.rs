//! `{% debug %}`: the variables, in debug mode only.
//!
//! ```
//! use nuages_template::{context, Engine, NoServices};
//! let page = Engine::builder().debug(true).build().from_str("{% debug %}")?;
//! assert_eq!(page.render(&context! { x: "<" }, &NoServices)?, "x: &#x27;&lt;&#x27;\n");
//! let page = Engine::default().from_str("{% debug %}")?;
//! assert_eq!(page.render(&context! { x: "<" }, &NoServices)?, "");
//! # Ok::<(), nuages_template::Error>(())
//! ```

use crate::error::Error;
use crate::escape::escape;
use crate::nodes::Tag;
use crate::render::Renderer;
use crate::syntax::{Parser, TagToken};

#[derive(Debug)]
struct Debug;

pub(super) fn compile(
    parser: &mut Parser<'_>,
    _token: TagToken<'_>,
) -> Result<Box<dyn Tag>, Error> {
    parser.mention_everything();
    Ok(Box::new(Debug))
}

impl Tag for Debug {
    fn render<'r>(&'r self, renderer: &mut Renderer<'r>) -> Result<(), Error> {
        if !renderer.engine().is_debug() {
            return Ok(());
        }
        let lines: Vec<String> = renderer
            .variables()
            .map(|(name, value)| format!("{name}: {value:?}\n"))
            .collect();
        renderer.write_html(&escape(&lines.concat()));
        Ok(())
    }
}
