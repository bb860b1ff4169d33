//! Changing one's password.

use std::sync::Arc;

use nuages_forms::FormData;
use nuages_template::context;
use nuages_web::{Page, Redirect, Result, View, get};

use super::titled::titled_page;
use crate::redirect::resolve_url;
use crate::{AuthRequest, CurrentUser, PasswordChangeForm};

/// Asks for the old password and a new one; for users only.
///
/// # Security
/// A change ends all other sessions of the user; this one goes on under a new key.
///
/// # Django
/// `PasswordChangeView`.
#[derive(Debug, Clone)]
pub struct PasswordChangeView {
    template: String,
    success_url: String,
}

impl Default for PasswordChangeView {
    fn default() -> Self {
        Self {
            template: "registration/password_change_form.html".to_owned(),
            success_url: "password_change_done".to_owned(),
        }
    }
}

impl PasswordChangeView {
    /// The page with the template `registration/password_change_form.html`.
    pub fn new() -> Self {
        Self::default()
    }

    /// Another template.
    pub fn template(mut self, template: impl Into<String>) -> Self {
        self.template = template.into();
        self
    }

    /// Where users go after the change, instead of the route `password_change_done`: a path, a URL, or the name of a route.
    pub fn success_url(mut self, success_url: impl Into<String>) -> Self {
        self.success_url = success_url.into();
        self
    }

    async fn submit(
        &self,
        req: &AuthRequest,
        user: &CurrentUser,
        page: &Page,
        data: &FormData,
    ) -> Result {
        let form = PasswordChangeForm::bound(req.auth(), data);
        let user = match form.save(req.auth(), user).await {
            Ok(Ok(user)) => user,
            Ok(Err(form)) => return self.render(page, &form).await,
            Err(error) => return Err(error.into()),
        };
        req.update_session_auth_hash(&user).await?;
        Redirect::to(&resolve_url(Some(page.site()), &self.success_url)?)
    }

    async fn render(&self, page: &Page, form: &PasswordChangeForm) -> Result {
        let context = context! { form, title: "Password change" };
        page.render(&self.template, context).await
    }
}

impl From<PasswordChangeView> for View {
    fn from(view: PasswordChangeView) -> Self {
        let show = Arc::new(view);
        let submit = Arc::clone(&show);
        get(move |req: AuthRequest, page: Page| {
            let view = Arc::clone(&show);
            async move {
                let form = PasswordChangeForm::unbound(req.auth());
                view.render(&page, &form).await
            }
        })
        .post(
            move |req: AuthRequest, user: CurrentUser, page: Page, data: FormData| {
                let view = Arc::clone(&submit);
                async move { view.submit(&req, &user, &page, &data).await }
            },
        )
        .login_required()
        .csrf_protect()
    }
}

/// Says that the password was changed; for users only.
///
/// # Django
/// `PasswordChangeDoneView`.
#[derive(Debug, Clone)]
pub struct PasswordChangeDoneView {
    template: String,
}

impl Default for PasswordChangeDoneView {
    fn default() -> Self {
        Self {
            template: "registration/password_change_done.html".to_owned(),
        }
    }
}

impl PasswordChangeDoneView {
    /// The page with the template `registration/password_change_done.html`.
    pub fn new() -> Self {
        Self::default()
    }

    /// Another template.
    pub fn template(mut self, template: impl Into<String>) -> Self {
        self.template = template.into();
        self
    }
}

impl From<PasswordChangeDoneView> for View {
    fn from(view: PasswordChangeDoneView) -> Self {
        titled_page(view.template, "Password change successful").login_required()
    }
}
