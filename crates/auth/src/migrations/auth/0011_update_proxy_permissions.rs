//! Django moves the permissions of proxy models here; there are none of these.

use nuages_migrations::Migration;

pub(super) fn migration() -> Migration {
    Migration::new("auth", "0011_update_proxy_permissions")
        .depends_on("auth", "0010_alter_group_name_max_length")
}
