//! The rules for passwords and usernames, as Django recorded them.

use std::sync::{Arc, Mutex};

use nuages_auth::passwords::{
    CommonPasswordValidator, Hashers, InsecureMd5, PasswordOwner, PasswordPool, PasswordValidator,
    PasswordValidators, Pbkdf2, exceeds_maximum_length_ratio, quick_ratio,
};
use nuages_auth::{
    AsciiUsernameValidator, AuthSettings, UnicodeUsernameValidator, ValidatorSetting,
    normalize_email, normalize_username, unicode_ci_compare,
};
use nuages_base::SettingsGroup as _;
use nuages_crypto::encoding::hex_encode;
use nuages_forms::ValidationError;
use nuages_forms::validators::Validator as _;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use crate::asserted::{self, Outcome};
use crate::database::{database, run};
use crate::users::auth;

fn replay<O: Into<Outcome>>(kind: &str, run: impl Fn(&Value) -> O) {
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

/// The owner of a record.
fn owner(user: &Value) -> Option<PasswordOwner<'_>> {
    let extra = user["extra"].as_object().into_iter().flatten();
    let mut owner = PasswordOwner::new();
    for (name, value) in user.as_object()?.iter().chain(extra) {
        let verbose = match name.as_str() {
            "first_name" => "first name",
            "last_name" => "last name",
            "email" => "email address",
            other => other,
        };
        // What is no text resembles nothing.
        if let Some(value) = value.as_str() {
            owner = owner.with(name, verbose, value);
        }
    }
    Some(owner)
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

fn check(record: &Value, validators: Option<PasswordValidators>) -> Outcome {
    let inputs = &record["inputs"];
    let Some(validators) = validators else {
        // What we refuse as a setting, Django refuses too.
        assert!(record["expected"]["error"].is_object());
        return Outcome::Same;
    };
    let Some(password) = inputs["password"].as_str() else {
        return Outcome::Excepted("a password is text: the compiler refuses other types");
    };
    let owner = owner(&inputs["user"]);
    let errors = validators
        .validate(password, owner.as_ref())
        .err()
        .unwrap_or_default();
    assert_eq!(shown(&errors), wanted(&record["expected"]["errors"]));
    Outcome::Same
}

#[test]
fn passwords_are_judged_as_django_judges_them() {
    replay("validator", |record| check(record, one(&record["inputs"])));
    replay("validate_password", |record| {
        let setting = record["settings"].get("AUTH_PASSWORD_VALIDATORS");
        let empty = Value::Array(Vec::new());
        check(record, validators(setting.unwrap_or(&empty)))
    });
    replay("similarity_ratio", |record| {
        let (inputs, expected) = (&record["inputs"], &record["expected"]);
        let text = |name: &str| inputs[name].as_str().unwrap().to_lowercase();
        let limit = inputs["max_similarity"].as_f64().unwrap();
        let ratio = quick_ratio(&text("password"), &text("value"));
        assert!((ratio - expected["quick_ratio"].as_f64().unwrap()).abs() < 1e-12);
        let skipped = exceeds_maximum_length_ratio(&text("password"), &text("value"), limit);
        assert_eq!(skipped, expected["skipped_for_length"]);
        true
    });
    replay("common_list", |record| {
        let list = CommonPasswordValidator::built_in();
        assert_eq!(json!(list.len()), record["expected"]["count"]);
        let digest = hex_encode(Sha256::digest(list.join("\n")));
        assert_eq!(
            digest,
            record["expected"]["sha256_of_sorted_joined_by_newline"]
        );
        true
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
        let value = record["inputs"]["value"].as_str().unwrap();
        let result = match record["inputs"]["validator"].as_str() {
            Some("ascii") => AsciiUsernameValidator.validate(&value.into()),
            _ => UnicodeUsernameValidator.validate(&value.into()),
        };
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
fn names_are_compared_as_django_compares_them() {
    replay("unicode_ci_compare", |record| {
        let text = |name: &str| record["inputs"][name].as_str().unwrap();
        let equal = unicode_ci_compare(text("a"), text("b"));
        assert_eq!(equal, record["expected"]["equal"]);
        true
    });
}

#[test]
fn validators_are_told_of_a_password_that_was_stored() {
    #[derive(Debug, Default, Clone)]
    struct History(Arc<Mutex<Vec<usize>>>);
    impl PasswordValidator for History {
        fn validate(&self, _: &str, _: Option<&PasswordOwner<'_>>) -> Result<(), ValidationError> {
            Ok(())
        }
        fn password_changed(&self, password: &str, owner: Option<&PasswordOwner<'_>>) {
            assert!(owner.is_some());
            self.0.lock().unwrap().push(password.len());
        }
    }
    run(async {
        let history = History::default();
        let db = database().await;
        let hashers = Hashers::new(Pbkdf2::sha256().iterations(1)).also(InsecureMd5);
        let auth = auth(&db)
            .with_password_pool(PasswordPool::new(hashers, 1, 8))
            .with_validators(PasswordValidators::none().with(history.clone()));
        let users = auth.users();
        let mut user = users.create_user("ann", "", "four").await.unwrap();
        users.set_password(&mut user, "fives").await.unwrap();
        assert!(users.check_password(&mut user, "fives").await.unwrap());
        // A hash that is only made anew is no new password.
        user.password = Hashers::new(InsecureMd5).make_password("fives");
        assert!(users.check_password(&mut user, "fives").await.unwrap());
        assert!(user.password.starts_with("pbkdf2_sha256$1$"));
        assert_eq!(*history.0.lock().unwrap(), [4, 5]);
    });
}

#[test]
fn a_list_of_one_s_own_replaces_the_built_in_one() {
    let path = std::env::temp_dir().join(format!("nuages-common-{}", std::process::id()));
    std::fs::write(&path, "From-My-List\n  another \n").unwrap();
    let options = json!({"password_list_path": path});
    let list = validators(&json!([{"NAME": "CommonPasswordValidator", "OPTIONS": options}]));
    std::fs::remove_file(&path).unwrap();
    let list = list.unwrap();
    assert!(list.validate("from-my-LIST", None).is_err());
    assert!(list.validate("another", None).is_err());
    assert!(list.validate("password", None).is_ok());
    let gone = json!([{"NAME": "CommonPasswordValidator", "OPTIONS": options}]);
    assert!(validators(&gone).is_none());
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
