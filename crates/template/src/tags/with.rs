//! `{% with a=1 b=x.y %}`: short names for its contents. The old form `{% with x.y as b %}` works, too.
//!
//! ```
//! use nuages_template::{context, Engine, NoServices};
//! let page = Engine::default().from_str("{% with b=a|upper c=1 %}{{ b }}{{ c }}{% endwith %}{{ b }}")?;
//! assert_eq!(page.render(&context! { a: "x" }, &NoServices)?, "X1");
//! # Ok::<(), nuages_template::Error>(())
//! ```

use crate::error::Error;
use crate::nodes::{NodeList, Tag};
use crate::render::{Name, Renderer};
use crate::syntax::{NamedExpression, Parser, TagToken};

#[derive(Debug)]
struct With {
    values: Vec<NamedExpression>,
    contents: NodeList,
}

pub(super) fn compile(parser: &mut Parser<'_>, token: TagToken<'_>) -> Result<Box<dyn Tag>, Error> {
    let mut words = token.arguments();
    let mut values = parser.named(&mut words)?;
    if values.is_empty() {
        // The old form: `value as name and value as name`.
        while let [value, "as", name, rest @ ..] = words.as_slice() {
            values.push(NamedExpression {
                name: Name::new(name),
                value: parser.expression(value)?,
            });
            words = match rest {
                ["and", rest @ ..] | rest => rest.to_vec(),
            };
        }
    }
    if values.is_empty() {
        return Err(Error::syntax(
            "'with' expected at least one variable assignment",
        ));
    }
    if let [word, ..] = words.as_slice() {
        return Err(Error::syntax(format!(
            "'with' received an invalid token: '{word}'"
        )));
    }
    let (contents, _) = parser.parse_until(&["endwith"])?;
    Ok(Box::new(With { values, contents }))
}

impl Tag for With {
    fn render<'r>(&'r self, renderer: &mut Renderer<'r>) -> Result<(), Error> {
        let mut values = Vec::with_capacity(self.values.len());
        for NamedExpression { name, value } in &self.values {
            values.push((name, renderer.eval(value)?));
        }
        renderer.scoped(|renderer| {
            for (name, value) in values {
                renderer.set(name, value);
            }
            self.contents.render(renderer)
        })
    }
}
