//! Longer e-mail addresses.

use nuages_migrations::operations::AlterField;
use nuages_migrations::{Field, Migration};

pub(super) fn migration() -> Migration {
    Migration::new("auth", "0003_alter_user_email_max_length")
        .depends_on("auth", "0002_alter_permission_name_max_length")
        .operation(AlterField::new("User", "email", Field::varchar(254)))
}
