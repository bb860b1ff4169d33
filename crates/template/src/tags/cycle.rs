//! `{% cycle a b c [as name [silent]] %}` gives its arguments in turn; `{% resetcycle [name] %}` begins anew.
//!
//! ```
//! use nuages_template::{context, Engine, NoServices};
//! let page = Engine::default().from_str("{% for n in rows %}{% cycle 'odd' 'even' %} {% endfor %}")?;
//! assert_eq!(page.render(&context! { rows: vec![1, 2, 3] }, &NoServices)?, "odd even odd ");
//! # Ok::<(), nuages_template::Error>(())
//! ```

use std::sync::Arc;

use crate::error::Error;
use crate::nodes::Tag;
use crate::render::{Name, Renderer};
use crate::syntax::{Expression, Parser, TagToken};

/// A cycle. The tags that name it share it, and its address tells its position from those of others.
#[derive(Debug)]
pub(crate) struct Cycle {
    values: Vec<Expression>,
    name: Option<Name>,
    silent: bool,
}

#[derive(Debug)]
struct CycleTag(Arc<Cycle>);

#[derive(Debug)]
struct ResetCycle(Arc<Cycle>);

pub(super) fn compile(parser: &mut Parser<'_>, token: TagToken<'_>) -> Result<Box<dyn Tag>, Error> {
    let mut words = token.arguments();
    if words.is_empty() {
        return Err(Error::syntax("'cycle' tag requires at least two arguments"));
    }
    if let [name] = words.as_slice() {
        if parser.named_cycles.is_empty() {
            return Err(Error::syntax(format!(
                "No named cycles in template. '{name}' is not defined"
            )));
        }
        let Some(known) = parser.named_cycles.get(*name) else {
            return Err(Error::syntax(format!(
                "Named cycle '{name}' does not exist"
            )));
        };
        return Ok(Box::new(CycleTag(known.clone())));
    }
    let mut silent = false;
    if let [_, .., "as", _, flag] = words.as_slice() {
        if *flag != "silent" {
            return Err(Error::syntax(format!(
                "Only 'silent' flag is allowed after cycle's name, not '{flag}'."
            )));
        }
        silent = true;
        words.pop();
    }
    let name = if words.len() > 2 {
        super::take_target(&mut words)
    } else {
        None
    };
    let values = parser.expressions(&words)?;
    let key = name.as_ref().map(|name| name.as_str().to_owned());
    let cycle = Arc::new(Cycle {
        values,
        name,
        silent,
    });
    if let Some(key) = key {
        parser.named_cycles.insert(key, cycle.clone());
    }
    parser.last_cycle = Some(cycle.clone());
    Ok(Box::new(CycleTag(cycle)))
}

pub(super) fn compile_reset(
    parser: &mut Parser<'_>,
    token: TagToken<'_>,
) -> Result<Box<dyn Tag>, Error> {
    let words = token.arguments();
    let cycle = match words.as_slice() {
        [] => parser
            .last_cycle
            .clone()
            .ok_or_else(|| Error::syntax("No cycles in template."))?,
        [name] => parser
            .named_cycles
            .get(*name)
            .cloned()
            .ok_or_else(|| Error::syntax(format!("Named cycle '{name}' does not exist.")))?,
        _ => {
            return Err(Error::syntax(
                "'resetcycle' tag accepts at most one argument.",
            ));
        }
    };
    Ok(Box::new(ResetCycle(cycle)))
}

fn position<'p>(renderer: &'p mut Renderer<'_>, cycle: &Arc<Cycle>) -> &'p mut usize {
    let key = Arc::as_ptr(cycle).addr();
    let cycles = &mut renderer.frame.cycles;
    let at = cycles
        .iter()
        .position(|(known, _)| *known == key)
        .unwrap_or_else(|| {
            cycles.push((key, 0));
            cycles.len() - 1
        });
    &mut cycles[at].1
}

impl Tag for CycleTag {
    fn render<'r>(&'r self, renderer: &mut Renderer<'r>) -> Result<(), Error> {
        let cycle = &*self.0;
        let position = position(renderer, &self.0);
        let at = *position;
        *position = (at + 1) % cycle.values.len();
        let value = renderer.eval(&cycle.values[at])?;
        if let Some(name) = &cycle.name {
            renderer.set_upward(name, value.clone());
        }
        if cycle.silent {
            return Ok(());
        }
        renderer.write_value(&value)
    }
}

impl Tag for ResetCycle {
    fn render<'r>(&'r self, renderer: &mut Renderer<'r>) -> Result<(), Error> {
        *position(renderer, &self.0) = 0;
        Ok(())
    }
}
