//! HTML out of text and values, safely: what the filters do, for programs.
//!
//! ```
//! use nuages_template::{Value, html};
//! let link = html::format_html("<a href=\"{}\">{name}</a>", &["/?a&b".into()], &[("name", "<me>".into())])?;
//! assert_eq!(&*link, "<a href=\"/?a&amp;b\">&lt;me&gt;</a>");
//! assert_eq!(html::strip_tags("<b>bold</b> move")?, "bold move");
//! # Ok::<(), nuages_template::Error>(())
//! ```
//!
//! # Django
//! `django.utils.html`.

mod entities;
mod format;
mod json_script;
mod lines;
mod parse;
mod strip;
mod urlize;
mod urls;

pub use crate::escape::{conditional_escape, escape, push_escaped};
pub use entities::unescape;
pub use format::{format_html, format_html_join};
pub use json_script::json_script;
pub(crate) use lines::push_lines;
pub use lines::{linebreaks, strip_spaces_between_tags};
pub(crate) use parse::{Piece, is_void, pieces};
pub use strip::strip_tags;
pub use urlize::Urlizer;
pub use urls::smart_urlquote;
pub(crate) use urls::{percent_encode, quoted};

use std::fmt::Write;

use crate::safe::SafeString;

/// Text for a JavaScript string in quotes.
///
/// ```
/// assert_eq!(&*nuages_template::html::escapejs("</script>"), r"\u003C/script\u003E");
/// ```
///
/// # Security
/// The result is for strings in quotes only, not for code and not for template literals.
/// [`json_script`] is the better way to hand data to a script.
///
/// # Django
/// `django.utils.html.escapejs`.
pub fn escapejs(text: &str) -> SafeString {
    let mut out = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        match c {
            '\\'
            | '\''
            | '"'
            | '>'
            | '<'
            | '&'
            | '='
            | '-'
            | ';'
            | '`'
            | '\u{2028}'
            | '\u{2029}'
            | '\0'..='\u{1f}' => {
                // Writing into a String cannot fail.
                let _ = write!(out, "\\u{:04X}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    SafeString::assert_safe(out)
}
