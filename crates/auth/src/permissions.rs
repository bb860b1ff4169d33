//! What a user may do.

use std::collections::BTreeSet;
use std::sync::Arc;

use nuages_db::Db;
use nuages_sql::{Expr, Join, Prepared, Select, Value};

/// The permissions of one user, loaded once.
///
/// ```
/// use nuages_auth::Permissions;
///
/// let permissions = Permissions::of(["blog.view_post".to_owned()]);
/// assert!(permissions.contains("blog.view_post"));
/// assert!(permissions.has_module("blog"));
/// assert!(!permissions.contains("blog.change_post"));
/// // Superusers have every permission, also one that does not exist.
/// assert!(Permissions::all().contains("blog.anything"));
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Permissions(Kind);

#[derive(Debug, Clone, PartialEq, Eq)]
enum Kind {
    All,
    Some(Arc<BTreeSet<String>>),
}

impl Permissions {
    /// Every permission.
    pub fn all() -> Self {
        Self(Kind::All)
    }

    /// No permission.
    pub fn none() -> Self {
        Self::of([])
    }

    /// These permissions, named `app.codename`.
    pub fn of(names: impl IntoIterator<Item = String>) -> Self {
        Self(Kind::Some(Arc::new(names.into_iter().collect())))
    }

    /// True when the permission is among them.
    ///
    /// # Django
    /// `user.has_perm`.
    pub fn contains(&self, permission: &str) -> bool {
        match &self.0 {
            Kind::All => true,
            Kind::Some(names) => names.contains(permission),
        }
    }

    /// True when all of these are among them.
    ///
    /// # Django
    /// `user.has_perms`.
    pub fn contains_all<S: AsRef<str>>(&self, permissions: &[S]) -> bool {
        permissions.iter().all(|name| self.contains(name.as_ref()))
    }

    /// True when there is any permission of an app among them.
    ///
    /// # Django
    /// `user.has_module_perms`.
    pub fn has_module(&self, app_label: &str) -> bool {
        match &self.0 {
            Kind::All => true,
            Kind::Some(names) => names.iter().any(|name| {
                name.strip_prefix(app_label)
                    .is_some_and(|rest| rest.starts_with('.'))
            }),
        }
    }

    /// Their names; nothing for a superuser, who needs none.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        match &self.0 {
            Kind::All => None,
            Kind::Some(names) => Some(names.iter().map(String::as_str)),
        }
        .into_iter()
        .flatten()
    }
}

const PERMISSION: &str = "auth_permission";
const CONTENT_TYPE: &str = "django_content_type";

fn permissions() -> Select {
    Select::from(PERMISSION)
        .column(CONTENT_TYPE, "app_label")
        .column(PERMISSION, "codename")
        .join(Join::inner(
            CONTENT_TYPE,
            CONTENT_TYPE,
            Expr::column(CONTENT_TYPE, "id").eq(Expr::column(PERMISSION, "content_type_id")),
        ))
}

fn link(table: &'static str, column: &'static str, to: Expr) -> Join {
    Join::inner(table, table, Expr::column(table, column).eq(to))
}

static OF_USER: Prepared = Prepared::new(|| {
    let own = "auth_user_user_permissions";
    permissions()
        .join(link(own, "permission_id", Expr::column(PERMISSION, "id")))
        .filter(Expr::column(own, "user_id").eq(Expr::Slot))
        .into()
});

static OF_GROUPS: Prepared = Prepared::new(|| {
    let (group, member) = ("auth_group_permissions", "auth_user_groups");
    permissions()
        .join(link(group, "permission_id", Expr::column(PERMISSION, "id")))
        .join(link(member, "group_id", Expr::column(group, "group_id")))
        .filter(Expr::column(member, "user_id").eq(Expr::Slot))
        .into()
});

/// The permissions that were given to the user.
pub(crate) async fn of_user(db: &Db, user_id: i64) -> Result<BTreeSet<String>, nuages_db::Error> {
    collect(db, &OF_USER, user_id).await
}

/// The permissions that the user's groups have.
pub(crate) async fn of_groups(db: &Db, user_id: i64) -> Result<BTreeSet<String>, nuages_db::Error> {
    collect(db, &OF_GROUPS, user_id).await
}

async fn collect(
    db: &Db,
    query: &Prepared,
    user_id: i64,
) -> Result<BTreeSet<String>, nuages_db::Error> {
    let values = [Value::from(user_id)];
    let mut names = BTreeSet::new();
    for mut row in db.fetch_all(query.bind(&values)).await? {
        let (app, codename): (String, String) = (row.take(0)?, row.take(1)?);
        names.insert(format!("{app}.{codename}"));
    }
    Ok(names)
}
