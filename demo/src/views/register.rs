//! Registration: a new user, logged in at once.

use nuages::auth::{AuthRequest, UserCreationForm};
use nuages::prelude::*;

/// Shows the empty form.
///
/// # Errors
/// When the database or the template fails.
pub async fn show(req: AuthRequest, page: Page) -> Result<Response> {
    let form = UserCreationForm::unbound(req.auth());
    page.render("registration/register.html", context! { form })
        .await
}

/// Makes the user, logs them in and greets them, or shows what is wrong.
///
/// # Errors
/// When the database or the template fails.
pub async fn submit(
    req: AuthRequest,
    page: Page,
    messages: Messages,
    data: FormData,
) -> Result<Response> {
    match UserCreationForm::bound(req.auth(), &data)
        .save(req.auth())
        .await?
    {
        Ok(user) => {
            req.login(&user).await?;
            messages.success(format!("Welcome, {}.", user.username));
            page.redirect("dashboard")
        }
        Err(form) => {
            page.render("registration/register.html", context! { form })
                .await
        }
    }
}
