//! `slugify`: text for URLs, `joel-is-a-slug`.
//!
//! ```
//! use nuages_template::{context, Engine, NoServices};
//! let page = Engine::default().from_str("{{ v|slugify }}")?;
//! assert_eq!(page.render(&context! { v: " Joel is à  slug! " }, &NoServices)?, "joel-is-a-slug");
//! # Ok::<(), nuages_template::Error>(())
//! ```

use crate::error::Error;
use crate::library::FilterCall;
use crate::text;
use crate::value::Value;

pub(super) fn slugify<'r>(value: Value<'r>, _: &FilterCall<'r>) -> Result<Value<'r>, Error> {
    Ok(Value::from(text::slugify(&value.to_text())))
}
