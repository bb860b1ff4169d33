//! Asking for a new password, twice and checked.

use nuages_auth::passwords::{PasswordOwner, PasswordValidators};

use crate::console::Console;
use crate::error::CommandError;

/// Asks until the two answers are the same and the validators accept them, or a person insists.
pub(super) fn ask(
    console: &Console,
    validators: &PasswordValidators,
    owner: &PasswordOwner<'_>,
) -> Result<String, CommandError> {
    loop {
        let password = console.ask_password("Password: ")?;
        if password != console.ask_password("Password (again): ")? {
            console.line("Error: Your passwords didn't match.");
            continue;
        }
        if password.trim().is_empty() {
            console.line("Error: Blank passwords aren't allowed.");
            continue;
        }
        let Err(errors) = validators.validate(&password, Some(owner)) else {
            return Ok(password);
        };
        for error in errors {
            console.line(error);
        }
        let anyway = console.ask("Bypass password validation and create user anyway? [y/N]: ")?;
        if anyway.eq_ignore_ascii_case("y") {
            return Ok(password);
        }
    }
}
