//! `{% ifchanged [a b] %} … {% else %} … {% endifchanged %}`: rendered when it differs from the loop's last round.
//!
//! ```
//! use nuages_template::{context, Engine, NoServices};
//! let page = Engine::default()
//!     .from_str("{% for n in list %}{% ifchanged n %}{{ n }}{% else %}.{% endifchanged %}{% endfor %}")?;
//! assert_eq!(page.render(&context! { list: vec![1, 1, 2] }, &NoServices)?, "1.2");
//! # Ok::<(), nuages_template::Error>(())
//! ```

use crate::compare::equal;
use crate::error::Error;
use crate::nodes::{NodeList, Tag};
use crate::render::{Changed, Renderer};
use crate::syntax::{Expression, Parser, TagToken};

#[derive(Debug)]
struct IfChanged {
    values: Vec<Expression>,
    contents: NodeList,
    otherwise: NodeList,
}

pub(super) fn compile(parser: &mut Parser<'_>, token: TagToken<'_>) -> Result<Box<dyn Tag>, Error> {
    let values = parser.expressions(&token.arguments())?;
    let (contents, end) = parser.parse_until(&["else", "endifchanged"])?;
    let otherwise = match end.name() {
        "else" => parser.parse_until(&["endifchanged"])?.0,
        _ => NodeList::default(),
    };
    Ok(Box::new(IfChanged {
        values,
        contents,
        otherwise,
    }))
}

impl Tag for IfChanged {
    fn render<'r>(&'r self, renderer: &mut Renderer<'r>) -> Result<(), Error> {
        let now = if self.values.is_empty() {
            Changed::Output(renderer.capture(|renderer| self.contents.render(renderer))?)
        } else {
            let values: Result<Vec<_>, Error> = self
                .values
                .iter()
                .map(|expression| renderer.eval_or_none(expression))
                .collect();
            Changed::Values(values?)
        };
        if !self.replace(&now, renderer) {
            return self.otherwise.render(renderer);
        }
        match &now {
            Changed::Output(html) => renderer.write_html(html),
            Changed::Values(_) => self.contents.render(renderer)?,
        }
        self.remember(now, renderer);
        Ok(())
    }
}

impl IfChanged {
    fn key(&self) -> usize {
        std::ptr::from_ref(self).addr()
    }

    /// Is it different from what was seen last?
    fn replace(&self, now: &Changed<'_>, renderer: &mut Renderer<'_>) -> bool {
        let last = renderer
            .changed()
            .iter()
            .find(|(key, _)| *key == self.key());
        match (last.map(|(_, last)| last), now) {
            (Some(Changed::Output(last)), Changed::Output(now)) => last != now,
            (Some(Changed::Values(last)), Changed::Values(now)) => {
                !last.iter().zip(now).all(|(last, now)| equal(last, now))
            }
            _ => true,
        }
    }

    fn remember<'r>(&self, now: Changed<'r>, renderer: &mut Renderer<'r>) {
        let key = self.key();
        let seen = renderer.changed();
        match seen.iter_mut().find(|(known, _)| *known == key) {
            Some((_, last)) => *last = now,
            None => seen.push((key, now)),
        }
    }
}
