//! `changepassword`: another password for a user.

use nuages_app::BuiltSite;
use nuages_auth::passwords::PasswordOwner;

use super::password;
use crate::console::Console;
use crate::error::CommandError;

/// Arguments of `changepassword`.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct Args {
    /// Whose password.
    username: String,
    /// The new password, from the environment only.
    #[arg(
        long,
        env = "NUAGES_SUPERUSER_PASSWORD",
        hide = true,
        hide_env_values = true
    )]
    password: Option<String>,
}

pub(crate) async fn run(
    site: &BuiltSite,
    args: Args,
    console: &Console,
) -> Result<(), CommandError> {
    let db = site.connect().await?;
    let auth = site.auth(&db)?;
    let users = auth.users();
    let Some(mut user) = users.by_username(&args.username).await? else {
        return Err(CommandError::new(format!(
            "user '{}' does not exist",
            args.username
        )));
    };
    console.line(format_args!(
        "Changing password for user '{}'",
        user.username
    ));
    let password = match args.password {
        Some(password) => password,
        None if console.is_interactive() => {
            let owner = PasswordOwner::new()
                .with("username", "username", &args.username)
                .with("email", "email address", &user.email);
            password::ask(console, auth.validators(), &owner)?
        }
        None => {
            return Err(CommandError::new(
                "there is nobody to ask: set NUAGES_SUPERUSER_PASSWORD",
            ));
        }
    };
    users.set_password(&mut user, &password).await?;
    console.line(format_args!(
        "Password changed successfully for user '{}'",
        user.username
    ));
    Ok(())
}
