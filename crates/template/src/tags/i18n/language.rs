//! `{% language "de" %}`: another language for its contents.
//!
//! ```
//! use nuages_template::{context, Engine, NoServices};
//! let page = Engine::default().from_str("{% load i18n %}{{ x }} {% language code %}{{ x }}{% endlanguage %}")?;
//! assert_eq!(page.render(&context! { x: 1.5, code: "de" }, &NoServices)?, "1.5 1,5");
//! # Ok::<(), nuages_template::Error>(())
//! ```

use crate::error::Error;
use crate::i18n::to_language;
use crate::nodes::{NodeList, Tag};
use crate::render::Renderer;
use crate::syntax::{Expression, Parser, TagToken};

#[derive(Debug)]
struct Language {
    code: Expression,
    contents: NodeList,
}

pub(super) fn compile(parser: &mut Parser<'_>, token: TagToken<'_>) -> Result<Box<dyn Tag>, Error> {
    let words = token.arguments();
    let [code] = words.as_slice() else {
        return Err(Error::syntax(format!(
            "'{}' takes one argument (language)",
            token.name()
        )));
    };
    let code = parser.expression(code)?;
    let (contents, _) = parser.parse_until(&["endlanguage"])?;
    Ok(Box::new(Language { code, contents }))
}

impl Tag for Language {
    fn render<'r>(&'r self, renderer: &mut Renderer<'r>) -> Result<(), Error> {
        let code = renderer.eval(&self.code)?;
        if !code.is_none() && !code.is_true() {
            // An empty code changes nothing.
            return self.contents.render(renderer);
        }
        let language = (!code.is_none()).then(|| to_language(&code.to_text()));
        renderer.with_locale(
            |state| state.set_language(language),
            |renderer| self.contents.render(renderer),
        )
    }
}
