//! Longer last names.

use nuages_migrations::operations::AlterField;
use nuages_migrations::{Field, Migration};

pub(super) fn migration() -> Migration {
    Migration::new("auth", "0009_alter_user_last_name_max_length")
        .depends_on("auth", "0008_alter_user_username_max_length")
        .operation(AlterField::new("User", "last_name", Field::varchar(150)))
}
