//! Longer usernames.

use nuages_migrations::operations::AlterField;
use nuages_migrations::{Field, Migration};

pub(super) fn migration() -> Migration {
    Migration::new("auth", "0008_alter_user_username_max_length")
        .depends_on("auth", "0007_alter_validators_add_error_messages")
        .operation(AlterField::new(
            "User",
            "username",
            Field::varchar(150).unique(),
        ))
}
