//! `pprint`: data for debugging, long lists with an item a line.
//!
//! ```
//! use nuages_template::{context, Engine, NoServices};
//! let page = Engine::default().from_str("{{ v|pprint|safe }}")?;
//! assert_eq!(page.render(&context! { v: vec!["a"] }, &NoServices)?, "['a']");
//! # Ok::<(), nuages_template::Error>(())
//! ```

use crate::error::Error;
use crate::library::FilterCall;
use crate::object::Kind;
use crate::value::Value;

const WIDTH: usize = 80;
const DEEPEST: usize = 16;

pub(super) fn pprint<'r>(value: Value<'r>, _: &FilterCall<'r>) -> Result<Value<'r>, Error> {
    let mut out = String::new();
    write(&value, 0, 0, &mut out);
    Ok(Value::from(out))
}

/// Writes on one line if it fits, else each item on its own, indented below the first.
fn write(value: &Value<'_>, indent: usize, depth: usize, out: &mut String) {
    let line = repr(value);
    let kind = match value {
        Value::List(items) if items.is_tuple() => Kind::Tuple,
        Value::List(_) => Kind::List,
        _ => value
            .as_object()
            .map_or(Kind::Object, crate::object::Object::kind),
    };
    if line.chars().count() + indent <= WIDTH || kind == Kind::Object || depth >= DEEPEST {
        out.push_str(&line);
        return;
    }
    let separator = format!(",\n{}", " ".repeat(indent + 1));
    if kind == Kind::Map {
        out.push('{');
        for (index, (key, value)) in value
            .as_object()
            .and_then(super::super::object::Object::entries)
            .into_iter()
            .flatten()
            .enumerate()
        {
            out.push_str(if index > 0 { &separator } else { "" });
            let key = repr(&key);
            out.push_str(&key);
            out.push_str(": ");
            write(&value, indent + key.chars().count() + 3, depth + 1, out);
        }
        out.push('}');
        return;
    }
    let (open, close) = if kind == Kind::Tuple {
        ('(', ')')
    } else {
        ('[', ']')
    };
    out.push(open);
    for (index, item) in value.iterate().into_iter().flatten().enumerate() {
        out.push_str(if index > 0 { &separator } else { "" });
        write(&item, indent + 1, depth + 1, out);
    }
    out.push(close);
}

fn repr(value: &Value<'_>) -> String {
    let mut line = String::new();
    // Writing into a String fails only when an object gives up.
    let _ = crate::repr::write_repr(value, &mut line);
    line
}
