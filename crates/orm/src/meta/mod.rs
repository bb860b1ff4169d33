//! What is known of a model without a row of it: its table, columns and options.
//!
//! A derive writes one static [`ModelMeta`] a model. Everything below the typed surface
//! (compiling queries, deleting, migrations) reads these tables and is compiled once.

mod field;

use std::borrow::Cow;
use std::fmt;

pub use field::{AutoNow, FieldMeta, OnDelete};

use crate::statements::Statements;

/// What is known of a model.
///
/// # Django
/// `Model._meta`.
#[derive(Debug)]
pub struct ModelMeta {
    /// The app's label, such as `blog`.
    pub app_label: &'static str,
    /// The model's name, such as `Post`.
    pub name: &'static str,
    /// The table's name.
    pub table: &'static str,
    /// The columns, in the order of the struct.
    pub fields: &'static [FieldMeta],
    /// Which of the fields is the primary key.
    pub pk_index: usize,
    /// What a single one is called, if it was said; see [`ModelMeta::verbose_name`].
    pub verbose_name: Option<&'static str>,
    /// What several are called, if it was said.
    pub verbose_name_plural: Option<&'static str>,
    /// The order of a queryset that asks for no other.
    pub ordering: &'static [Sorted],
    /// Fields whose values together occur once.
    pub unique_together: &'static [&'static [&'static str]],
    /// Indexes over fields.
    pub indexes: &'static [IndexMeta],
    /// Permissions of its own: codename and title.
    pub permissions: &'static [(&'static str, &'static str)],
    /// The actions that get a permission each: `add`, `change`, `delete`, `view`.
    pub default_permissions: &'static [&'static str],
    /// Whether migrations make and change its table.
    pub managed: bool,
    #[doc(hidden)]
    pub statements: &'static Statements,
}

/// A field's name, up or down.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sorted {
    /// The field's name.
    pub field: &'static str,
    /// Whether the greatest comes first.
    pub descending: bool,
}

/// An index over fields.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct IndexMeta {
    /// Its name; `None` is Django's own for it.
    pub name: Option<&'static str>,
    /// Its fields, in order.
    pub fields: &'static [Sorted],
}

impl ModelMeta {
    #[doc(hidden)]
    pub const fn new(
        app_label: &'static str,
        name: &'static str,
        table: &'static str,
        fields: &'static [FieldMeta],
        pk_index: usize,
        statements: &'static Statements,
    ) -> Self {
        Self {
            app_label,
            name,
            table,
            fields,
            pk_index,
            verbose_name: None,
            verbose_name_plural: None,
            ordering: &[],
            unique_together: &[],
            indexes: &[],
            permissions: &[],
            default_permissions: &["add", "change", "delete", "view"],
            managed: true,
            statements,
        }
    }

    /// The primary key.
    pub fn pk(&self) -> &'static FieldMeta {
        &self.fields[self.pk_index]
    }

    /// The field of that name.
    pub fn field(&self, name: &str) -> Option<&'static FieldMeta> {
        self.fields.iter().find(|field| field.name == name)
    }

    /// The position of the field of that name.
    pub fn position(&self, name: &str) -> Option<usize> {
        self.fields.iter().position(|field| field.name == name)
    }

    /// The name in lower case, as content types and permissions have it.
    ///
    /// # Django
    /// `_meta.model_name`.
    pub fn model_name(&self) -> String {
        self.name.to_lowercase()
    }

    /// What a single one is called: `blog post` for `BlogPost`, unless the model says otherwise.
    pub fn verbose_name(&self) -> Cow<'static, str> {
        match self.verbose_name {
            Some(text) => Cow::Borrowed(text),
            None => Cow::Owned(words(self.name)),
        }
    }

    /// What several are called: the single name with an `s`, unless the model says otherwise.
    pub fn verbose_name_plural(&self) -> Cow<'static, str> {
        match self.verbose_name_plural {
            Some(text) => Cow::Borrowed(text),
            None => Cow::Owned(format!("{}s", self.verbose_name())),
        }
    }
}

impl fmt::Display for ModelMeta {
    /// `blog.Post`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.app_label, self.name)
    }
}

impl PartialEq for ModelMeta {
    /// Two metas are the same when they stand at the same place.
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self, other)
    }
}

impl Eq for ModelMeta {}

/// `BlogPost` as `blog post`, `HTTPServer` as `http server`.
fn words(name: &str) -> String {
    let letters: Vec<char> = name.chars().collect();
    let mut words = String::with_capacity(name.len() + 4);
    for (index, letter) in letters.iter().enumerate() {
        let after_small = index > 0 && !letters[index - 1].is_uppercase();
        let before_small = letters
            .get(index + 1)
            .is_some_and(|next| next.is_lowercase());
        if index > 0 && letter.is_uppercase() && (after_small || before_small) {
            words.push(' ');
        }
        words.extend(letter.to_lowercase());
    }
    words
}

#[cfg(test)]
mod tests {
    use super::words;

    #[test]
    fn names_become_words_as_in_django() {
        for (name, expect) in [
            ("Post", "post"),
            ("BlogPost", "blog post"),
            ("LogEntry", "log entry"),
            ("HTTPServer", "http server"),
            ("OAuth2Token", "o auth2 token"),
        ] {
            assert_eq!(words(name), expect);
        }
    }
}
