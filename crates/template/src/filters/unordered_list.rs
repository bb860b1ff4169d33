//! `unordered_list`: nested lists as `<li>` and `<ul>`, without the outermost `<ul>`.
//!
//! ```
//! use nuages_template::{context, Engine, NoServices, Value};
//! let page = Engine::default().from_str("{{ v|unordered_list }}")?;
//! let v = Value::list(vec!["a".into(), vec!["<b>"].into()]);
//! assert_eq!(
//!     page.render(&context! { v: v }, &NoServices)?,
//!     "\t<li>a\n\t<ul>\n\t\t<li>&lt;b&gt;</li>\n\t</ul>\n\t</li>",
//! );
//! # Ok::<(), nuages_template::Error>(())
//! ```

use std::borrow::Cow;

use crate::error::Error;
use crate::escape::conditional_escape;
use crate::library::FilterCall;
use crate::object::Kind;
use crate::value::Value;

const DEEPEST: usize = 64;

pub(super) fn unordered_list<'r>(
    value: Value<'r>,
    call: &FilterCall<'r>,
) -> Result<Value<'r>, Error> {
    let mut out = String::new();
    write(&value, 1, call, &mut out)?;
    Ok(Value::Safe(Cow::Owned(out)))
}

fn write<'r>(
    list: &Value<'r>,
    depth: usize,
    call: &FilterCall<'r>,
    out: &mut String,
) -> Result<(), Error> {
    if depth > DEEPEST {
        return Err(Error::too_deep("the list"));
    }
    let Some(items) = call.items(list) else {
        return Err(Error::wrong_type("the value cannot be iterated"));
    };
    let indent = "\t".repeat(depth);
    let mut items = items.iter().peekable();
    let mut first = true;
    while let Some(item) = items.next() {
        if !first {
            out.push('\n');
        }
        first = false;
        out.push_str(&indent);
        out.push_str("<li>");
        if call.autoescape() {
            out.push_str(&conditional_escape(item));
        } else {
            out.push_str(&item.to_text());
        }
        // A list belongs to the item before it.
        if let Some(children) = items.next_if(|next| is_list(next))
            && children.is_true()
        {
            out.extend(["\n", &indent, "<ul>\n"]);
            write(children, depth + 1, call, out)?;
            out.extend(["\n", &indent, "</ul>\n", &indent]);
        }
        out.push_str("</li>");
    }
    Ok(())
}

fn is_list(value: &Value<'_>) -> bool {
    match value.as_object() {
        Some(object) => matches!(object.kind(), Kind::List | Kind::Tuple),
        None => matches!(value, Value::List(_)),
    }
}
