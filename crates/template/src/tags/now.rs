//! `{% now "Y-m-d" [as name] %}`: the current time, in the letters of the `date` filter.
//!
//! ```
//! use nuages_template::{context, Engine, NoServices};
//! let page = Engine::default().from_str("{% now 'Y' %}")?;
//! assert_eq!(page.render(&context! {}, &NoServices)?, "1970"); // NoServices has no clock
//! # Ok::<(), nuages_template::Error>(())
//! ```

use std::borrow::Cow;

use crate::error::Error;
use crate::formats::date_format;
use crate::nodes::Tag;
use crate::render::{Name, Renderer};
use crate::syntax::{Parser, TagToken};
use crate::value::Value;

#[derive(Debug)]
struct Now {
    format: Box<str>,
    target: Option<Name>,
}

pub(super) fn compile(
    _parser: &mut Parser<'_>,
    token: TagToken<'_>,
) -> Result<Box<dyn Tag>, Error> {
    let mut words = token.arguments();
    let target = if words.len() == 3 {
        super::take_target(&mut words)
    } else {
        None
    };
    let [format] = words.as_slice() else {
        return Err(Error::syntax("'now' statement takes one argument"));
    };
    let format = format
        .get(1..format.len().saturating_sub(1))
        .unwrap_or("")
        .into();
    Ok(Box::new(Now { format, target }))
}

impl Tag for Now {
    fn render<'r>(&'r self, renderer: &mut Renderer<'r>) -> Result<(), Error> {
        let locale = renderer.locale();
        let text = date_format(&locale.now(), Some(&self.format), &locale).unwrap_or_default();
        match &self.target {
            Some(name) => renderer.set(name, Value::Str(Cow::Owned(text))),
            None => renderer.write_html(&text),
        }
        Ok(())
    }
}
