//! The forms, as Django recorded them.

use nuages_auth::{
    Auth, AuthSettings, AuthenticationForm, PasswordChangeForm, PasswordResetForm, SetPasswordForm,
    UserCreationForm,
};
use nuages_base::SettingsGroup as _;
use nuages_forms::{Form, FormData};
use serde_json::{Map, Value, json};

use crate::asserted;
use crate::database::{database, run};
use crate::site::{Browser, Site};
use crate::users::{auth, make_users};

/// The data of a record.
fn data(inputs: &Value) -> Option<FormData> {
    let pairs = inputs["data"].as_array()?;
    Some(
        pairs
            .iter()
            .map(|pair| (pair[0].as_str().unwrap(), pair[1].as_str().unwrap()))
            .collect(),
    )
}

fn with_settings(auth: Auth, record: &Value) -> Auth {
    let mut settings = AuthSettings::default();
    let none = json!([]);
    let wanted = record["settings"]
        .get("AUTH_PASSWORD_VALIDATORS")
        .unwrap_or(&none);
    settings.set("auth_password_validators", wanted).unwrap();
    auth.with_validators(settings.password_validators().unwrap())
}

fn errors(form: &Form) -> Value {
    let all = form.errors().iter().map(|(field, list)| {
        let list = list
            .iter()
            .map(|error| json!({"message": error.to_string(), "code": code(error.get_code())}));
        (field.to_owned(), list.collect())
    });
    Value::Object(all.collect::<Map<_, _>>())
}

fn code(code: &str) -> Value {
    if code.is_empty() {
        Value::Null
    } else {
        code.into()
    }
}

/// What came of a form.
struct Outcome {
    form: Option<Form>,
    user: Option<String>,
}

/// Fills in the form of a record; nothing if we do not have it.
async fn fill_in(record: &Value) -> Option<Outcome> {
    let inputs = &record["inputs"];
    let ours = [
        "UserCreationForm",
        "PasswordChangeForm",
        "SetPasswordForm",
        "AuthenticationForm",
        "PasswordResetForm",
    ];
    if inputs["data"].is_null() || !ours.contains(&inputs["form"].as_str()?) {
        return None;
    }
    let site = Site::new().await;
    make_users(&site.db, &inputs["users"]).await;
    let auth = with_settings(auth(&site.db), record);
    let data = data(inputs)?;
    let owner = match inputs["user"].as_str() {
        Some(name) => auth.users().by_username(name).await.unwrap(),
        None => None,
    };
    let done = |result: Result<nuages_auth::User, Form>| match result {
        Ok(user) => Outcome {
            form: None,
            user: Some(user.username),
        },
        Err(form) => Outcome {
            form: Some(form),
            user: None,
        },
    };
    Some(match inputs["form"].as_str()? {
        "UserCreationForm" => {
            let form = UserCreationForm::bound(&auth, &data)
                .save(&auth)
                .await
                .unwrap();
            done(form.map_err(|form| form.as_form().clone()))
        }
        "PasswordChangeForm" => {
            let form = PasswordChangeForm::bound(&auth, &data)
                .save(&auth, &owner?)
                .await
                .unwrap();
            done(form.map_err(|form| form.as_form().clone()))
        }
        "SetPasswordForm" => {
            let form = SetPasswordForm::bound(&auth, &data)
                .save(&auth, &owner?)
                .await
                .unwrap();
            done(form.map_err(|form| form.as_form().clone()))
        }
        "PasswordResetForm" => {
            let form = PasswordResetForm::bound(&data).as_form().clone();
            Outcome {
                form: (!form.is_valid()).then_some(form),
                user: None,
            }
        }
        "AuthenticationForm" => {
            let (tell, mut told) = tokio::sync::mpsc::unbounded_channel();
            site.visit(&mut Browser::default(), async move |req| {
                let form = AuthenticationForm::bound(&data)
                    .authenticate(&req)
                    .await
                    .unwrap();
                tell.send(form.map_err(|form| form.as_form().clone()))
                    .unwrap();
            })
            .await;
            done(told.recv().await.unwrap())
        }
        _ => return None,
    })
}

