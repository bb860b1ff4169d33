//! Users, credentials and permissions, as Django recorded them.

use std::sync::Arc;

use nuages_auth::backends::{Backend, ModelBackend};
use nuages_auth::passwords::{Hashers, InsecureMd5, PasswordPool, Pbkdf2};
use nuages_auth::{
    Auth, AuthSettings, Credentials, Group, GroupPermission, Permission, User, UserGroup,
    UserPermission,
};
use nuages_base::Signals;
use nuages_crypto::KeyRing;
use nuages_db::Db;
use nuages_orm::{ForeignKey, Model as _};
use serde_json::{Value, json};

use crate::asserted;
use crate::database::{database, run};
use crate::site::{clock, pool};

const SECRET_KEY: &str = "conformance-corpus-secret-key-0123456789-abcdefghijklmnopqrstuvwxyz";

pub(crate) fn auth(db: &Db) -> Auth {
    let keys = KeyRing::new(SECRET_KEY);
    Auth::new(
        db.clone(),
        keys,
        AuthSettings::default(),
        Signals::new(),
        clock(),
    )
    .unwrap()
    .with_password_pool(pool())
}

/// A backend that says nothing.
#[derive(Debug)]
struct Nothing;

impl Backend for Nothing {
    fn path(&self) -> &'static str {
        "oracle_backends.Nothing"
    }
}

/// The backends of a record, if we have them.
fn backends(record: &Value) -> Option<Vec<Arc<dyn Backend>>> {
    let Some(paths) = record["settings"].get("AUTHENTICATION_BACKENDS") else {
        return Some(vec![Arc::new(ModelBackend::new())]);
    };
    let backend = |path: &Value| -> Option<Arc<dyn Backend>> {
        let path = path.as_str()?;
        let known: [Arc<dyn Backend>; 3] = [
            Arc::new(ModelBackend::new()),
            Arc::new(ModelBackend::insecure_allow_inactive()),
            Arc::new(Nothing),
        ];
        known.into_iter().find(|backend| backend.path() == path)
    };
    paths.as_array()?.iter().map(backend).collect()
}

/// Makes the users of a record.
pub(crate) async fn make_users(db: &Db, users: &Value) {
    for spec in users.as_array().unwrap() {
        let text = |name: &str| spec[name].as_str().unwrap_or_default().to_owned();
        let users = auth(db).users();
        let mut user = users
            .create_user(&text("username"), &text("email"), spec["password"].as_str())
            .await
            .unwrap();
        let flag = |name: &str, default| spec[name].as_bool().unwrap_or(default);
        user.is_active = flag("is_active", true);
        user.is_staff = flag("is_staff", false);
        user.is_superuser = flag("is_superuser", false);
        // Some of them are spelt as no user of ours would be.
        user.username = text("username");
        user.first_name = text("first_name");
        user.last_name = text("last_name");
        if let Some(encoded) = spec["encoded_password"].as_str() {
            encoded.clone_into(&mut user.password);
        }
        user.save(db).await.unwrap();
        for name in spec["perms"].as_array().into_iter().flatten() {
            let mut row = UserPermission {
                user: ForeignKey::from(&user),
                permission: ForeignKey::from(&permission(db, name).await),
                ..UserPermission::blank()
            };
            row.save(db).await.unwrap();
        }
        for (name, perms) in spec["groups"].as_object().into_iter().flatten() {
            let found = Group::objects()
                .get_or_none(|group| group.name().eq(name.as_str()), db)
                .await
                .unwrap();
            let group = if let Some(group) = found {
                group
            } else {
                let mut group = Group {
                    name: name.clone(),
                    ..Group::blank()
                };
                group.save(db).await.unwrap();
                for name in perms.as_array().unwrap() {
                    let mut row = GroupPermission {
                        group: ForeignKey::from(&group),
                        permission: ForeignKey::from(&permission(db, name).await),
                        ..GroupPermission::blank()
                    };
                    row.save(db).await.unwrap();
                }
                group
            };
            let mut row = UserGroup {
                user: ForeignKey::from(&user),
                group: ForeignKey::from(&group),
                ..UserGroup::blank()
            };
            row.save(db).await.unwrap();
        }
    }
}

async fn permission(db: &Db, name: &Value) -> Permission {
    let (app, codename) = name.as_str().unwrap().split_once('.').unwrap();
    Permission::objects()
        .get(
            |p| p.codename().eq(codename) & p.content_type().app_label().eq(app),
            db,
        )
        .await
        .unwrap()
}

#[test]
fn users_are_made_as_django_makes_them() {
    asserted::replay("security", "auth_views.jsonl", "create_user", |record| {
        let (inputs, expected) = (&record["inputs"], &record["expected"]);
        let kwargs = inputs["kwargs"].as_object().unwrap();
        if kwargs
            .keys()
            .any(|name| !["username", "email", "password"].contains(&name.as_str()))
        {
            return false;
        }
        let text = |name: &str| kwargs.get(name).and_then(Value::as_str);
        let (username, email) = (text("username").unwrap(), text("email").unwrap_or_default());
        run(async {
            let users = auth(&database().await).users();
            let made = if inputs["method"] == "create_superuser" {
                users
                    .create_superuser(username, email, text("password"))
                    .await
            } else {
                users.create_user(username, email, text("password")).await
            };
            match made {
                Err(error) => assert_eq!(error.to_string(), expected["error"]["message"]),
                Ok(user) => {
                    let ours = json!({
                        "username": user.username, "email": user.email, "is_staff": user.is_staff,
                        "is_superuser": user.is_superuser, "is_active": user.is_active,
                        "has_usable_password": user.has_usable_password(), "last_login": null,
                        "date_joined": user.date_joined.strftime("%Y-%m-%dT%H:%M:%S+00:00").to_string(),
                    });
                    assert_eq!(&ours, expected);
                }
            }
        });
        true
    });
}

