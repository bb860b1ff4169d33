//! The table of content types.

use nuages_migrations::operations::{AlterUniqueTogether, CreateModel};
use nuages_migrations::{Field, Migration};

pub(super) fn migration() -> Migration {
    Migration::new("contenttypes", "0001_initial")
        .operation(
            CreateModel::new("ContentType")
                .table("django_content_type")
                .field("id", Field::auto())
                .field("name", Field::varchar(100))
                .field("app_label", Field::varchar(100))
                .field("model", Field::varchar(100)),
        )
        .operation(AlterUniqueTogether::new("ContentType").set(["app_label", "model"]))
}
