//! What `{% load l10n %}` loads: `{% localize on %}…{% endlocalize %}`, and the filters `localize` and `unlocalize`.
//!
//! Numbers and dates are written as the language writes them. Where a script reads them, that is switched off.
//!
//! ```
//! use nuages_template::{context, Engine, NoServices};
//! let page = Engine::default().from_str(
//!     "{% load i18n l10n %}{% language 'de' %}{{ x }} {% localize off %}{{ x }} {{ x|localize }}{% endlocalize %} \
//!      {{ x|unlocalize }}{% endlanguage %}",
//! )?;
//! assert_eq!(page.render(&context! { x: 1.5 }, &NoServices)?, "1,5 1.5 1,5 1.5");
//! # Ok::<(), nuages_template::Error>(())
//! ```

use crate::error::Error;
use crate::formats::localize;
use crate::library::{Filter, FilterCall, Library};
use crate::nodes::{NodeList, Tag};
use crate::render::Renderer;
use crate::syntax::{Parser, TagToken};
use crate::value::Value;

/// What `{% load l10n %}` loads.
pub(crate) fn library() -> Library {
    Library::new()
        .tag("localize", compile)
        .filter(Filter::new("localize", |value, call| {
            shown(value, call, true)
        }))
        .filter(Filter::new("unlocalize", |value, call| {
            shown(value, call, false)
        }))
}

fn shown<'r>(value: Value<'r>, call: &FilterCall<'r>, localized: bool) -> Result<Value<'r>, Error> {
    if value.as_str().is_some() {
        return Ok(value);
    }
    let locale = call.locale().localized(localized);
    Ok(Value::from(localize(&value, &locale)))
}

#[derive(Debug)]
struct Localize {
    on: bool,
    contents: NodeList,
}

fn compile(parser: &mut Parser<'_>, token: TagToken<'_>) -> Result<Box<dyn Tag>, Error> {
    let on = switch(token)?;
    let (contents, _) = parser.parse_until(&["endlocalize"])?;
    Ok(Box::new(Localize { on, contents }))
}

/// `on` or `off`; `on` when neither is there.
pub(super) fn switch(token: TagToken<'_>) -> Result<bool, Error> {
    match token.arguments().as_slice() {
        [] | ["on"] => Ok(true),
        ["off"] => Ok(false),
        _ => Err(Error::syntax(format!(
            "'{}' argument should be 'on' or 'off'",
            token.name()
        ))),
    }
}

impl Tag for Localize {
    fn render<'r>(&'r self, renderer: &mut Renderer<'r>) -> Result<(), Error> {
        renderer.with_locale(
            |state| state.use_l10n = self.on,
            |renderer| self.contents.render(renderer),
        )
    }
}
