//! `Models`: which models a site has.

use std::fmt;

use crate::meta::{FieldMeta, ModelMeta, OnDelete};
use crate::model::Model;

/// Which models a site has, so that deleting a row knows who refers to it.
///
/// ```
/// # mod library { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/library.in")); }
/// # use library::{Author, Book, database};
/// use nuages_orm::{Model as _, Models};
///
/// # database(async |db| {
/// let db = db.with_extension(Models::new().with::<Author>().with::<Book>());
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
    /// None yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a model.
    pub fn with<M: Model>(self) -> Self {
        self.with_meta(M::meta())
    }

    /// Adds a model by its meta; one that is there already is not added again.
    pub fn with_meta(mut self, meta: &'static ModelMeta) -> Self {
        if !self.0.iter().any(|known| std::ptr::eq(*known, meta)) {
            self.0.push(meta);
        }
        self
    }

    /// Adds the models of another list.
    pub fn with_all(self, others: &Self) -> Self {
        others.iter().fold(self, Self::with_meta)
    }

    /// All models, in the order in which they were added.
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
