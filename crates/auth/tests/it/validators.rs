//! The rules for passwords and usernames, as Django recorded them.

use nuages_auth::passwords::{PasswordOwner, PasswordValidator, PasswordValidators};
use nuages_auth::{
    AuthSettings, UnicodeUsernameValidator, ValidatorSetting, normalize_email, normalize_username,
};
use nuages_base::SettingsGroup as _;
use nuages_forms::ValidationError;
use nuages_forms::validators::Validator as _;
use serde_json::{Value, json};

use crate::asserted;

fn replay(kind: &str, run: impl Fn(&Value) -> bool) {
    asserted::replay("security", "validators.jsonl", kind, run);
}

/// The validators that settings like a record's name.
fn validators(setting: &Value) -> Option<PasswordValidators> {
    let mut settings = AuthSettings::default();
    settings.set("auth_password_validators", setting).ok()?;
    settings.password_validators().ok()
}

fn one(inputs: &Value) -> Option<PasswordValidators> {
    let name = match inputs["validator"].as_str()? {
        "similarity" => "UserAttributeSimilarityValidator",
        "length" => "MinimumLengthValidator",
        "common" => "CommonPasswordValidator",
        "numeric" => "NumericPasswordValidator",
        _ => return None,
    };
    let options = inputs.get("options").cloned().unwrap_or_else(|| json!({}));
    validators(&json!([{"name": name, "options": options}]))
}

/// The owner has an attribute that no user of ours has.
struct NotOurs;

/// The owner of a record; nothing when it has an attribute that no user of ours has.
fn owner(user: &Value) -> Result<Option<PasswordOwner<'_>>, NotOurs> {
    let Some(attributes) = user.as_object() else {
        return Ok(None);
    };
    let mut owner = PasswordOwner::new();
    for (name, value) in attributes {
        let verbose = match name.as_str() {
            "username" => "username",
            "first_name" => "first name",
            "last_name" => "last name",
            "email" => "email address",
            _ => return Err(NotOurs),
        };
        owner = owner.with(name, verbose, value.as_str().ok_or(NotOurs)?);
    }
    Ok(Some(owner))
}

fn shown(errors: &[ValidationError]) -> Value {
    errors
        .iter()
        .map(|error| json!({"code": error.get_code(), "message": error.to_string()}))
        .collect()
}

fn wanted(errors: &Value) -> Value {
    errors
        .as_array()
        .unwrap()
        .iter()
        .map(|error| json!({"code": error["code"], "message": error["message"]}))
        .collect()
}

fn check(record: &Value, validators: &PasswordValidators) -> bool {
    let inputs = &record["inputs"];
    let (Ok(owner), Some(password)) = (owner(&inputs["user"]), inputs["password"].as_str()) else {
        return false;
    };
    let errors = validators
        .validate(password, owner.as_ref())
        .err()
        .unwrap_or_default();
    assert_eq!(shown(&errors), wanted(&record["expected"]["errors"]));
    true
}

#[test]
fn passwords_are_judged_as_django_judges_them() {
    replay("validator", |record| match one(&record["inputs"]) {
        Some(_) if record["expected"].get("error").is_some() => false,
        Some(validators) => check(record, &validators),
        // What we refuse as an option, Django refuses too.
        None => record["expected"].get("error").is_some(),
    });
    replay("validate_password", |record| {
        validators(&record["settings"]["AUTH_PASSWORD_VALIDATORS"])
            .is_some_and(|validators| check(record, &validators))
    });
}

#[test]
fn the_rules_are_told_as_django_tells_them() {
    replay("validator_help", |record| {
        let Some(validators) = one(&record["inputs"]) else {
            return false;
        };
        assert_eq!(
            json!(validators.help_texts()),
            json!([record["expected"]["help_text"]])
        );
        true
    });
    replay("validators_help", |record| {
        let Some(validators) = validators(&record["settings"]["AUTH_PASSWORD_VALIDATORS"]) else {
            return false;
        };
        assert_eq!(json!(validators.help_texts()), record["expected"]["texts"]);
        assert_eq!(validators.help_text_html(), record["expected"]["html"]);
        true
    });
}

#[test]
fn usernames_are_django_s() {
    replay("username_validator", |record| {
        if record["inputs"]["validator"] != "unicode" {
            return false;
        }
        let value = record["inputs"]["value"].as_str().unwrap();
        let result = UnicodeUsernameValidator.validate(&value.into());
        assert_eq!(result.is_ok(), record["expected"]["valid"] == true);
        if let Err(error) = result {
            assert_eq!(error.to_string(), record["expected"]["message"]);
        }
        true
    });
    replay("normalize_username", |record| {
        let Some(value) = record["inputs"]["value"].as_str() else {
            return false;
        };
        assert_eq!(
            normalize_username(value),
            record["expected"]["value"].as_str().unwrap()
        );
        true
    });
    replay("normalize_email", |record| {
        let value = record["inputs"]["value"].as_str().unwrap_or_default();
        assert_eq!(normalize_email(value), record["expected"]["value"]);
        true
    });
}

#[test]
fn a_validator_of_one_s_own_is_asked() {
    #[derive(Debug)]
    struct NoTea;
    impl PasswordValidator for NoTea {
        fn validate(
            &self,
            password: &str,
            _: Option<&PasswordOwner<'_>>,
        ) -> Result<(), ValidationError> {
            if password.contains("tea") {
                return Err("no tea".into());
            }
            Ok(())
        }
        fn help_text(&self) -> String {
            "Not <tea>.".to_owned()
        }
    }
    let validators = PasswordValidators::none().with(NoTea);
    assert!(validators.validate("a lot of tea", None).is_err());
    assert_eq!(
        validators.help_text_html(),
        "<ul><li>Not &lt;tea&gt;.</li></ul>"
    );
}

#[test]
fn a_setting_that_does_not_fit_is_named() {
    let with = |name: &str, options: Value| {
        let setting = ValidatorSetting {
            name: name.to_owned(),
            options: serde_json::from_value(options).unwrap(),
        };
        let settings = AuthSettings {
            auth_password_validators: vec![setting],
            ..AuthSettings::default()
        };
        settings.password_validators().unwrap_err().to_string()
    };
    assert!(with("LengthValidator", json!({})).contains("`LengthValidator` is no validator"));
    assert_eq!(
        with("MinimumLengthValidator", json!({"min": 3})),
        "auth_password_validators: MinimumLengthValidator: there is no option `min`"
    );
    assert!(with("MinimumLengthValidator", json!({"min_length": "x"})).contains("min_length"));
}
