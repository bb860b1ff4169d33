//! Other words about usernames; nothing changes in the database.

use nuages_migrations::Migration;

pub(super) fn migration() -> Migration {
    Migration::new("auth", "0004_alter_user_username_opts")
        .depends_on("auth", "0003_alter_user_email_max_length")
}
