//! The tables of users, groups, permissions and content types.

mod content_type;
mod group;
mod permission;
mod user;

use nuages_orm::{Model as _, ModelMeta};

pub use content_type::ContentType;
pub use group::{Group, GroupPermission};
pub use permission::Permission;
pub use user::{User, UserGroup, UserPermission};

/// The models of `contenttypes` and `auth` that have permissions, in Django's order.
pub fn models() -> Vec<&'static ModelMeta> {
    vec![
        Permission::meta(),
        Group::meta(),
        User::meta(),
        ContentType::meta(),
    ]
}

/// The tables between users, groups and permissions: deletions follow them, but they have no permissions of their own.
///
/// # Django
/// The models that many-to-many fields make (`auto_created`).
pub fn through_models() -> Vec<&'static ModelMeta> {
    vec![
        GroupPermission::meta(),
        UserGroup::meta(),
        UserPermission::meta(),
    ]
}
