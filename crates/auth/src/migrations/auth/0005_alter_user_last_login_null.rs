//! Users who have never logged in.

use nuages_migrations::operations::AlterField;
use nuages_migrations::{Field, Migration};

pub(super) fn migration() -> Migration {
    Migration::new("auth", "0005_alter_user_last_login_null")
        .depends_on("auth", "0004_alter_user_username_opts")
        .operation(AlterField::new(
            "User",
            "last_login",
            Field::date_time().null(),
        ))
}
