//! Other validation of usernames; nothing changes in the database.

use nuages_migrations::Migration;

pub(super) fn migration() -> Migration {
    Migration::new("auth", "0007_alter_validators_add_error_messages")
        .depends_on("auth", "0006_require_contenttypes_0002")
}
