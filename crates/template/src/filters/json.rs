//! `json_script`: data for JavaScript in a `<script>` element of its own.
//!
//! ```
//! use nuages_template::{context, Engine, NoServices};
//! let page = Engine::default().from_str("{{ v|json_script:'data' }}")?;
//! assert_eq!(
//!     page.render(&context! { v: "</script>" }, &NoServices)?,
//!     r#"<script id="data" type="application/json">"\u003C/script\u003E"</script>"#,
//! );
//! # Ok::<(), nuages_template::Error>(())
//! ```

use crate::error::Error;
use crate::html;
use crate::library::FilterCall;
use crate::value::Value;

pub(super) fn json_script<'r>(value: Value<'r>, call: &FilterCall<'r>) -> Result<Value<'r>, Error> {
    html::json_script(&value, call.argument()).map(Value::from)
}
