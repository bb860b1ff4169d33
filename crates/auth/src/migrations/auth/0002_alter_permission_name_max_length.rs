//! Longer names of permissions.

use nuages_migrations::operations::AlterField;
use nuages_migrations::{Field, Migration};

pub(super) fn migration() -> Migration {
    Migration::new("auth", "0002_alter_permission_name_max_length")
        .depends_on("auth", "0001_initial")
        .operation(AlterField::new("Permission", "name", Field::varchar(255)))
}
