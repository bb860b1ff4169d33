//! What somebody may be allowed to do.

use nuages_orm::{Auto, ForeignKey, Model};

use super::ContentType;

/// Something that users may be allowed to do with a model.
///
/// # Django
/// `django.contrib.auth.models.Permission`.
#[derive(Model, Debug, Clone)]
#[model(app = "auth", unique_together(content_type, codename))]
pub struct Permission {
    /// The key.
    pub id: Auto<i64>,
    /// What people read: `Can add post`.
    #[field(max_length = 255)]
    pub name: String,
    /// The model.
    #[field(on_delete = Cascade, verbose_name = "content type")]
    pub content_type: ForeignKey<ContentType>,
    /// What programs read: `add_post`.
    #[field(max_length = 100)]
    pub codename: String,
}
