//! The form that asks for the link to set a new password.

use nuages_forms::widgets::EmailInput;
use nuages_forms::{EmailField, Field, Form, FormData, Widget};
use nuages_template::{ToValue, Value as Shown};
use nuages_web::Page;

use crate::{Auth, ResetMail};

/// The form that asks for the link to set a new password: an e-mail address.
///
/// # Security
/// It is valid for every address, whether somebody has it or not.
///
/// # Django
/// `PasswordResetForm`.
#[derive(Debug, Clone)]
pub struct PasswordResetForm(Form);

impl PasswordResetForm {
    fn form() -> Form {
        let email = Field::new(EmailField::new().max_length(254))
            .label("Email")
            .widget(Widget::from(EmailInput).attr("autocomplete", "email"));
        Form::new().field("email", email)
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

    /// Sends the link to whom the address belongs to; or gives the form with its errors.
    ///
    /// The search, the token and the mail are made after the answer; [`Mail::flush`](nuages_mail::Mail::flush) waits for them.
    ///
    /// # Errors
    /// When the request has no validated host for the link to lead to.
    ///
    /// # Django
    /// `PasswordResetForm.save()`, which sends while the visitor waits.
    pub fn save(
        self,
        auth: &Auth,
        page: &Page,
        mail: &ResetMail,
    ) -> nuages_web::Result<Result<(), Self>> {
        match self.0.value::<String>("email") {
            Some(email) if self.0.is_valid() => mail.begin(auth, page, email).map(Ok),
            _ => Ok(Err(self)),
        }
    }
}

/// In templates it is the form.
impl ToValue for PasswordResetForm {
    fn to_value(&self) -> Shown<'_> {
        self.0.to_value()
    }
}
