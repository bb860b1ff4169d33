//! What templates see: `user` and `perms`.

use std::fmt;

use futures_util::future::BoxFuture;
use nuages_template::{Entries, Object, Value};
use nuages_web::{ContextProcessor, RequestInfo, Result};

use crate::{AuthRequest, CurrentUser, Permissions};

/// The variable `user`: the user, or an anonymous one.
///
/// # Django
/// The first half of `django.contrib.auth.context_processors.auth`.
#[derive(Debug, Clone, Copy, Default)]
pub struct UserContext;

/// The variable `perms`: `perms.blog.change_post`, and `"blog.change_post" in perms`.
///
/// # Django
/// The second half of `django.contrib.auth.context_processors.auth`.
/// What the user may not do is nothing there, so that `{{ perms.blog.change_post }}` shows nothing instead of `False`.
#[derive(Debug, Clone, Copy, Default)]
pub struct PermissionsContext;

type Loaded<'a> = BoxFuture<'a, Result<Vec<(&'static str, Value<'static>)>>>;

impl ContextProcessor for UserContext {
    fn names(&self) -> &'static [&'static str] {
        &["user"]
    }

    fn load<'a>(&'a self, req: &'a RequestInfo) -> Loaded<'a> {
        Box::pin(async move {
            let user = current(req).await?;
            Ok(vec![("user", user.map_or_else(anonymous, Value::object))])
        })
    }
}

impl ContextProcessor for PermissionsContext {
    fn names(&self) -> &'static [&'static str] {
        &["perms"]
    }

    fn load<'a>(&'a self, req: &'a RequestInfo) -> Loaded<'a> {
        Box::pin(async move {
            let permissions = match current(req).await? {
                Some(user) => user.permissions().await?.clone(),
                None => Permissions::none(),
            };
            Ok(vec![("perms", Value::object(permissions))])
        })
    }
}

async fn current(req: &RequestInfo) -> Result<Option<CurrentUser>> {
    match req.extension::<AuthRequest>() {
        Some(req) => Ok(req.user().await?),
        None => Ok(None),
    }
}

fn anonymous() -> Value<'static> {
    Value::object(AnonymousUser)
}

/// A visitor who has not logged in, as templates see one.
///
/// # Django
/// `AnonymousUser`.
#[derive(Debug, Clone, Copy, Default)]
pub struct AnonymousUser;

impl Object for AnonymousUser {
    fn attr(&self, name: &str) -> Option<Value<'_>> {
        Some(match name {
            "is_anonymous" => Value::Bool(true),
            "is_authenticated" | "is_active" | "is_staff" | "is_superuser" => Value::Bool(false),
            "username" | "get_username" => Value::from(""),
            "id" | "pk" => Value::None,
            _ => return None,
        })
    }

    fn display(&self, out: &mut dyn fmt::Write) -> fmt::Result {
        out.write_str("AnonymousUser")
    }
}

/// In templates it is the [`User`](crate::User).
impl Object for CurrentUser {
    fn attr(&self, name: &str) -> Option<Value<'_>> {
        (**self).attr(name)
    }

    fn display(&self, out: &mut dyn fmt::Write) -> fmt::Result {
        Object::display(&**self, out)
    }

    fn identity(&self) -> Option<(&'static str, Value<'_>)> {
        (**self).identity()
    }
}

impl Object for Permissions {
    fn attr(&self, name: &str) -> Option<Value<'_>> {
        if name.contains('.') {
            return self.contains(name).then_some(Value::Bool(true));
        }
        self.has_module(name).then(|| {
            Value::object(OfApp {
                permissions: self.clone(),
                app_label: name.to_owned(),
            })
        })
    }

    /// Makes `in` ask [`attr`](Object::attr); the names themselves are not given out.
    fn entries(&self) -> Option<Entries<'_>> {
        Some(Box::new(std::iter::empty()))
    }
}

/// `perms.blog`: the permissions of one app.
struct OfApp {
    permissions: Permissions,
    app_label: String,
}

impl Object for OfApp {
    fn attr(&self, name: &str) -> Option<Value<'_>> {
        let name = format!("{}.{name}", self.app_label);
        Some(Value::Bool(self.permissions.contains(&name)))
    }
}
