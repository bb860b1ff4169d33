//! Logout.

use std::sync::Arc;

use nuages_forms::FormData;
use nuages_template::{Value, context};
use nuages_web::{Page, Redirect, Result, View, post};

use super::answer::NeverCacheLayer;
use super::login::CurrentSite;
use super::next::next;
use crate::AuthRequest;
use crate::redirect::{NEXT, resolve_url};

/// Logs out, by POST only, and goes on to `next`, to `logout_redirect_url`, or to a page that says so.
///
/// # Security
/// A GET is answered with 405: else an image on another site could log visitors out.
///
/// # Django
/// `LogoutView`.
#[derive(Debug, Clone)]
pub struct LogoutView {
    template: String,
    next_page: Option<String>,
    redirect_field_name: String,
    then_login: bool,
    success_url_allowed_hosts: Vec<String>,
}

impl Default for LogoutView {
    fn default() -> Self {
        Self {
            template: "registration/logged_out.html".to_owned(),
            next_page: None,
            redirect_field_name: NEXT.to_owned(),
            then_login: false,
            success_url_allowed_hosts: Vec::new(),
        }
    }
}

impl LogoutView {
    /// Logout with the template `registration/logged_out.html`.
    pub fn new() -> Self {
        Self::default()
    }

    /// Another template.
    pub fn template(mut self, template: impl Into<String>) -> Self {
        self.template = template.into();
        self
    }

    /// Where users go after the logout instead of `logout_redirect_url`: a path, a URL, or the name of a route.
    pub fn next_page(mut self, next_page: impl Into<String>) -> Self {
        self.next_page = Some(next_page.into());
        self
    }

    /// Sends users to `login_url` after the logout.
    ///
    /// # Django
    /// `logout_then_login`.
    pub fn then_login(mut self) -> Self {
        self.then_login = true;
        self
    }

    /// The field of the form and the parameter of the link that say where to go on, instead of `next`.
    ///
    /// # Django
    /// The attribute `redirect_field_name`.
    pub fn redirect_field_name(mut self, name: impl Into<String>) -> Self {
        self.redirect_field_name = name.into();
        self
    }

    /// Another host that `next` may lead to.
    pub fn allow_host(mut self, host: impl Into<String>) -> Self {
        self.success_url_allowed_hosts.push(host.into());
        self
    }

    async fn submit(&self, req: &AuthRequest, page: &Page, data: &FormData) -> Result {
        req.logout().await?;
        let info = page.request();
        let settings = req.auth().settings();
        let fixed = self
            .next_page
            .as_ref()
            .or(self.then_login.then_some(&settings.login_url))
            .or(settings.logout_redirect_url.as_ref())
            .filter(|url| !url.is_empty());
        let field = &self.redirect_field_name;
        let target = match next(info, Some(data), field, &self.success_url_allowed_hosts) {
            Some(next) => Some(next),
            None => fixed
                .map(|to| resolve_url(Some(page.site()), to))
                .transpose()?,
        };
        // Going to the logout page itself would only be a GET, which it refuses.
        let target = target.filter(|url| url != info.full_path() && url != info.path());
        if let Some(url) = target {
            return Redirect::to(&url);
        }
        let site = CurrentSite::of(info);
        let site_name = site.0.clone();
        let context = context! { title: "Logged out", site: Value::object(site), site_name };
        page.render(&self.template, context).await
    }
}

impl From<LogoutView> for View {
    fn from(view: LogoutView) -> Self {
        let view = Arc::new(view);
        post(move |req: AuthRequest, page: Page, data: FormData| {
            let view = Arc::clone(&view);
            async move { view.submit(&req, &page, &data).await }
        })
        .layer(NeverCacheLayer)
        .csrf_protect()
    }
}
