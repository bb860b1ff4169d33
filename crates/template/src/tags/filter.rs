//! `{% filter upper|escape … %}`: its rendered contents go through filters.
//!
//! ```
//! use nuages_template::{context, Engine, NoServices};
//! let page = Engine::default().from_str("{% filter upper %}a {{ x }}{% endfilter %}")?;
//! assert_eq!(page.render(&context! { x: "b" }, &NoServices)?, "A B");
//! # Ok::<(), nuages_template::Error>(())
//! ```

use std::borrow::Cow;

use crate::error::Error;
use crate::nodes::{NodeList, Tag};
use crate::render::Renderer;
use crate::syntax::{Expression, Parser, TagToken};
use crate::value::Value;

#[derive(Debug)]
struct FilterTag {
    filters: Expression,
    contents: NodeList,
}

pub(super) fn compile(parser: &mut Parser<'_>, token: TagToken<'_>) -> Result<Box<dyn Tag>, Error> {
    let Some((_, filters)) = token.contents().split_once(char::is_whitespace) else {
        return Err(Error::syntax(
            "'filter' tag takes one argument: the filters",
        ));
    };
    let filters = parser.expression(&format!("\"\"|{}", filters.trim_start()))?;
    if let Some(name) = filters
        .filter_names()
        .find(|name| matches!(*name, "escape" | "safe"))
    {
        return Err(Error::syntax(format!(
            "\"filter {name}\" is not permitted. Use the \"autoescape\" tag instead."
        )));
    }
    let (contents, _) = parser.parse_until(&["endfilter"])?;
    Ok(Box::new(FilterTag { filters, contents }))
}

impl Tag for FilterTag {
    fn render<'r>(&'r self, renderer: &mut Renderer<'r>) -> Result<(), Error> {
        let html = renderer.capture(|renderer| self.contents.render(renderer))?;
        let value = renderer.filtered(Value::Safe(Cow::Owned(html)), &self.filters)?;
        // The contents were escaped already: the filters' result is written as it is.
        renderer.write_html(&value.to_text());
        Ok(())
    }
}
