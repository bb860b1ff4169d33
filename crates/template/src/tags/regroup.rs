//! `{% regroup people by gender as groups %}`: lists neighbours that are alike together.
//!
//! ```
//! use nuages_template::{context, Engine, NoServices};
//! let page = Engine::default().from_str(
//!     "{% regroup words by 0 as groups %}{% for g in groups %}{{ g.grouper }}:{{ g.list|length }} {% endfor %}",
//! )?;
//! assert_eq!(page.render(&context! { words: vec!["ab", "ac", "b"] }, &NoServices)?, "a:2 b:1 ");
//! # Ok::<(), nuages_template::Error>(())
//! ```

use crate::compare::equal;
use crate::error::Error;
use crate::list::List;
use crate::nodes::Tag;
use crate::render::{Name, Renderer};
use crate::syntax::{Expression, Parser, TagToken};
use crate::value::Value;

#[derive(Debug)]
struct Regroup {
    target: Expression,
    /// `name.attribute`: each item is put into the variable for a moment, so that filters work in the attribute.
    key: Expression,
    name: Name,
}

pub(super) fn compile(parser: &mut Parser<'_>, token: TagToken<'_>) -> Result<Box<dyn Tag>, Error> {
    let words = token.split();
    let [_, target, by, key, as_word, name] = words.as_slice() else {
        return Err(Error::syntax("'regroup' tag takes five arguments"));
    };
    if *by != "by" {
        return Err(Error::syntax(
            "second argument to 'regroup' tag must be 'by'",
        ));
    }
    if *as_word != "as" {
        return Err(Error::syntax(
            "next-to-last argument to 'regroup' tag must be 'as'",
        ));
    }
    let target = parser.expression(target)?;
    let key = parser.expression(&format!("{name}.{key}"))?;
    Ok(Box::new(Regroup {
        target,
        key,
        name: Name::new(name),
    }))
}

impl Tag for Regroup {
    fn render<'r>(&'r self, renderer: &mut Renderer<'r>) -> Result<(), Error> {
        let target = renderer.eval_or_none(&self.target)?;
        let mut groups: Vec<(Value<'r>, Vec<Value<'r>>)> = Vec::new();
        if !target.is_none() {
            let Some(items) = renderer.env.items(&target) else {
                return Err(Error::wrong_type(format!(
                    "'{}' cannot be iterated",
                    self.target.source()
                )));
            };
            renderer.spend(items.len())?;
            for item in items {
                renderer.set(&self.name, item.clone());
                let key = renderer.eval_or_none(&self.key)?;
                match groups.last_mut() {
                    Some((last, items)) if equal(last, &key) => items.push(item),
                    _ => groups.push((key, vec![item])),
                }
            }
        }
        let groups = groups.into_iter().map(|(key, items)| {
            Value::List(List::named(
                "GroupedResult",
                &["grouper", "list"],
                vec![key, Value::list(items)],
            ))
        });
        let groups = Value::list(groups.collect());
        renderer.set(&self.name, groups);
        Ok(())
    }
}
