//! Content types without names come first.

use nuages_migrations::Migration;

pub(super) fn migration() -> Migration {
    Migration::new("auth", "0006_require_contenttypes_0002")
        .depends_on("contenttypes", "0002_remove_content_type_name")
        .depends_on("auth", "0005_alter_user_last_login_null")
}