#[test]
fn forms_say_what_django_s_say() {
    asserted::replay("security", "forms_auth.jsonl", "auth_form", |record| {
        let expected = &record["expected"];
        let Some(outcome) = run(fill_in(record)) else {
            return false;
        };
        assert_eq!(
            outcome.form.is_none(),
            expected["valid"] == true,
            "{:?}",
            outcome.form.map(|form| errors(&form))
        );
        if let Some(form) = &outcome.form {
            assert_eq!(errors(form), expected["errors"]);
            assert_eq!(form.errors().as_text(), expected["errors_as_text"]);
        }
        if let Some(user) = expected["user"].as_str() {
            assert_eq!(outcome.user.as_deref(), Some(user));
        }
        if let (Some(user), Some(name)) = (outcome.user, expected["saved"]["username"].as_str()) {
            assert_eq!(user, name);
        }
        true
    });
}

#[test]
fn resets_are_for_whom_django_s_are() {
    asserted::replay(
        "security",
        "forms_auth.jsonl",
        "password_reset_users",
        |record| {
            let (inputs, expected) = (&record["inputs"], &record["expected"]);
            let email = inputs["email"].as_str().unwrap();
            let form = PasswordResetForm::bound(&FormData::from([("email", email)]));
            let form = form.as_form();
            assert_eq!(form.is_valid(), expected["valid"] == true);
            assert_eq!(errors(form), expected["errors"]);
            run(async {
                let db = database().await;
                make_users(&db, &inputs["users"]).await;
                let users = auth(&db).users().by_email(email).await.unwrap();
                let names: Vec<_> = users.iter().map(|user| user.username.as_str()).collect();
                assert_eq!(json!(names), expected["users"]);
            });
            true
        },
    );
}

#[test]
fn forms_look_as_django_s_look() {
    asserted::replay("security", "forms_auth.jsonl", "auth_form_html", |record| {
        let inputs = &record["inputs"];
        let options = ["prefix", "auto_id", "label_suffix"];
        if options
            .iter()
            .any(|name| inputs.get(name).is_some_and(|value| !value.is_null()))
        {
            return false;
        }
        let form = run(async {
            if !inputs["data"].is_null() {
                return fill_in(record).await.and_then(|outcome| outcome.form);
            }
            let auth = with_settings(auth(&database().await), record);
            Some(match inputs["form"].as_str()? {
                "UserCreationForm" => UserCreationForm::unbound(&auth).as_form().clone(),
                "PasswordChangeForm" => PasswordChangeForm::unbound(&auth).as_form().clone(),
                "SetPasswordForm" => SetPasswordForm::unbound(&auth).as_form().clone(),
                "AuthenticationForm" => AuthenticationForm::unbound().as_form().clone(),
                "PasswordResetForm" => PasswordResetForm::unbound().as_form().clone(),
                _ => return None,
            })
        });
        let Some(form) = form else { return false };
        let layout = inputs["layout"].as_str().unwrap();
        let html = match layout {
            "as_p" => form.as_p(),
            "as_div" | "str" => form.as_div(),
            "as_table" => form.as_table(),
            "as_ul" => form.as_ul(),
            "errors" => form.errors().as_ul(),
            "non_field_errors" => form.non_field_errors().as_ul(),
            other => match other.split_once(':').unwrap() {
                ("field", name) => form.get(name).unwrap().to_string(),
                (_, name) => form.get(name).unwrap().label_tag(),
            },
        };
        let wanted = record["expected"]["html"].as_str().unwrap();
        assert_eq!(words(&html), words(wanted), "{layout}");
        true
    });
}

/// HTML without the white space between tags.
fn words(html: &str) -> String {
    let html = html.split_whitespace().collect::<Vec<_>>().join(" ");
    html.replace("> <", "><")
        .replace(" <", "<")
        .replace("> ", ">")
}

#[test]
fn a_form_sets_nothing_but_its_fields() {
    run(async {
        let db = database().await;
        let auth = auth(&db);
        let data = FormData::from([
            ("username", "eve"),
            ("password1", "correct horse battery"),
            ("password2", "correct horse battery"),
            ("is_superuser", "on"),
            ("is_staff", "on"),
            ("id", "1"),
            ("password", "x"),
        ]);
        let user = UserCreationForm::bound(&auth, &data)
            .save(&auth)
            .await
            .unwrap()
            .unwrap();
        assert!(!user.is_superuser && !user.is_staff && user.is_active);
    });
}

#[test]
fn a_megabyte_of_username_is_refused_at_once() {
    run(async {
        let site = Site::new().await;
        let name = "½".repeat(500_000);
        let data = FormData::from([("username", name.as_str()), ("password", "x")]);
        site.visit(&mut Browser::default(), async move |req| {
            let form = AuthenticationForm::bound(&data)
                .authenticate(&req)
                .await
                .unwrap()
                .unwrap_err();
            assert!(form.as_form().has_error("__all__", "invalid_login"));
        })
        .await;
    });
}
