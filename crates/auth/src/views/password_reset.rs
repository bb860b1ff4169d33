//! Asking for the link to set a new password.

use std::sync::Arc;

use nuages_forms::FormData;
use nuages_template::context;
use nuages_web::{Page, Redirect, Result, View, get};

use super::titled::titled_page;
use crate::redirect::resolve_url;
use crate::{AuthRequest, PasswordResetForm, ResetMail};

/// Asks for an e-mail address, and sends the link to set a new password to whom it belongs to.
///
/// # Security
/// The answer is the same, and as quick, whether somebody has the address or not, and whatever the mail server does.
///
/// ```
/// use nuages_auth::ResetMail;
/// use nuages_auth::views::PasswordResetView;
/// use nuages_web::Urls;
///
/// let mail = ResetMail::new().from_email("help@example.com");
/// let urls = Urls::new().path("password_reset/", PasswordResetView::new().mail(mail), "password_reset");
/// # let _ = urls;
/// ```
///
/// # Django
/// `PasswordResetView`.
#[derive(Debug, Clone)]
pub struct PasswordResetView {
    template: String,
    success_url: String,
    mail: ResetMail,
}

impl Default for PasswordResetView {
    fn default() -> Self {
        Self {
            template: "registration/password_reset_form.html".to_owned(),
            success_url: "password_reset_done".to_owned(),
            mail: ResetMail::default(),
        }
    }
}

impl PasswordResetView {
    /// The page with the template `registration/password_reset_form.html`.
    pub fn new() -> Self {
        Self::default()
    }

    /// Another template.
    pub fn template(mut self, template: impl Into<String>) -> Self {
        self.template = template.into();
        self
    }

    /// Where visitors go after they have asked, instead of the route `password_reset_done`: a path, a URL, or the name of a route.
    pub fn success_url(mut self, success_url: impl Into<String>) -> Self {
        self.success_url = success_url.into();
        self
    }

    /// Another mail.
    pub fn mail(mut self, mail: ResetMail) -> Self {
        self.mail = mail;
        self
    }

    async fn submit(&self, req: &AuthRequest, page: &Page, data: &FormData) -> Result {
        match PasswordResetForm::bound(data).save(req.auth(), page, &self.mail)? {
            Ok(()) => Redirect::to(&resolve_url(Some(page.site()), &self.success_url)?),
            Err(form) => self.render(page, &form).await,
        }
    }

    async fn render(&self, page: &Page, form: &PasswordResetForm) -> Result {
        let context = context! { form, title: "Password reset" };
        page.render(&self.template, context).await
    }
}

impl From<PasswordResetView> for View {
    fn from(view: PasswordResetView) -> Self {
        let show = Arc::new(view);
        let submit = Arc::clone(&show);
        get(move |page: Page| {
            let view = Arc::clone(&show);
            async move { view.render(&page, &PasswordResetForm::unbound()).await }
        })
        .post(move |req: AuthRequest, page: Page, data: FormData| {
            let view = Arc::clone(&submit);
            async move { view.submit(&req, &page, &data).await }
        })
        .csrf_protect()
    }
}

/// Says that the mail is on its way, if somebody has the address.
///
/// # Django
/// `PasswordResetDoneView`.
#[derive(Debug, Clone)]
pub struct PasswordResetDoneView {
    template: String,
}

impl Default for PasswordResetDoneView {
    fn default() -> Self {
        Self {
            template: "registration/password_reset_done.html".to_owned(),
        }
    }
}

impl PasswordResetDoneView {
    /// The page with the template `registration/password_reset_done.html`.
    pub fn new() -> Self {
        Self::default()
    }

    /// Another template.
    pub fn template(mut self, template: impl Into<String>) -> Self {
        self.template = template.into();
        self
    }
}

impl From<PasswordResetDoneView> for View {
    fn from(view: PasswordResetDoneView) -> Self {
        titled_page(view.template, "Password reset sent")
    }
}
