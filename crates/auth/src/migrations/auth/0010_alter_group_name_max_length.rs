//! Longer names of groups.

use nuages_migrations::operations::AlterField;
use nuages_migrations::{Field, Migration};

pub(super) fn migration() -> Migration {
    Migration::new("auth", "0010_alter_group_name_max_length")
        .depends_on("auth", "0009_alter_user_last_name_max_length")
        .operation(AlterField::new(
            "Group",
            "name",
            Field::varchar(150).unique(),
        ))
}
