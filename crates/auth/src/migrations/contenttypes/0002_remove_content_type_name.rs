//! Content types lose their name, which the model knows.

use nuages_migrations::operations::{AlterField, RemoveField};
use nuages_migrations::{Field, Migration};

pub(super) fn migration() -> Migration {
    Migration::new("contenttypes", "0002_remove_content_type_name")
        .depends_on("contenttypes", "0001_initial")
        .operation(AlterField::new(
            "ContentType",
            "name",
            Field::varchar(100).null(),
        ))
        .operation(RemoveField::new("ContentType", "name"))
}
