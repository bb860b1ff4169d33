//! Judging a new password.
//!
//! Validators run where a password is chosen (registration, change), never at login: an old weak password still lets its owner in to change it.
//!
//! # Django
//! `django.contrib.auth.password_validation`; messages, codes and help texts are Django's own.

mod common;
mod digits;
mod length;
mod numeric;
mod similarity;

use std::fmt;
use std::sync::Arc;

use nuages_forms::ValidationError;
use nuages_template::escape;

pub use common::CommonPasswordValidator;
pub use length::MinimumLengthValidator;
pub use numeric::NumericPasswordValidator;
pub(crate) use similarity::is_word;
pub use similarity::{UserAttributeSimilarityValidator, exceeds_maximum_length_ratio, quick_ratio};

/// One rule for new passwords.
pub trait PasswordValidator: fmt::Debug + Send + Sync {
    /// Accepts or refuses a password for its future owner.
    ///
    /// # Errors
    /// With the message for the user when the password breaks the rule.
    fn validate(
        &self,
        password: &str,
        owner: Option<&PasswordOwner<'_>>,
    ) -> Result<(), ValidationError>;

    /// The rule as a sentence for the user; empty for a rule that is not told.
    fn help_text(&self) -> String {
        String::new()
    }

    /// Is told of each password that has been stored, so that a validator can remember what was used before.
    ///
    /// It is called on the way of a request: keep it short, and never keep the password itself.
    fn password_changed(&self, _password: &str, _owner: Option<&PasswordOwner<'_>>) {}
}

/// What is known of the person who chooses a password.
///
/// # Django
/// The `user` argument of the validators.
#[derive(Debug, Clone, Default)]
pub struct PasswordOwner<'a> {
    attributes: Vec<Attribute<'a>>,
}

#[derive(Debug, Clone, Copy)]
struct Attribute<'a> {
    name: &'a str,
    verbose_name: &'a str,
    value: &'a str,
}

impl<'a> PasswordOwner<'a> {
    /// Nothing known yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds what the password should not resemble, with its name as the user reads it.
    pub fn with(mut self, name: &'a str, verbose_name: &'a str, value: &'a str) -> Self {
        self.attributes.push(Attribute {
            name,
            verbose_name,
            value,
        });
        self
    }

    fn get(&self, name: &str) -> Option<Attribute<'a>> {
        self.attributes
            .iter()
            .find(|attribute| attribute.name == name)
            .copied()
    }
}

/// The rules of a site, in order.
///
/// ```
/// use nuages_auth::passwords::PasswordValidators;
///
/// let validators = PasswordValidators::default();
/// let errors = validators.validate("12345", None).unwrap_err();
/// assert_eq!(errors.len(), 3);
/// assert!(validators.validate("correct horse battery", None).is_ok());
/// ```
///
/// # Django
/// The AUTH_PASSWORD_VALIDATORS setting, with the four of `startproject` as the default.
#[derive(Debug, Clone)]
pub struct PasswordValidators(Vec<Arc<dyn PasswordValidator>>);

impl Default for PasswordValidators {
    fn default() -> Self {
        Self::none()
            .with(UserAttributeSimilarityValidator::default())
            .with(MinimumLengthValidator::default())
            .with(CommonPasswordValidator::default())
            .with(NumericPasswordValidator)
    }
}

impl PasswordValidators {
    /// No rules at all.
    pub fn none() -> Self {
        Self(Vec::new())
    }

    /// Adds a rule at the end.
    pub fn with(mut self, validator: impl PasswordValidator + 'static) -> Self {
        self.0.push(Arc::new(validator));
        self
    }

    /// Adds the rules of another list at the end.
    pub fn and(mut self, others: &Self) -> Self {
        self.0.extend(others.0.iter().cloned());
        self
    }

    /// Applies every rule.
    ///
    /// # Errors
    /// With the complaints of all rules that were broken, in order.
    pub fn validate(
        &self,
        password: &str,
        owner: Option<&PasswordOwner<'_>>,
    ) -> Result<(), Vec<ValidationError>> {
        let errors: Vec<_> = self
            .0
            .iter()
            .filter_map(|validator| validator.validate(password, owner).err())
            .collect();
        if errors.is_empty() {
            Ok(())
        } else {
            Err(errors)
        }
    }

    /// Tells every validator of a password that has been stored.
    ///
    /// # Django
    /// `password_changed`.
    pub fn password_changed(&self, password: &str, owner: Option<&PasswordOwner<'_>>) {
        for validator in &self.0 {
            validator.password_changed(password, owner);
        }
    }

    /// The rules as sentences.
    pub fn help_texts(&self) -> Vec<String> {
        self.0
            .iter()
            .map(|validator| validator.help_text())
            .collect()
    }

    /// The rules as an HTML list, or nothing when there are none.
    pub fn help_text_html(&self) -> String {
        if self.0.is_empty() {
            return String::new();
        }
        let mut html = "<ul>".to_owned();
        for text in self.help_texts() {
            html.push_str("<li>");
            html.push_str(&escape(&text));
            html.push_str("</li>");
        }
        html.push_str("</ul>");
        html
    }
}
