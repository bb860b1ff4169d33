//! Longer first names.

use nuages_migrations::operations::AlterField;
use nuages_migrations::{Field, Migration};

pub(super) fn migration() -> Migration {
    Migration::new("auth", "0012_alter_user_first_name_max_length")
        .depends_on("auth", "0011_update_proxy_permissions")
        .operation(AlterField::new("User", "first_name", Field::varchar(150)))
}
