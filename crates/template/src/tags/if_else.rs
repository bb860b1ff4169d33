//! `{% if a and not b or c == 1 %} … {% elif d in e %} … {% else %} … {% endif %}`.
//!
//! ```
//! use nuages_template::{context, Engine, NoServices};
//! let page = Engine::default().from_str("{% if n > 2 and name %}many{% elif n %}few{% else %}none{% endif %}")?;
//! assert_eq!(page.render(&context! { n: 3, name: "x" }, &NoServices)?, "many");
//! assert_eq!(page.render(&context! { n: 1 }, &NoServices)?, "few");
//! assert_eq!(page.render(&context! {}, &NoServices)?, "none");
//! # Ok::<(), nuages_template::Error>(())
//! ```

use crate::error::Error;
use crate::nodes::{NodeList, Tag};
use crate::render::Renderer;
use crate::syntax::{Condition, Parser, TagToken};

#[derive(Debug)]
struct If {
    branches: Vec<(Condition, NodeList)>,
    otherwise: NodeList,
}

pub(super) fn compile(parser: &mut Parser<'_>, token: TagToken<'_>) -> Result<Box<dyn Tag>, Error> {
    let mut branches = Vec::with_capacity(1);
    let mut otherwise = NodeList::default();
    let mut token = token;
    while token.name() != "else" && token.name() != "endif" {
        let condition = Condition::compile(parser, &token.arguments())?;
        let (contents, end) = parser.parse_until(&["elif", "else", "endif"])?;
        branches.push((condition, contents));
        token = end;
    }
    if token.contents() == "else" {
        (otherwise, token) = parser.parse_until(&["endif"])?;
    }
    if token.contents() != "endif" {
        return Err(Error::syntax(format!(
            "Malformed template tag at line {}: \"{}\"",
            parser.line(token.offset()),
            token.contents()
        )));
    }
    Ok(Box::new(If {
        branches,
        otherwise,
    }))
}

impl Tag for If {
    fn render<'r>(&'r self, renderer: &mut Renderer<'r>) -> Result<(), Error> {
        for (condition, contents) in &self.branches {
            if renderer.holds(condition)? {
                return contents.render(renderer);
            }
        }
        self.otherwise.render(renderer)
    }
}
