//! `{% partialdef name [inline] %} … {% endpartialdef %}` and `{% partial name %}`: a part to be used again.
//!
//! A partial is also a template of its own: `page.html#name`.
//!
//! ```
//! use nuages_template::{context, Engine, MemoryLoader, NoServices};
//! let source = "{% partialdef row %}<li>{{ x }}</li>{% endpartialdef %}<ul>{% partial row %}</ul>";
//! let engine = Engine::builder().loader(MemoryLoader::new([("page.html", source)])).build();
//! let context = context! { x: 1 };
//! assert_eq!(engine.get_template("page.html")?.render(&context, &NoServices)?, "<ul><li>1</li></ul>");
//! assert_eq!(engine.get_template("page.html#row")?.render(&context, &NoServices)?, "<li>1</li>");
//! # Ok::<(), nuages_template::Error>(())
//! ```

use std::sync::Arc;

use crate::error::Error;
use crate::nodes::{Block, Tag};
use crate::render::{Name, Renderer};
use crate::syntax::{Parser, TagToken};

#[derive(Debug)]
struct PartialDef {
    partial: Arc<Block>,
    inline: bool,
}

#[derive(Debug)]
struct Partial(Name);

pub(super) fn compile_definition(
    parser: &mut Parser<'_>,
    token: TagToken<'_>,
) -> Result<Box<dyn Tag>, Error> {
    let words = token.arguments();
    let (name, inline) = match words.as_slice() {
        [name] => (name, false),
        [name, "inline"] => (name, true),
        [_, _] => {
            return Err(Error::syntax(
                "The 'inline' argument does not have any parameters; either use 'inline' or remove it completely.",
            ));
        }
        [] => return Err(Error::syntax("'partialdef' tag requires a name")),
        _ => return Err(Error::syntax("'partialdef' tag takes at most 2 arguments")),
    };
    let (nodes, end) = parser.parse_until(&["endpartialdef"])?;
    let ended = end
        .contents()
        .strip_prefix("endpartialdef")
        .map_or("", str::trim);
    if !ended.is_empty() && ended != *name {
        return Err(Error::syntax(format!(
            "Invalid block tag on line {}: 'endpartialdef', expected 'endpartialdef' or 'endpartialdef {name}'. \
             Did you forget to register or load this tag?",
            parser.line(end.offset())
        )));
    }
    if parser
        .partials
        .iter()
        .any(|known| known.name.as_str() == *name)
    {
        return Err(Error::syntax(format!(
            "Partial '{name}' is already defined in the '{}' template.",
            parser.template_name()
        )));
    }
    let partial = Arc::new(Block {
        name: Name::new(name),
        nodes,
    });
    parser.partials.push(partial.clone());
    Ok(Box::new(PartialDef { partial, inline }))
}

pub(super) fn compile_use(
    _parser: &mut Parser<'_>,
    token: TagToken<'_>,
) -> Result<Box<dyn Tag>, Error> {
    let words = token.arguments();
    let [name] = words.as_slice() else {
        return Err(Error::syntax("'partial' tag requires a single argument"));
    };
    Ok(Box::new(Partial(Name::new(name))))
}

impl Tag for PartialDef {
    fn render<'r>(&'r self, renderer: &mut Renderer<'r>) -> Result<(), Error> {
        if self.inline {
            self.partial.nodes.render(renderer)
        } else {
            Ok(())
        }
    }
}

impl Tag for Partial {
    fn render<'r>(&'r self, renderer: &mut Renderer<'r>) -> Result<(), Error> {
        let page = renderer.page();
        match page.partials.iter().find(|partial| partial.name == self.0) {
            Some(partial) => renderer.render_part(page, Some(partial)),
            None => Err(Error::syntax(format!(
                "Partial '{}' is not defined in the current template.",
                self.0.as_str()
            ))),
        }
    }
}
