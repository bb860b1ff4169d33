//! `{% for x in list [reversed] %} … {% empty %} … {% endfor %}`, with `forloop` in it.
//!
//! ```
//! use nuages_template::{context, Engine, NoServices};
//! let page = Engine::default()
//!     .from_str("{% for name, age in people %}{{ forloop.counter }}. {{ name }} ({{ age }}){% endfor %}")?;
//! assert_eq!(page.render(&context! { people: vec![("Ada", 36)] }, &NoServices)?, "1. Ada (36)");
//! # Ok::<(), nuages_template::Error>(())
//! ```

use std::borrow::Cow;

use crate::error::Error;
use crate::nodes::{NodeList, Tag};
use crate::render::{Loop, Name, Renderer};
use crate::syntax::{Expression, Parser, TagToken};
use crate::value::Value;

#[derive(Debug)]
struct For {
    variables: Vec<Name>,
    sequence: Expression,
    reversed: bool,
    contents: NodeList,
    empty: NodeList,
}

pub(super) fn compile(parser: &mut Parser<'_>, token: TagToken<'_>) -> Result<Box<dyn Tag>, Error> {
    let words = token.split();
    if words.len() < 4 {
        return Err(Error::syntax(format!(
            "'for' statements should have at least four words: {}",
            token.contents()
        )));
    }
    let reversed = words.last() == Some(&"reversed");
    let end = words.len() - usize::from(reversed);
    let [_, names @ .., "in", sequence] = &words[..end] else {
        return Err(Error::syntax(format!(
            "'for' statements should use the format 'for x in y': {}",
            token.contents()
        )));
    };
    let names: Cow<'_, str> = match names {
        [name] => Cow::Borrowed(name),
        names => Cow::Owned(names.join(" ")),
    };
    let mut variables = Vec::with_capacity(names.matches(',').count() + 1);
    for name in names.split(',').map(|name| name.trim_matches(' ')) {
        if name.is_empty() || name.contains([' ', '"', '\'', '|']) {
            return Err(Error::syntax(format!(
                "'for' tag received an invalid argument: {}",
                token.contents()
            )));
        }
        variables.push(parser.name(name));
    }
    let sequence = parser.expression(sequence)?;
    let (contents, end) = parser.parse_until(&["empty", "endfor"])?;
    let empty = match end.name() {
        "empty" => parser.parse_until(&["endfor"])?.0,
        _ => NodeList::default(),
    };
    Ok(Box::new(For {
        variables,
        sequence,
        reversed,
        contents,
        empty,
    }))
}

impl Tag for For {
    fn render<'r>(&'r self, renderer: &mut Renderer<'r>) -> Result<(), Error> {
        let value = renderer.eval_or_none(&self.sequence)?;
        renderer.scoped(|renderer| self.render_items(&value, renderer))
    }
}

impl For {
    fn render_items<'r>(
        &'r self,
        value: &Value<'r>,
        renderer: &mut Renderer<'r>,
    ) -> Result<(), Error> {
        if value.is_none() {
            return self.empty.render(renderer);
        }
        if !self.reversed {
            // The common cases need no list of their own: items are borrowed one by one.
            if let Value::List(items) = value {
                return self.run(items.len(), items.iter().cloned(), renderer);
            }
            if let Some(object) = renderer.env.object(value)
                && let (Some(len), Some(items)) = (object.len(), object.iterate())
            {
                return self.run(len, items, renderer);
            }
        }
        let Some(mut items) = renderer.env.items(value) else {
            return Err(Error::wrong_type(format!(
                "'{}' cannot be iterated",
                self.sequence.source()
            ))
            .with_hint("a for loop takes a list, a dictionary or a string"));
        };
        if self.reversed {
            items.reverse();
        }
        self.run(items.len(), items.into_iter(), renderer)
    }

    fn run<'r>(
        &'r self,
        len: usize,
        items: impl Iterator<Item = Value<'r>>,
        renderer: &mut Renderer<'r>,
    ) -> Result<(), Error> {
        if len == 0 {
            return self.empty.render(renderer);
        }
        let first = renderer.scopes.next();
        for name in &self.variables {
            renderer.scopes.add(name.as_str(), name.hash(), Value::None);
        }
        renderer.loops.push(Loop {
            len,
            ..Loop::default()
        });
        let mut items = items;
        // An object whose length is wrong does not get more rounds than it has items, nor `last` wrong.
        for index in 0..len {
            let item = items.next();
            if let Some(current) = renderer.loops.last_mut() {
                current.index = index;
            }
            match item {
                // The common case, without moving what was just made.
                Some(Value::Object(object)) if self.variables.len() == 1 => {
                    renderer.scopes.replace(first, Value::Object(object));
                }
                Some(item) => self.bind(item, first, renderer)?,
                None => break,
            }
            self.contents.render(renderer)?;
        }
        renderer.loops.pop();
        Ok(())
    }

    fn bind<'r>(
        &'r self,
        item: Value<'r>,
        first: usize,
        renderer: &mut Renderer<'r>,
    ) -> Result<(), Error> {
        let wanted = self.variables.len();
        if wanted == 1 {
            let item = renderer.env.hold(item);
            renderer.scopes.replace(first, item);
            return Ok(());
        }
        let item = renderer.env.hold(item);
        let got = item.len().unwrap_or(1);
        if got != wanted {
            return Err(Error::value(format!(
                "Need {wanted} values to unpack in for loop; got {got}. "
            )));
        }
        for index in 0..wanted {
            let part = renderer.env.index(&item, index).unwrap_or_default();
            let part = renderer.env.hold(part);
            renderer.scopes.replace(first + index, part);
        }
        Ok(())
    }
}
