//! The login page.

use std::sync::Arc;

use axum::response::Response;
use http::header::RETRY_AFTER;
use http::{HeaderValue, StatusCode};
use nuages_forms::FormData;
use nuages_template::{Object, Value, context};
use nuages_web::{Error, Page, Redirect, RequestInfo, Result, View, get};

use super::answer::NeverCacheLayer;
use super::next::next;
use crate::redirect::{NEXT, resolve_url};
use crate::{AuthRequest, AuthenticationForm};

/// The login page: shows the form, and logs in whom it fits.
///
/// Too many failures are answered with 429, the form and `Retry-After`: see [`LoginThrottle`](crate::LoginThrottle).
///
/// After the login the visitor goes where `next` says, if that is on this site, else to `login_redirect_url`.
///
/// ```
/// use nuages_auth::views::LoginView;
/// use nuages_web::Urls;
///
/// let urls = Urls::new().path("login/", LoginView::new().redirect_authenticated_user(true), "login");
/// # let _ = urls;
/// ```
///
/// # Django
/// `LoginView`.
#[derive(Debug, Clone)]
pub struct LoginView {
    template: String,
    next_page: Option<String>,
    redirect_field_name: String,
    redirect_authenticated_user: bool,
    success_url_allowed_hosts: Vec<String>,
}

impl Default for LoginView {
    fn default() -> Self {
        Self {
            template: "registration/login.html".to_owned(),
            next_page: None,
            redirect_field_name: NEXT.to_owned(),
            redirect_authenticated_user: false,
            success_url_allowed_hosts: Vec::new(),
        }
    }
}

impl LoginView {
    /// The login page with the template `registration/login.html`.
    pub fn new() -> Self {
        Self::default()
    }

    /// Another template.
    pub fn template(mut self, template: impl Into<String>) -> Self {
        self.template = template.into();
        self
    }

    /// Where users go after the login instead of `login_redirect_url`: a path, a URL, or the name of a route.
    pub fn next_page(mut self, next_page: impl Into<String>) -> Self {
        self.next_page = Some(next_page.into());
        self
    }

    /// Sends users who are logged in already straight on.
    ///
    /// # Security
    /// Other sites can find out in this way whether their visitor is logged in here.
    pub fn redirect_authenticated_user(mut self, redirect: bool) -> Self {
        self.redirect_authenticated_user = redirect;
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

    async fn show(&self, req: &AuthRequest, page: &Page) -> Result {
        if self.redirect_authenticated_user
            && let Some(away) = self.away(req, page, None).await?
        {
            return Ok(away);
        }
        self.render(page, None, &AuthenticationForm::unbound())
            .await
    }

    async fn submit(&self, req: &AuthRequest, page: &Page, data: FormData) -> Result {
        if self.redirect_authenticated_user
            && let Some(away) = self.away(req, page, Some(&data)).await?
        {
            return Ok(away);
        }
        let form = AuthenticationForm::bound(&data);
        let user = match form.authenticate(req).await {
            Ok(Ok(user)) => user,
            Ok(Err(form)) => return self.render(page, Some(&data), &form).await,
            Err(error) if error.is_throttled() => return self.refuse(page, &data, &error).await,
            Err(error) => return Err(error.into()),
        };
        req.login(&user).await?;
        Redirect::to(&self.success_url(req, page, Some(&data))?)
    }

    /// The page that says to come back later.
    async fn refuse(&self, page: &Page, data: &FormData, error: &crate::Error) -> Result {
        let form = AuthenticationForm::bound(data).refused();
        let mut res = self.render(page, Some(data), &form).await?;
        *res.status_mut() = StatusCode::TOO_MANY_REQUESTS;
        if let Some(wait) = error.retry_after() {
            let seconds = wait.as_secs() + u64::from(wait.subsec_nanos() > 0);
            let headers = res.headers_mut();
            headers.insert(RETRY_AFTER, HeaderValue::from(seconds));
        }
        Ok(res)
    }

    /// The way on for somebody who is logged in.
    async fn away(
        &self,
        req: &AuthRequest,
        page: &Page,
        data: Option<&FormData>,
    ) -> Result<Option<Response>> {
        if req.user().await?.is_none() || req.is_asked_again().await? {
            return Ok(None);
        }
        let url = self.success_url(req, page, data)?;
        if url == page.request().path() {
            return Err(Error::server("the login page redirects to itself")
                .with_hint("`login_redirect_url` must not lead to a login page"));
        }
        Redirect::to(&url).map(Some)
    }

    fn success_url(
        &self,
        req: &AuthRequest,
        page: &Page,
        data: Option<&FormData>,
    ) -> Result<String> {
        if let Some(next) = self.next(page.request(), data) {
            return Ok(next);
        }
        let fixed = self.next_page.as_ref();
        let settings = req.auth().settings();
        resolve_url(
            Some(page.site()),
            fixed.unwrap_or(&settings.login_redirect_url),
        )
    }

    async fn render(
        &self,
        page: &Page,
        data: Option<&FormData>,
        form: &AuthenticationForm,
    ) -> Result {
        let info = page.request();
        let next = self.next(info, data).unwrap_or_default();
        let site = CurrentSite::of(info);
        let site_name = site.0.clone();
        let site = Value::object(site);
        let field = self.redirect_field_name.clone();
        let context = context! { form, site, site_name }.with(field, next);
        page.render(&self.template, context).await
    }

    fn next(&self, info: &RequestInfo, data: Option<&FormData>) -> Option<String> {
        let field = &self.redirect_field_name;
        next(info, data, field, &self.success_url_allowed_hosts)
    }
}

/// `site` in templates: the host the visitor came to.
///
/// # Django
/// `RequestSite`.
pub(super) struct CurrentSite(pub(super) String);

impl CurrentSite {
    pub(super) fn of(req: &RequestInfo) -> Self {
        Self(req.host().unwrap_or_default().to_owned())
    }
}

impl Object for CurrentSite {
    fn attr(&self, name: &str) -> Option<Value<'_>> {
        matches!(name, "domain" | "name").then(|| Value::from(self.0.as_str()))
    }

    fn display(&self, out: &mut dyn std::fmt::Write) -> std::fmt::Result {
        out.write_str(&self.0)
    }
}

impl From<LoginView> for View {
    fn from(view: LoginView) -> Self {
        let show = Arc::new(view);
        let submit = Arc::clone(&show);
        get(move |req: AuthRequest, page: Page| {
            let view = Arc::clone(&show);
            async move { view.show(&req, &page).await }
        })
        .post(move |req: AuthRequest, page: Page, data: FormData| {
            let view = Arc::clone(&submit);
            async move { view.submit(&req, &page, data).await }
        })
        .layer(NeverCacheLayer)
        .csrf_protect()
    }
}