#[test]
fn credentials_are_accepted_as_django_accepts_them() {
    asserted::replay("security", "auth_views.jsonl", "authenticate", |record| {
        let (inputs, expected) = (&record["inputs"], &record["expected"]);
        let Some(backends) = backends(record).filter(|_| expected.get("error").is_none()) else {
            return false;
        };
        let mut credentials = Credentials::new();
        for (name, value) in inputs["credentials"].as_object().unwrap() {
            let Some(value) = value.as_str() else {
                return false;
            };
            credentials = credentials.with(name.clone(), value);
        }
        run(async {
            let db = database().await;
            make_users(&db, &inputs["users"]).await;
            let auth = auth(&db).with_backends(backends);
            let user = auth.authenticate(&credentials).await.unwrap();
            assert_eq!(
                user.map(|user| user.username).as_deref(),
                expected["user"].as_str()
            );
            for signal in expected["login_failed_signals"].as_array().unwrap() {
                let ours: serde_json::Map<_, _> = credentials
                    .cleaned()
                    .into_iter()
                    .map(|(name, value)| (name.into_owned(), value.into()))
                    .collect();
                assert_eq!(Value::Object(ours), signal["credentials"]);
            }
        });
        true
    });
}

#[test]
fn permissions_are_django_s() {
    asserted::replay("security", "auth_views.jsonl", "permissions", |record| {
        let (inputs, expected) = (&record["inputs"], &record["expected"]);
        // Permissions on single objects are not here yet.
        let Some(backends) = backends(record)
            .filter(|backends| !backends.is_empty() && inputs["with_object"] == false)
        else {
            return false;
        };
        let Some(username) = inputs["user"].as_str() else {
            return false;
        };
        run(async {
            let db = database().await;
            make_users(&db, &inputs["users"]).await;
            let auth = auth(&db).with_backends(backends);
            let user = auth.users().by_username(username).await.unwrap().unwrap();
            let permissions = auth.permissions(&user).await.unwrap();
            for (name, has) in expected["has_perm"].as_object().unwrap() {
                assert_eq!(permissions.contains(name), *has, "{name}");
            }
            for (app, has) in expected["has_module_perms"].as_object().unwrap() {
                // A superuser has every module, also one that is not there.
                assert_eq!(permissions.has_module(app), *has, "{app}");
            }
            if !user.is_superuser {
                let ours: Vec<_> = permissions.names().collect();
                assert_eq!(json!(ours), expected["all_permissions"]);
            }
        });
        true
    });
}

#[test]
fn sessions_are_tied_to_passwords_as_django_ties_them() {
    asserted::replay("security", "session.jsonl", "session_auth_hash", |record| {
        let Some(password) = record["inputs"]["password"].as_str() else {
            return false;
        };
        let user = User {
            password: password.to_owned(),
            ..User::blank()
        };
        let key = record["settings"]["SECRET_KEY"]
            .as_str()
            .unwrap_or(SECRET_KEY);
        assert_eq!(user.session_auth_hash(key), record["expected"]["hash"]);
        let fallbacks = record["settings"]["SECRET_KEY_FALLBACKS"].as_array();
        let ours: Vec<_> = fallbacks
            .into_iter()
            .flatten()
            .map(|key| user.session_auth_hash(key.as_str().unwrap()))
            .collect();
        assert_eq!(json!(ours), record["expected"]["fallback_hashes"]);
        true
    });
}

#[test]
fn an_old_hash_is_replaced_at_the_next_login() {
    run(async {
        let db = database().await;
        let old = auth(&db);
        old.users().create_user("ann", "", "pw").await.unwrap();
        let hashers = Hashers::new(Pbkdf2::sha256().iterations(10)).also(InsecureMd5);
        let new = auth(&db).with_password_pool(PasswordPool::new(hashers, 1, 8));
        let stored = async || {
            new.users()
                .by_username("ann")
                .await
                .unwrap()
                .unwrap()
                .password
        };
        let login = async |password| {
            let credentials = Credentials::password("ann", password);
            new.authenticate(&credentials).await.unwrap().is_some()
        };
        assert!(!login("wrong").await);
        assert!(stored().await.starts_with("md5$"));
        assert!(login("pw").await);
        assert!(stored().await.starts_with("pbkdf2_sha256$10$"));
        assert!(login("pw").await);
    });
}

#[test]
fn twins_of_a_username_are_the_same_user() {
    run(async {
        let db = database().await;
        let users = auth(&db).users();
        users.create_user("admin", "", "pw").await.unwrap();
        let twin = users.create_user("ａdmin", "", "pw").await.unwrap_err();
        assert!(twin.is_username_taken());
        assert_eq!(
            twin.to_string(),
            "A user with that username already exists."
        );
        // A Cyrillic letter makes another name: it cannot be mistaken for the first by the database.
        assert!(users.create_user("аdmin", "", "pw").await.is_ok());
        assert!(users.is_taken("ADMIN").await.unwrap());
    });
}

#[test]
fn a_password_is_in_no_debug_output() {
    let user = User {
        password: "md5$salt$hash".to_owned(),
        ..User::blank()
    };
    assert!(!format!("{user:?}").contains("md5"));
}
