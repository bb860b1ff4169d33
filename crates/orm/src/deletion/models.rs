//! `Models`: which models a site has.

use std::fmt;

use crate::meta::{FieldMeta, ModelMeta, OnDelete};

/// Which models a site has, so that deleting a row knows who refers to it.
///
/// ```
/// # mod library { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/library.in")); }
/// # use library::{Author, Book, database};
/// use nuages_orm::{Model as _, Models};
///
/// # database(async |db| {
/// let db = db.with_extension(Models::new([Author::meta(), Book::meta()]));
/// let ann = Author::objects().get(|a| a.name().eq("Ann"), &db).await?;
/// assert_eq!(ann.delete(&db).await?, 3); // Ann and her two books
/// assert!(!Book::objects().filter(|b| b.title().eq("Tea")).exists(&db).await?);
/// # Ok(()) });
/// ```
///
/// # Django
/// `django.apps.apps.get_models()`.
#[derive(Clone, Default)]
pub struct Models(Vec<&'static ModelMeta>);

impl Models {
    /// These models; one that is named twice is there once.
    pub fn new(models: impl IntoIterator<Item = &'static ModelMeta>) -> Self {
        let mut all: Vec<&'static ModelMeta> = Vec::new();
        for meta in models {
            if !all.iter().any(|known| std::ptr::eq(*known, meta)) {
                all.push(meta);
            }
        }
        Self(all)
    }

    /// All models, in the order in which they were named.
    pub fn iter(&self) -> impl Iterator<Item = &'static ModelMeta> {
        self.0.iter().copied()
    }

    /// Every foreign key to a model that has something to say about deletions.
    pub(super) fn referring_to(
        &self,
        to: &'static ModelMeta,
    ) -> impl Iterator<Item = (&'static ModelMeta, &'static FieldMeta, OnDelete)> {
        self.iter().flat_map(move |meta| {
            meta.fields.iter().filter_map(move |field| {
                let refers = std::ptr::eq(field.relation?(), to);
                let rule = field
                    .on_delete
                    .filter(|rule| *rule != OnDelete::DoNothing)?;
                refers.then_some((meta, field, rule))
            })
        })
    }
}

impl fmt::Debug for Models {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list()
            .entries(self.0.iter().map(ToString::to_string))
            .finish()
    }
}
