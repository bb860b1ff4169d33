//! Names of indexes, as Django makes them.

use md5::{Digest, Md5};

/// The first `length` hex digits (at most 32) of the MD5 of all parts, one after the other.
///
/// # Django
/// `django.db.backends.utils.names_digest`. No security rests on it.
pub fn names_digest(parts: &[&str], length: usize) -> String {
    let mut hash = Md5::new();
    for part in parts {
        hash.update(part.as_bytes());
    }
    let mut digits = String::with_capacity(32);
    for byte in hash.finalize() {
        for half in [byte >> 4, byte & 15] {
            digits.push(char::from_digit(half.into(), 16).unwrap_or('0'));
        }
    }
    digits.truncate(length);
    digits
}

/// The name, or its beginning and a digest of the whole when it is longer than `length`
/// characters.
///
/// # Django
/// `django.db.backends.utils.truncate_name`.
pub fn truncate_name(identifier: &str, length: Option<usize>, hash_length: usize) -> String {
    let (namespace, name) = split_identifier(identifier);
    let Some(length) = length.filter(|length| name.chars().count() > *length) else {
        return identifier.to_owned();
    };
    let digest = names_digest(&[name], hash_length);
    let kept = cut(name, length.saturating_sub(hash_length));
    if namespace.is_empty() {
        format!("{kept}{digest}")
    } else {
        format!("{namespace}\".\"{kept}{digest}")
    }
}

/// The name of an index or unique constraint: table, columns, a digest and a suffix, cut to
/// `max_length` characters (200 on SQLite, 63 on PostgreSQL).
///
/// ```
/// assert_eq!(nuages_sql::index_name("book", &["author_id"], "", 200), "book_author_id_c4d52965");
/// ```
///
/// # Django
/// `BaseDatabaseSchemaEditor._create_index_name`.
pub fn index_name(table: &str, columns: &[&str], suffix: &str, max_length: usize) -> String {
    let (_, table) = split_identifier(table);
    let mut parts = vec![table];
    parts.extend_from_slice(columns);
    let columns = columns.join("_");
    let tail = format!("{}{suffix}", names_digest(&parts, 8));
    let name = format!("{table}_{columns}_{tail}");
    if name.chars().count() <= max_length {
        return name;
    }
    let tail = if tail.chars().count() * 3 > max_length {
        cut(&tail, max_length / 3)
    } else {
        &tail
    };
    let each = ((max_length - tail.chars().count()) / 2).saturating_sub(1);
    let name = format!("{}_{}_{tail}", cut(table, each), cut(&columns, each));
    with_letter_first(name, |name| cut(name, name.chars().count() - 1))
}

/// The name of an index in a model's `indexes` that was given none. A descending column is
/// written with a leading `-`.
///
/// # Django
/// `Index.set_name_with_model`.
pub fn auto_index_name(table: &str, columns: &[&str]) -> String {
    let (_, table) = split_identifier(table);
    let mut parts = vec![table];
    parts.extend_from_slice(columns);
    parts.push("idx");
    let first = columns.first().copied().unwrap_or_default();
    let name = format!(
        "{}_{}_{}_idx",
        cut(table, 11),
        cut(first.strip_prefix('-').unwrap_or(first), 7),
        names_digest(&parts, 6),
    );
    with_letter_first(name, |name| &name[1..])
}

/// Some databases want a letter at the beginning of a name.
fn with_letter_first(name: String, rest: impl Fn(&str) -> &str) -> String {
    if name.starts_with(|first: char| first == '_' || first.is_numeric()) {
        return format!("D{}", rest(&name));
    }
    name
}

/// `schema"."table` in its two parts.
fn split_identifier(identifier: &str) -> (&str, &str) {
    let mut parts = identifier.split("\".\"");
    let (namespace, name) = match (parts.next(), parts.next(), parts.next()) {
        (Some(namespace), Some(name), None) => (namespace, name),
        _ => ("", identifier),
    };
    (namespace.trim_matches('"'), name.trim_matches('"'))
}

/// The first `length` characters.
fn cut(text: &str, length: usize) -> &str {
    text.char_indices()
        .nth(length)
        .map_or(text, |(end, _)| &text[..end])
}
