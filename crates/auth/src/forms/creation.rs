//! The registration form.

use nuages_forms::validators::Validator as _;
use nuages_forms::widgets::TextInput;
use nuages_forms::{Field, Form, FormData, ValidationError, Widget};
use nuages_template::{ToValue, Value as Shown};

use super::fields::{UsernameField, check_rules, check_same, with_new_password};
use crate::passwords::PasswordOwner;
use crate::username::UnicodeUsernameValidator;
use crate::{Auth, Error, User};

const PASSWORDS: [&str; 2] = ["password1", "password2"];

/// The registration form: a username and a password, typed twice.
///
/// # Security
/// Nothing else of the user can be set by it: a forged `is_superuser=on` is ignored.
/// Names that differ only in case or in Unicode's spelling are taken.
///
/// # Django
/// `UserCreationForm`.
#[derive(Debug, Clone)]
pub struct UserCreationForm(Form);

impl UserCreationForm {
    fn form(auth: &Auth) -> Form {
        let username = Field::new(UsernameField::new())
            .label("Username")
            .help_text("Required. 150 characters or fewer. Letters, digits and @/./+/-/_ only.")
            .widget(Widget::from(TextInput))
            .widget_attr("autofocus", true);
        with_new_password(
            Form::new().field("username", username),
            PASSWORDS,
            ["Password", "Password confirmation"],
            auth.validators(),
        )
    }

    /// The empty form, with the rules for passwords of this site.
    pub fn unbound(auth: &Auth) -> Self {
        Self(Self::form(auth))
    }

    /// The form as it was submitted.
    pub fn bound(auth: &Auth, data: &FormData) -> Self {
        Self(Self::form(auth).bind(data))
    }

    /// The form itself, to show it or to look at its errors.
    pub fn as_form(&self) -> &Form {
        &self.0
    }

    /// Makes the user, or gives the form with its errors.
    ///
    /// # Errors
    /// When the database fails, or too many passwords are waiting to be hashed.
    pub async fn save(mut self, auth: &Auth) -> Result<Result<User, Self>, Error> {
        let username: Option<String> = self.0.value("username");
        if let Some(username) = &username
            && auth.users().is_taken(username).await?
        {
            self.0.add_error("username", taken());
        }
        check_same(&mut self.0, PASSWORDS);
        if let Some(username) = self.0.value::<String>("username")
            && let Err(error) = UnicodeUsernameValidator.validate(&username.into())
        {
            self.0.add_error("username", error);
        }
        let owner = PasswordOwner::new().with(
            "username",
            "username",
            username.as_deref().unwrap_or_default(),
        );
        check_rules(&mut self.0, PASSWORDS[1], auth.validators(), &owner);
        let (Some(username), Some(password), true) = (
            username,
            self.0.value::<String>(PASSWORDS[0]),
            self.0.is_valid(),
        ) else {
            return Ok(Err(self));
        };
        let users = auth.users();
        match users.create_user(&username, "", password.as_str()).await {
            Ok(user) => Ok(Ok(user)),
            // Somebody took it in this very moment.
            Err(error) if error.is_username_taken() => {
                self.0.add_error("username", taken());
                Ok(Err(self))
            }
            Err(error) => Err(error),
        }
    }
}

fn taken() -> ValidationError {
    ValidationError::new("A user with that username already exists.").code("unique")
}

/// In templates it is the form.
impl ToValue for UserCreationForm {
    fn to_value(&self) -> Shown<'_> {
        self.0.to_value()
    }
}
