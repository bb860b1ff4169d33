//! Setting a new password by the link of a mail.

use std::sync::Arc;

use http::HeaderValue;
use http::header::REFERRER_POLICY;
use nuages_crypto::constant_time_compare;
use nuages_forms::FormData;
use nuages_template::context;
use nuages_web::{Page, Path, Redirect, Result, View, get};
use serde::Deserialize;
use serde_json::Value;

use super::answer::NeverCacheLayer;
use crate::redirect::resolve_url;
use crate::{AuthRequest, Error, SetPasswordForm, User};

/// Where the session keeps the token while its reader types the new password.
const TOKEN: &str = "_password_reset_token";

/// Asks who comes by the link of a mail for a new password.
///
/// The route needs the arguments `uidb64` and `token`.
///
/// # Security
/// The token is moved into the session, under a new key, and the browser sent to an address without it: so it is in no `Referer`
/// and no history. The log names the route, not the path.
/// A link works once, for `password_reset_timeout`, and until the user logs in or changes password or address.
///
/// # Django
/// `PasswordResetConfirmView`, which keeps the session's key.
#[derive(Debug, Clone)]
pub struct PasswordResetConfirmView {
    template: String,
    success_url: String,
    reset_url_token: String,
    post_reset_login: bool,
}

impl Default for PasswordResetConfirmView {
    fn default() -> Self {
        Self {
            template: "registration/password_reset_confirm.html".to_owned(),
            success_url: "password_reset_complete".to_owned(),
            reset_url_token: "set-password".to_owned(),
            post_reset_login: false,
        }
    }
}

/// The arguments of the route.
#[derive(Deserialize)]
struct Link {
    uidb64: String,
    token: String,
}

/// What a link is worth.
enum Worth {
    /// It leads to the form.
    Form(User),
    /// It has to lose its token first.
    Token,
    Nothing,
}

impl PasswordResetConfirmView {
    /// The page with the template `registration/password_reset_confirm.html`.
    pub fn new() -> Self {
        Self::default()
    }

    /// Another template. It sees `validlink`, and `form` when that is true.
    pub fn template(mut self, template: impl Into<String>) -> Self {
        self.template = template.into();
        self
    }

    /// Where users go after the change, instead of the route `password_reset_complete`: a path, a URL, or the name of a route.
    pub fn success_url(mut self, success_url: impl Into<String>) -> Self {
        self.success_url = success_url.into();
        self
    }

    /// What stands in the address instead of the token, when not `set-password`.
    pub fn reset_url_token(mut self, word: impl Into<String>) -> Self {
        self.reset_url_token = word.into();
        self
    }

    /// Logs users in when they have set their new password.
    pub fn post_reset_login(mut self, login: bool) -> Self {
        self.post_reset_login = login;
        self
    }

    async fn answer(
        &self,
        req: &AuthRequest,
        page: &Page,
        link: &Link,
        data: Option<FormData>,
    ) -> Result {
        let mut res = match self.weigh(req, page, link).await? {
            Worth::Form(user) => return self.change(req, page, &user, data).await,
            Worth::Token => {
                let path = page.request().path();
                Redirect::to(&path.replace(&link.token, &self.reset_url_token))?
            }
            Worth::Nothing => self.refuse(page).await?,
        };
        // Whatever the site says: this address may hold a token.
        let policy = HeaderValue::from_static("same-origin");
        res.headers_mut().insert(REFERRER_POLICY, policy);
        Ok(res)
    }

    async fn weigh(&self, req: &AuthRequest, page: &Page, link: &Link) -> Result<Worth, Error> {
        let (auth, session) = (req.auth(), req.session());
        let Some(user) = auth.users().by_uid(&link.uidb64).await? else {
            return Ok(Worth::Nothing);
        };
        let zone = page.site().time_zone().clone();
        let tokens = auth.password_reset_tokens().time_zone(zone);
        if constant_time_compare(&link.token, &self.reset_url_token) {
            let kept = session
                .read(|data| data.get(TOKEN).and_then(Value::as_str).map(str::to_owned))
                .await?;
            let fits = kept.is_some_and(|token| tokens.check_token(&user, &token));
            return Ok(if fits {
                Worth::Form(user)
            } else {
                Worth::Nothing
            });
        }
        if !tokens.check_token(&user, &link.token) {
            return Ok(Worth::Nothing);
        }
        if session.session_key().is_some() {
            // Somebody else may know the old one, and would be given the token with it.
            session.cycle_key().await?;
        }
        session.set(TOKEN, &link.token).await?;
        Ok(Worth::Token)
    }

    async fn change(
        &self,
        req: &AuthRequest,
        page: &Page,
        user: &User,
        data: Option<FormData>,
    ) -> Result {
        let Some(data) = data else {
            return self.show(page, &SetPasswordForm::unbound(req.auth())).await;
        };
        let form = SetPasswordForm::bound(req.auth(), &data);
        let user = match form.save_once(req.auth(), user).await? {
            Ok(Some(user)) => user,
            Ok(None) => return self.refuse(page).await,
            Err(form) => return self.show(page, &form).await,
        };
        req.session().remove(TOKEN).await.map_err(Error::from)?;
        if self.post_reset_login {
            req.login(&user).await?;
        }
        Redirect::to(&resolve_url(Some(page.site()), &self.success_url)?)
    }

    async fn show(&self, page: &Page, form: &SetPasswordForm) -> Result {
        let context = context! { form, title: "Enter new password", validlink: true };
        page.render(&self.template, context).await
    }

    async fn refuse(&self, page: &Page) -> Result {
        let title = "Password reset unsuccessful";
        let context = context! { form: nuages_template::Value::None, title, validlink: false };
        page.render(&self.template, context).await
    }
}

impl From<PasswordResetConfirmView> for View {
    fn from(view: PasswordResetConfirmView) -> Self {
        let show = Arc::new(view);
        let submit = Arc::clone(&show);
        get(move |req: AuthRequest, page: Page, link: Path<Link>| {
            let view = Arc::clone(&show);
            async move { view.answer(&req, &page, &link.0, None).await }
        })
        .post(
            move |req: AuthRequest, page: Page, link: Path<Link>, data: FormData| {
                let view = Arc::clone(&submit);
                async move { view.answer(&req, &page, &link.0, Some(data)).await }
            },
        )
        .layer(NeverCacheLayer)
        .private_path()
    }
}

/// Says that the new password is set, and leads to the login.
///
/// # Django
/// `PasswordResetCompleteView`.
#[derive(Debug, Clone)]
pub struct PasswordResetCompleteView {
    template: String,
}

impl Default for PasswordResetCompleteView {
    fn default() -> Self {
        Self {
            template: "registration/password_reset_complete.html".to_owned(),
        }
    }
}

impl PasswordResetCompleteView {
    /// The page with the template `registration/password_reset_complete.html`.
    pub fn new() -> Self {
        Self::default()
    }

    /// Another template.
    pub fn template(mut self, template: impl Into<String>) -> Self {
        self.template = template.into();
        self
    }
}

impl From<PasswordResetCompleteView> for View {
    fn from(view: PasswordResetCompleteView) -> Self {
        let template: Arc<str> = view.template.into();
        get(move |req: AuthRequest, page: Page| {
            let template = Arc::clone(&template);
            async move {
                let login_url = resolve_url(Some(page.site()), &req.auth().settings().login_url)?;
                let context = context! { title: "Password reset complete", login_url };
                page.render(&template, context).await
            }
        })
    }
}
