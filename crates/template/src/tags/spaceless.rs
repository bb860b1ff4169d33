//! `{% spaceless %}`: removes the spaces between HTML tags.
//!
//! ```
//! use nuages_template::{context, Engine, NoServices};
//! let page = Engine::default().from_str("{% spaceless %} <p>\n <b> a </b>\n</p> {% endspaceless %}")?;
//! assert_eq!(page.render(&context! {}, &NoServices)?, "<p><b> a </b></p>");
//! # Ok::<(), nuages_template::Error>(())
//! ```

use crate::error::Error;
use crate::nodes::{NodeList, Tag};
use crate::render::Renderer;
use crate::syntax::{Parser, TagToken};

#[derive(Debug)]
struct Spaceless(NodeList);

pub(super) fn compile(
    parser: &mut Parser<'_>,
    _token: TagToken<'_>,
) -> Result<Box<dyn Tag>, Error> {
    Ok(Box::new(Spaceless(
        parser.parse_until(&["endspaceless"])?.0,
    )))
}

impl Tag for Spaceless {
    fn render<'r>(&'r self, renderer: &mut Renderer<'r>) -> Result<(), Error> {
        let html = renderer.capture(|renderer| self.0.render(renderer))?;
        let mut rest = html.trim();
        while let Some(end) = rest.find('>') {
            let (tag, after) = rest.split_at(end + 1);
            renderer.write_html(tag);
            let next = after.trim_start();
            rest = if next.starts_with('<') { next } else { after };
        }
        renderer.write_html(rest);
        Ok(())
    }
}
