//! `{% widthratio value max width [as name] %}`: `value / max * width`, rounded; for bars and the like.
//!
//! ```
//! use nuages_template::{context, Engine, NoServices};
//! let page = Engine::default().from_str("{% widthratio 175 200 100 %}")?;
//! assert_eq!(page.render(&context! {}, &NoServices)?, "88");
//! # Ok::<(), nuages_template::Error>(())
//! ```

use std::borrow::Cow;

use crate::error::Error;
use crate::nodes::Tag;
use crate::render::{Name, Renderer};
use crate::syntax::{Expression, Parser, TagToken};
use crate::value::Value;

#[derive(Debug)]
struct WidthRatio {
    value: Expression,
    max: Expression,
    width: Expression,
    target: Option<Name>,
}

pub(super) fn compile(parser: &mut Parser<'_>, token: TagToken<'_>) -> Result<Box<dyn Tag>, Error> {
    let words = token.arguments();
    let (value, max, width, target) = match words.as_slice() {
        [value, max, width] => (value, max, width, None),
        [value, max, width, "as", name] => (value, max, width, Some(Name::new(name))),
        [_, _, _, _, _] => {
            return Err(Error::syntax(
                "Invalid syntax in widthratio tag. Expecting 'as' keyword",
            ));
        }
        _ => return Err(Error::syntax("widthratio takes at least three arguments")),
    };
    Ok(Box::new(WidthRatio {
        value: parser.expression(value)?,
        max: parser.expression(max)?,
        width: parser.expression(width)?,
        target,
    }))
}

impl Tag for WidthRatio {
    fn render<'r>(&'r self, renderer: &mut Renderer<'r>) -> Result<(), Error> {
        let value = renderer.eval(&self.value)?;
        let max = renderer.eval(&self.max)?;
        let Some(width) = renderer.eval(&self.width)?.to_int() else {
            return Err(Error::syntax("widthratio final argument must be a number"));
        };
        let text = ratio(&value, &max, width);
        match &self.target {
            Some(name) => renderer.set(name, Value::Str(Cow::Owned(text))),
            None => renderer.write_html(&text),
        }
        Ok(())
    }
}

fn ratio(value: &Value<'_>, max: &Value<'_>, width: i64) -> String {
    let (Some(value), Some(max)) = (value.to_float(), max.to_float()) else {
        return String::new();
    };
    if max == 0.0 {
        return "0".to_owned();
    }
    #[expect(
        clippy::cast_precision_loss,
        reason = "a width of 2^53 pixels is not drawn"
    )]
    let ratio = value / max * width as f64;
    if ratio.is_finite() {
        format!("{:.0}", ratio.round_ties_even()).replace("-0", "0")
    } else {
        String::new()
    }
}
