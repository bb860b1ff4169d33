//! `createsuperuser`: a user who may do everything.

use nuages_app::BuiltSite;
use nuages_auth::UnicodeUsernameValidator;
use nuages_auth::Users;
use nuages_auth::passwords::PasswordOwner;
use nuages_forms::validators::Validator as _;

use super::password;
use crate::console::Console;
use crate::error::CommandError;

/// Arguments of `createsuperuser`.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct Args {
    /// The name to log in with.
    #[arg(long, env = "NUAGES_SUPERUSER_USERNAME")]
    username: Option<String>,
    /// The e-mail address.
    #[arg(long, env = "NUAGES_SUPERUSER_EMAIL")]
    email: Option<String>,
    /// The password, from the environment only: a command line can be read by other users of the machine.
    #[arg(
        long,
        env = "NUAGES_SUPERUSER_PASSWORD",
        hide = true,
        hide_env_values = true
    )]
    password: Option<String>,
    /// Ask nothing: without a password in the environment nobody can log in as this user yet.
    #[arg(long, visible_alias = "no-input")]
    noinput: bool,
}

pub(crate) async fn run(
    site: &BuiltSite,
    args: Args,
    console: &Console,
) -> Result<(), CommandError> {
    let db = site.connect().await?;
    let auth = site.auth(&db)?;
    let users = auth.users();
    let asks = !args.noinput && console.is_interactive();
    let username = match args.username {
        Some(username) => checked(&users, &username)
            .await
            .map(|()| username)
            .map_err(CommandError::new)?,
        None if asks => ask_username(&users, console).await?,
        None => {
            return Err(CommandError::new(
                "there is nobody to ask: give --username, or set NUAGES_SUPERUSER_USERNAME",
            ));
        }
    };
    let email = match args.email {
        Some(email) => email,
        None if asks => console.ask("Email address: ")?,
        None => String::new(),
    };
    let password = match args.password {
        Some(password) => Some(password),
        None if asks => {
            let owner = PasswordOwner::new()
                .with("username", "username", &username)
                .with("email", "email address", &email);
            Some(password::ask(console, auth.validators(), &owner)?)
        }
        None => None,
    };
    users
        .create_superuser(&username, &email, password.as_deref())
        .await?;
    console.line("Superuser created successfully.");
    Ok(())
}

async fn ask_username(users: &Users, console: &Console) -> Result<String, CommandError> {
    loop {
        let username = console.ask("Username: ")?;
        match checked(users, &username).await {
            Ok(()) => return Ok(username),
            Err(message) => console.line(format_args!("Error: {message}")),
        }
    }
}

async fn checked(users: &Users, username: &str) -> Result<(), String> {
    if username.is_empty() {
        return Err("Username cannot be blank.".to_owned());
    }
    if username.chars().count() > 150 {
        return Err("Ensure this value has at most 150 characters.".to_owned());
    }
    UnicodeUsernameValidator
        .validate(&username.into())
        .map_err(|error| error.to_string())?;
    let taken = users
        .by_username(username)
        .await
        .map_err(|error| error.to_string())?;
    match taken {
        Some(_) => Err("That username is already taken.".to_owned()),
        None => Ok(()),
    }
}
