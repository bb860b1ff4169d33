//! The history of `auth`, step by step as Django went it, so that either framework finds the other's work done.

#[path = "0001_initial.rs"]
mod m0001;
#[path = "0002_alter_permission_name_max_length.rs"]
mod m0002;
#[path = "0003_alter_user_email_max_length.rs"]
mod m0003;
#[path = "0004_alter_user_username_opts.rs"]
mod m0004;
#[path = "0005_alter_user_last_login_null.rs"]
mod m0005;
#[path = "0006_require_contenttypes_0002.rs"]
mod m0006;
#[path = "0007_alter_validators_add_error_messages.rs"]
mod m0007;
#[path = "0008_alter_user_username_max_length.rs"]
mod m0008;
#[path = "0009_alter_user_last_name_max_length.rs"]
mod m0009;
#[path = "0010_alter_group_name_max_length.rs"]
mod m0010;
#[path = "0011_update_proxy_permissions.rs"]
mod m0011;
#[path = "0012_alter_user_first_name_max_length.rs"]
mod m0012;

use nuages_migrations::AppMigrations;

/// The migrations of `auth`, under Django's names.
pub(super) fn migrations() -> AppMigrations {
    AppMigrations::new(
        "auth",
        [
            m0001::migration(),
            m0002::migration(),
            m0003::migration(),
            m0004::migration(),
            m0005::migration(),
            m0006::migration(),
            m0007::migration(),
            m0008::migration(),
            m0009::migration(),
            m0010::migration(),
            m0011::migration(),
            m0012::migration(),
        ],
    )
}
