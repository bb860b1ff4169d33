//! `striptags`: HTML without its tags.
//!
//! ```
//! use nuages_template::{context, Engine, NoServices};
//! let page = Engine::default().from_str("{{ v|striptags }}")?;
//! assert_eq!(page.render(&context! { v: "<b>a</b> <i>b" }, &NoServices)?, "a b");
//! # Ok::<(), nuages_template::Error>(())
//! ```
//!
//! # Security
//! The result is not safe: it is escaped like any other text. Never mark it safe.

use crate::error::Error;
use crate::html::strip_tags;
use crate::library::FilterCall;
use crate::value::Value;

pub(super) fn striptags<'r>(value: Value<'r>, _: &FilterCall<'r>) -> Result<Value<'r>, Error> {
    strip_tags(&value.to_text()).map(Value::from)
}

#[cfg(test)]
mod tests {
    use crate::{Engine, NoServices, context};

    #[test]
    fn hostile_tags_are_refused_in_linear_time() {
        let page = Engine::default().from_str("{{ v|striptags }}").unwrap();
        for hostile in [
            "<a".repeat(100_000),
            "<".repeat(100_000) + &"a>".repeat(100_000),
            "><!".repeat(10_000) + &"&".repeat(100_000) + "D",
        ] {
            // Refused or stripped, but soon.
            let _ = page.render(&context! { v: hostile }, &NoServices);
        }
    }
}
