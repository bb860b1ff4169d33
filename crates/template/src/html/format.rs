//! `format_html` and `format_html_join`: HTML with holes, and what goes into them is escaped.

use crate::error::Error;
use crate::escape::conditional_escape;
use crate::safe::SafeString;
use crate::value::Value;

/// Fills values into the holes of a piece of HTML; what is not safe is escaped.
///
/// Holes are `{}`, `{0}` and `{name}`; `{{` and `}}` are braces.
///
/// ```
/// use nuages_template::{Value, html::format_html};
/// let html = format_html("<b>{}</b>{}", &["<".into(), Value::assert_safe("<br>")], &[])?;
/// assert_eq!(&*html, "<b>&lt;</b><br>");
/// assert!(format_html("<b>{}</b>", &[], &[]).is_err());
/// # Ok::<(), nuages_template::Error>(())
/// ```
///
/// # Errors
/// `Type` without any value, `Value` when a hole has no value or is none of the three kinds.
///
/// # Security
/// The format is part of the program: what a visitor wrote goes into the holes.
///
/// # Django
/// `format_html`. Format specifications such as `{:>8}` are errors.
pub fn format_html(
    format: &'static str,
    values: &[Value<'_>],
    named: &[(&str, Value<'_>)],
) -> Result<SafeString, Error> {
    if values.is_empty() && named.is_empty() {
        return Err(Error::wrong_type("format_html needs values for its holes"));
    }
    let mut out = String::with_capacity(format.len() * 2);
    fill(format, values, named, &mut out)?;
    Ok(SafeString::assert_safe(out))
}

/// One piece of HTML for each row of values, with the separator between them.
///
/// ```
/// use nuages_template::html::format_html_join;
/// let rows = [vec!["a".into(), 1.into()], vec!["<".into(), 2.into()]];
/// let html = format_html_join(&"\n".into(), "<li>{} {}</li>", rows)?;
/// assert_eq!(&*html, "<li>a 1</li>\n<li>&lt; 2</li>");
/// # Ok::<(), nuages_template::Error>(())
/// ```
///
/// # Errors
/// As [`format_html`].
///
/// # Django
/// `format_html_join`. For rows with names use [`format_html`] for each.
pub fn format_html_join<'v>(
    separator: &Value<'_>,
    format: &'static str,
    rows: impl IntoIterator<Item = Vec<Value<'v>>>,
) -> Result<SafeString, Error> {
    let separator = conditional_escape(separator);
    let mut out = String::new();
    for (index, row) in rows.into_iter().enumerate() {
        if index > 0 {
            out.push_str(&separator);
        }
        out.push_str(&format_html(format, &row, &[])?);
    }
    Ok(SafeString::assert_safe(out))
}

fn fill(
    format: &str,
    values: &[Value<'_>],
    named: &[(&str, Value<'_>)],
    out: &mut String,
) -> Result<(), Error> {
    let mut next = values.iter();
    let mut rest = format;
    while let Some(at) = rest.find(['{', '}']) {
        out.push_str(&rest[..at]);
        let (brace, behind) = rest[at..].split_at(1);
        rest = behind;
        if let Some(behind) = rest.strip_prefix(brace) {
            out.push_str(brace);
            rest = behind;
            continue;
        }
        let end = rest.find('}').filter(|_| brace == "{");
        let end = end.ok_or_else(|| Error::value("a single brace in the format"))?;
        let hole = &rest[..end];
        rest = &rest[end + 1..];
        let value = if hole.is_empty() {
            next.next()
        } else if let Ok(number) = hole.parse::<usize>() {
            values.get(number)
        } else {
            named
                .iter()
                .find(|(name, _)| *name == hole)
                .map(|(_, value)| value)
        };
        let value = value.ok_or_else(|| Error::value(format!("no value for '{{{hole}}}'")))?;
        out.push_str(&conditional_escape(value));
    }
    out.push_str(rest);
    Ok(())
}
