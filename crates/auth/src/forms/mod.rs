//! The forms of login, registration, password change and password reset.
//!
//! Each is filled with [`bound`](AuthenticationForm::bound), which checks what can be checked without the database, and finished by one async method that gives either the result or the form with its errors.
//!
//! # Django
//! `django.contrib.auth.forms`: names, labels, attributes, messages and codes are Django's.

mod authentication;
mod creation;
mod fields;
mod password;
mod reset;

pub use authentication::AuthenticationForm;
pub use creation::UserCreationForm;
pub use password::{PasswordChangeForm, SetPasswordForm};
pub use reset::PasswordResetForm;
