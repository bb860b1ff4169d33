//! Which models there are.

use nuages_orm::{Auto, Model};

/// A model, as a row that others can refer to.
///
/// # Django
/// `django.contrib.contenttypes.models.ContentType`.
#[derive(Model, Debug, Clone)]
#[model(
    app = "contenttypes",
    table = "django_content_type",
    unique_together(app_label, model),
    verbose_name = "content type"
)]
pub struct ContentType {
    /// The key.
    pub id: Auto<i64>,
    /// The app's label.
    #[field(max_length = 100)]
    pub app_label: String,
    /// The model's name in lower case.
    #[field(max_length = 100, verbose_name = "python model class name")]
    pub model: String,
}
