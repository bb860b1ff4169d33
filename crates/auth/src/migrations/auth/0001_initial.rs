//! The tables of users, groups and permissions, as Django 1.7 made them.

use nuages_migrations::operations::CreateModel;
use nuages_migrations::{Field, Migration, OnDelete};

pub(super) fn migration() -> Migration {
    let to = |model: &str| Field::foreign_key(model, OnDelete::Cascade);
    Migration::new("auth", "0001_initial")
        .depends_on("contenttypes", "0001_initial")
        .operation(
            CreateModel::new("Permission")
                .field("id", Field::auto())
                .field("name", Field::varchar(50))
                .field("content_type", to("contenttypes.ContentType"))
                .field("codename", Field::varchar(100))
                .unique_together(["content_type", "codename"]),
        )
        .operation(
            CreateModel::new("Group")
                .field("id", Field::auto())
                .field("name", Field::varchar(80).unique()),
        )
        .operation(
            CreateModel::new("GroupPermission")
                .table("auth_group_permissions")
                .field("id", Field::auto())
                .field("group", to("auth.Group"))
                .field("permission", to("auth.Permission"))
                .unique_together(["group", "permission"]),
        )
        .operation(
            CreateModel::new("User")
                .field("id", Field::auto())
                .field("password", Field::varchar(128))
                .field("last_login", Field::date_time())
                .field("is_superuser", Field::boolean())
                .field("username", Field::varchar(30).unique())
                .field("first_name", Field::varchar(30))
                .field("last_name", Field::varchar(30))
                .field("email", Field::varchar(75))
                .field("is_staff", Field::boolean())
                .field("is_active", Field::boolean())
                .field("date_joined", Field::date_time()),
        )
        .operation(
            CreateModel::new("UserGroup")
                .table("auth_user_groups")
                .field("id", Field::auto())
                .field("user", to("auth.User"))
                .field("group", to("auth.Group"))
                .unique_together(["user", "group"]),
        )
        .operation(
            CreateModel::new("UserPermission")
                .table("auth_user_user_permissions")
                .field("id", Field::auto())
                .field("user", to("auth.User"))
                .field("permission", to("auth.Permission"))
                .unique_together(["user", "permission"]),
        )
}
