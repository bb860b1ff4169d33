//! The login form.

use nuages_forms::widgets::TextInput;
use nuages_forms::{Field, Form, FormData, ValidationError, Widget};
use nuages_template::{ToValue, Value as Shown};

use super::fields::{UsernameField, password_field};
use crate::username::MAX_USERNAME_LENGTH;
use crate::{AuthRequest, Credentials, Error, User};

/// The login form: username and password.
///
/// # Security
/// The error is the same for an unknown user, a wrong password and an inactive account, and takes as long to find.
///
/// # Django
/// `AuthenticationForm`.
#[derive(Debug, Clone)]
pub struct AuthenticationForm(Form);

impl AuthenticationForm {
    fn form() -> Form {
        let username = Field::new(UsernameField::login())
            .label("Username")
            .widget(Widget::from(TextInput).attr("autofocus", true))
            .widget_attr("maxlength", MAX_USERNAME_LENGTH);
        Form::new()
            .field("username", username)
            .field("password", password_field("Password", "current-password"))
    }

    /// The empty form.
    pub fn unbound() -> Self {
        Self(Self::form())
    }

    /// The form as it was submitted.
    pub fn bound(data: &FormData) -> Self {
        Self(Self::form().bind(data))
    }

    /// The form itself, to show it or to look at its errors.
    pub fn as_form(&self) -> &Form {
        &self.0
    }

    /// The form with the word that it was submitted too often, for a page with the status 429.
    pub fn refused(mut self) -> Self {
        let error = ValidationError::new("Too many failed logins. Please try again later.");
        self.0.add_error(None, error.code("throttled"));
        self
    }

    /// The user whom username and password belong to, or the form with its errors.
    ///
    /// # Errors
    /// When a backend fails, too many logins have failed, or too many passwords are waiting to be hashed.
    pub async fn authenticate(mut self, req: &AuthRequest) -> Result<Result<User, Self>, Error> {
        let (Some(username), Some(password)) = (
            self.0.value::<String>("username"),
            self.0.value::<String>("password"),
        ) else {
            return Ok(Err(self));
        };
        let credentials = Credentials::password(username, password);
        let error = match req.authenticate(&credentials).await? {
            Some(user) if user.is_active => return Ok(Ok(user)),
            Some(_) => ValidationError::new("This account is inactive.").code("inactive"),
            None => ValidationError::new(
                "Please enter a correct %(username)s and password. Note that both fields may be case-sensitive.",
            )
            .code("invalid_login")
            .param("username", "username"),
        };
        self.0.add_error(None, error);
        Ok(Err(self))
    }
}

/// In templates it is the form.
impl ToValue for AuthenticationForm {
    fn to_value(&self) -> Shown<'_> {
        self.0.to_value()
    }
}
