//! `{% csrf_token %}`: the hidden field that proves that a form came from this site.
//!
//! It reads the variable `csrf_token`, which the web room provides, and is empty without it.
//!
//! ```
//! use nuages_template::{context, Engine, NoServices};
//! let page = Engine::default().from_str("{% csrf_token %}")?;
//! assert_eq!(
//!     page.render(&context! { csrf_token: "abc" }, &NoServices)?,
//!     r#"<input type="hidden" name="csrfmiddlewaretoken" value="abc">"#,
//! );
//! # Ok::<(), nuages_template::Error>(())
//! ```

use crate::error::Error;
use crate::escape::conditional_escape;
use crate::nodes::Tag;
use crate::render::Renderer;
use crate::syntax::{Parser, TagToken};

#[derive(Debug)]
struct CsrfToken;

pub(super) fn compile(
    parser: &mut Parser<'_>,
    _token: TagToken<'_>,
) -> Result<Box<dyn Tag>, Error> {
    parser.mention("csrf_token");
    Ok(Box::new(CsrfToken))
}

impl Tag for CsrfToken {
    fn render<'r>(&'r self, renderer: &mut Renderer<'r>) -> Result<(), Error> {
        let Some(token) = renderer.get("csrf_token") else {
            return Ok(());
        };
        if !token.is_true() || token.as_str() == Some("NOTPROVIDED") {
            return Ok(());
        }
        renderer.write_html("<input type=\"hidden\" name=\"csrfmiddlewaretoken\" value=\"");
        renderer.write_html(&conditional_escape(&token));
        renderer.write_html("\">");
        Ok(())
    }
}
