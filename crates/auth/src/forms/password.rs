//! The forms that set a new password.

use nuages_forms::{Form, FormData, ValidationError};
use nuages_template::{ToValue, Value as Shown};

use super::fields::{check_rules, check_same, password_field, with_new_password};
use crate::{Auth, Error, User};

const PASSWORDS: [&str; 2] = ["new_password1", "new_password2"];
const LABELS: [&str; 2] = ["New password", "New password confirmation"];

/// The form that sets a new password without asking for the old one: only for who has proved themselves otherwise.
///
/// # Django
/// `SetPasswordForm`.
#[derive(Debug, Clone)]
pub struct SetPasswordForm(Form);

impl SetPasswordForm {
    fn form(auth: &Auth) -> Form {
        with_new_password(Form::new(), PASSWORDS, LABELS, auth.validators())
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

    /// Stores the new password of `user`, who is given back with it, or gives the form with its errors.
    ///
    /// # Errors
    /// When the database fails, or too many passwords are waiting to be hashed.
    pub async fn save(mut self, auth: &Auth, user: &User) -> Result<Result<User, Self>, Error> {
        match store(&mut self.0, auth, user.clone()).await? {
            Some(user) => Ok(Ok(user)),
            None => Ok(Err(self)),
        }
    }

    /// As [`save`](Self::save), but once: nothing when the user's password is another by now.
    ///
    /// # Errors
    /// As [`save`](Self::save).
    ///
    /// # Security
    /// Of two requests with one link only one sets a password, also when they come at the same moment.
    pub async fn save_once(
        mut self,
        auth: &Auth,
        user: &User,
    ) -> Result<Result<Option<User>, Self>, Error> {
        let mut user = user.clone();
        let Some(password) = new_password(&mut self.0, auth, &user) else {
            return Ok(Err(self));
        };
        let replaced = auth.users().replace_password(&mut user, &password).await?;
        Ok(Ok(replaced.then_some(user)))
    }
}

/// The form that sets a new password and asks for the old one.
///
/// # Django
/// `PasswordChangeForm`.
#[derive(Clone)]
pub struct PasswordChangeForm {
    form: Form,
    data: FormData,
}

impl PasswordChangeForm {
    fn form(auth: &Auth) -> Form {
        let old = password_field("Old password", "current-password").widget_attr("autofocus", true);
        let form = Form::new().field("old_password", old);
        with_new_password(form, PASSWORDS, LABELS, auth.validators())
    }

    /// The empty form, with the rules for passwords of this site.
    pub fn unbound(auth: &Auth) -> Self {
        Self {
            form: Self::form(auth),
            data: FormData::new(),
        }
    }

    /// The form as it was submitted.
    pub fn bound(auth: &Auth, data: &FormData) -> Self {
        Self {
            form: Self::form(auth).bind(data),
            data: data.clone(),
        }
    }

    /// The form itself, to show it or to look at its errors.
    pub fn as_form(&self) -> &Form {
        &self.form
    }

    /// Stores the new password of `user`, who is given back with it, or gives the form with its errors.
    ///
    /// # Errors
    /// When the database fails, or too many passwords are waiting to be hashed.
    pub async fn save(mut self, auth: &Auth, user: &User) -> Result<Result<User, Self>, Error> {
        let mut user = user.clone();
        if let Some(old) = self.form.value::<String>("old_password")
            && !auth.users().check_password(&mut user, &old).await?
        {
            // Cleaned once more, so that this error stands where its field does.
            let form = Self::form(auth).clean_field("old_password", |_, _| {
                let message = "Your old password was entered incorrectly. Please enter it again.";
                Err(ValidationError::new(message)
                    .code("password_incorrect")
                    .into())
            });
            self.form = form.bind(&self.data);
        }
        match store(&mut self.form, auth, user).await? {
            Some(user) => Ok(Ok(user)),
            None => Ok(Err(self)),
        }
    }
}

/// Checks the new password, and stores it if nothing is wrong with the form.
async fn store(form: &mut Form, auth: &Auth, mut user: User) -> Result<Option<User>, Error> {
    let Some(password) = new_password(form, auth, &user) else {
        return Ok(None);
    };
    auth.users().set_password(&mut user, &password).await?;
    Ok(Some(user))
}

/// The new password, if nothing is wrong with the form.
fn new_password(form: &mut Form, auth: &Auth, user: &User) -> Option<String> {
    check_same(form, PASSWORDS);
    let owner = user.password_owner();
    check_rules(form, PASSWORDS[1], auth.validators(), &owner);
    form.value::<String>(PASSWORDS[0])
        .filter(|_| form.is_valid())
}

/// In templates it is the form.
impl ToValue for SetPasswordForm {
    fn to_value(&self) -> Shown<'_> {
        self.0.to_value()
    }
}

/// In templates it is the form.
impl ToValue for PasswordChangeForm {
    fn to_value(&self) -> Shown<'_> {
        self.form.to_value()
    }
}

/// Values are left out: they are passwords.
impl std::fmt::Debug for PasswordChangeForm {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.form.fmt(f)
    }
}
