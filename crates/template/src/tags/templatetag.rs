//! `{% templatetag openblock %}`: the braces of the template language as text.
//!
//! ```
//! use nuages_template::{context, Engine, NoServices};
//! let page = Engine::default().from_str("{% templatetag openblock %} x {% templatetag closeblock %}")?;
//! assert_eq!(page.render(&context! {}, &NoServices)?, "{% x %}");
//! # Ok::<(), nuages_template::Error>(())
//! ```

use crate::error::Error;
use crate::nodes::Tag;
use crate::render::Renderer;
use crate::syntax::{Parser, TagToken};

const BRACES: [(&str, &str); 8] = [
    ("openblock", "{%"),
    ("closeblock", "%}"),
    ("openvariable", "{{"),
    ("closevariable", "}}"),
    ("openbrace", "{"),
    ("closebrace", "}"),
    ("opencomment", "{#"),
    ("closecomment", "#}"),
];

#[derive(Debug)]
struct TemplateTag(&'static str);

pub(super) fn compile(
    _parser: &mut Parser<'_>,
    token: TagToken<'_>,
) -> Result<Box<dyn Tag>, Error> {
    let words: Vec<&str> = token.contents().split_whitespace().collect();
    let [_, wanted] = words.as_slice() else {
        return Err(Error::syntax("'templatetag' statement takes one argument"));
    };
    let Some((_, text)) = BRACES.iter().find(|(name, _)| name == wanted) else {
        let names: Vec<String> = BRACES.iter().map(|(name, _)| format!("'{name}'")).collect();
        return Err(Error::syntax(format!(
            "Invalid templatetag argument: '{wanted}'. Must be one of: [{}]",
            names.join(", ")
        )));
    };
    Ok(Box::new(TemplateTag(text)))
}

impl Tag for TemplateTag {
    fn render<'r>(&'r self, renderer: &mut Renderer<'r>) -> Result<(), Error> {
        renderer.write_html(self.0);
        Ok(())
    }
}
