//! The fields that these forms share.

use nuages_forms::fields::{FieldContext, FieldKind};
use nuages_forms::validators::Validator;
use nuages_forms::widgets::{Attrs, PasswordInput};
use nuages_forms::{CharField, Field, Form, SafeString, ValidationError, Value, Widget};
use std::sync::Arc;

use crate::passwords::{PasswordOwner, PasswordValidators};
use crate::username::{MAX_USERNAME_LENGTH, normalize_username};

/// A username: text that is brought to its one spelling.
///
/// # Django
/// `UsernameField`.
#[derive(Debug, Clone)]
pub(super) struct UsernameField(CharField);

impl UsernameField {
    /// A new name: one that is too long is refused.
    pub(super) fn new() -> Self {
        Self(CharField::new().max_length(MAX_USERNAME_LENGTH))
    }

    /// A name to log in with: one that is too long is nobody's, and nothing more is said about it.
    pub(super) fn login() -> Self {
        Self(CharField::new())
    }
}

impl FieldKind for UsernameField {
    fn name(&self) -> &'static str {
        "UsernameField"
    }

    fn to_value(&self, cx: &FieldContext<'_>, value: Value) -> Result<Value, ValidationError> {
        Ok(match self.0.to_value(cx, value)? {
            // What is too long is refused in a moment: normalizing megabytes would only cost time.
            Value::Str(text) if text.chars().count() <= MAX_USERNAME_LENGTH => {
                Value::Str(normalize_username(&text).into_owned())
            }
            other => other,
        })
    }

    fn limit_validators(&self) -> Vec<Arc<dyn Validator>> {
        self.0.limit_validators()
    }

    fn widget_attrs(&self, widget: &Widget) -> Attrs {
        let mut attrs = self.0.widget_attrs(widget);
        attrs.set("autocapitalize", "none");
        attrs.set("autocomplete", "username");
        attrs
    }
}

/// A password as it is typed: spaces count, and it is never shown again.
pub(super) fn password_field(label: &'static str, autocomplete: &'static str) -> Field {
    Field::new(CharField::new().strip(false))
        .label(label)
        .widget(Widget::from(PasswordInput::new()).attr("autocomplete", autocomplete))
}

/// Adds the two fields of a new password.
pub(super) fn with_new_password(
    form: Form,
    names: [&'static str; 2],
    labels: [&'static str; 2],
    validators: &PasswordValidators,
) -> Form {
    let rules = SafeString::assert_safe(validators.help_text_html());
    let first = password_field(labels[0], "new-password").help_text(rules);
    let second = password_field(labels[1], "new-password")
        .help_text("Enter the same password as before, for verification.");
    form.field(names[0], first).field(names[1], second)
}

/// Checks that both passwords are the same.
pub(super) fn check_same(form: &mut Form, names: [&str; 2]) {
    let first: Option<String> = form.value(names[0]);
    let second: Option<String> = form.value(names[1]);
    if first.is_some() && second.is_some() && first != second {
        let error = ValidationError::new("The two password fields didn’t match.");
        form.add_error(names[1], error.code("password_mismatch"));
    }
}

/// Checks that the password follows the rules.
pub(super) fn check_rules(
    form: &mut Form,
    name: &str,
    validators: &PasswordValidators,
    owner: &PasswordOwner<'_>,
) {
    let Some(password) = form.value::<String>(name) else {
        return;
    };
    if let Err(errors) = validators.validate(&password, Some(owner)) {
        for error in errors {
            form.add_error(name, error);
        }
    }
}
