//! `urlize` and `urlizetrunc`: addresses in plain text become links, to `https://` unless they say otherwise.
//!
//! ```
//! use nuages_template::{context, Engine, NoServices};
//! let page = Engine::default().from_str("{{ v|urlize }} {{ v|urlizetrunc:8 }}")?;
//! assert_eq!(
//!     page.render(&context! { v: "(http://a.org)" }, &NoServices)?,
//!     "(<a href=\"http://a.org\" rel=\"nofollow\">http://a.org</a>) \
//!      (<a href=\"http://a.org\" rel=\"nofollow\">http://…</a>)",
//! );
//! # Ok::<(), nuages_template::Error>(())
//! ```

use std::borrow::Cow;

use crate::error::Error;
use crate::html::Urlizer;
use crate::library::FilterCall;
use crate::value::Value;

/// Links with their whole address as text.
pub(super) fn urlize<'r>(value: Value<'r>, call: &FilterCall<'r>) -> Result<Value<'r>, Error> {
    Ok(linked(&value, Urlizer::new(), call))
}

/// Links whose text is at most as long as the argument says.
pub(super) fn urlizetrunc<'r>(value: Value<'r>, call: &FilterCall<'r>) -> Result<Value<'r>, Error> {
    let limit = usize::try_from(call.number()?).unwrap_or(0);
    Ok(linked(&value, Urlizer::new().trim_url_limit(limit), call))
}

fn linked<'r>(value: &Value<'r>, urlizer: Urlizer, call: &FilterCall<'r>) -> Value<'r> {
    let mut urlizer = urlizer.nofollow();
    if call.env.engine.0.urlize_http {
        urlizer = urlizer.insecure_http();
    }
    if !call.autoescape() {
        urlizer = urlizer.insecure_without_autoescape();
    }
    Value::Safe(Cow::Owned(
        urlizer.urlize(&value.to_text(), value.is_safe()),
    ))
}
