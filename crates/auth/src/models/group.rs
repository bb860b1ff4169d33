//! Groups of users, and what they may do.

use nuages_orm::{Auto, ForeignKey, Model};

use super::Permission;

/// A group: its members have its permissions.
///
/// # Django
/// `django.contrib.auth.models.Group`.
#[derive(Model, Debug, Clone)]
#[model(app = "auth")]
pub struct Group {
    /// The key.
    pub id: Auto<i64>,
    /// Its name.
    #[field(max_length = 150, unique)]
    pub name: String,
}

/// A permission of a group.
///
/// # Django
/// `Group.permissions.through`.
#[derive(Model, Debug, Clone)]
#[model(
    app = "auth",
    table = "auth_group_permissions",
    unique_together(group, permission),
    default_permissions()
)]
pub struct GroupPermission {
    /// The key.
    pub id: Auto<i64>,
    /// The group.
    #[field(on_delete = Cascade)]
    pub group: ForeignKey<Group>,
    /// The permission.
    #[field(on_delete = Cascade)]
    pub permission: ForeignKey<Permission>,
}
