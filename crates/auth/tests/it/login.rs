//! Login, logout and sessions under attack: each protection refuses what succeeds without it.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use http::header::{LOCATION, SET_COOKIE, VARY};
use nuages_auth::{Credentials, Group, UserLoggedIn, UserLoggedOut, UserLoginFailed};
use nuages_orm::Model as _;
use nuages_sql::RawSql;
use nuages_web::{Access, RouteFlags};

use crate::database::run;
use crate::site::{Browser, Site};

#[test]
fn a_planted_session_is_worth_nothing_after_the_login() {
    run(async {
        let site = Site::new().await;
        let ann = site.user("ann", "pw").await;
        // The attacker plants the key of a session of his own in the victim's browser.
        let mut attacker = Browser::default();
        site.visit(&mut attacker, async |req| {
            req.session().set("cart", 7).await.unwrap();
        })
        .await;
        let mut victim = attacker.clone();

        site.login(&mut victim, &ann).await;
        assert_ne!(victim.0, attacker.0);
        assert_eq!(site.who(&mut victim).await.as_deref(), Some("ann"));
        assert_eq!(site.who(&mut attacker).await, None);
        // What the anonymous session held was carried over.
        site.visit(&mut victim, async |req| {
            assert_eq!(req.session().get::<i64>("cart").await.unwrap(), Some(7));
        })
        .await;

        // Without the new key, as when a view writes the user into the session itself, the attacker is in.
        let mut attacker = Browser::default();
        site.visit(&mut attacker, async |req| {
            req.session().set("cart", 7).await.unwrap();
        })
        .await;
        let mut victim = attacker.clone();
        let hash = ann.session_auth_hash("a secret key");
        let id = ann.id.to_string();
        site.visit(&mut victim, async move |req| {
            let session = req.session();
            session.set("_auth_user_id", id).await.unwrap();
            session
                .set(
                    "_auth_user_backend",
                    "django.contrib.auth.backends.ModelBackend",
                )
                .await
                .unwrap();
            session.set("_auth_user_hash", hash).await.unwrap();
        })
        .await;
        assert_eq!(site.who(&mut attacker).await.as_deref(), Some("ann"));
    });
}

#[test]
fn a_second_login_starts_a_new_session() {
    run(async {
        let site = Site::new().await;
        let (ann, bob) = (site.user("ann", "pw").await, site.user("bob", "pw").await);
        let mut browser = Browser::default();
        site.login(&mut browser, &ann).await;
        let first = browser.clone();
        site.visit(&mut browser, async |req| {
            req.session().set("ssn", 1).await.unwrap();
        })
        .await;
        // The same user again: another key, the same data.
        site.login(&mut browser, &ann).await;
        assert_ne!(browser.0, first.0);
        assert_eq!(site.who(&mut first.clone()).await, None);
        // Another user: nothing of the first one's is left.
        site.login(&mut browser, &bob).await;
        assert_eq!(site.who(&mut browser).await.as_deref(), Some("bob"));
        site.visit(&mut browser, async |req| {
            assert!(!req.session().contains("ssn").await.unwrap());
        })
        .await;
        let rows: Option<i64> = site
            .db
            .fetch_value(RawSql::new("SELECT count(*) FROM django_session"))
            .await
            .unwrap();
        assert_eq!(rows, Some(1));
    });
}

#[test]
fn a_session_cannot_be_replayed_after_the_logout() {
    run(async {
        let site = Site::new().await;
        let ann = site.user("ann", "pw").await;
        let mut browser = Browser::default();
        site.login(&mut browser, &ann).await;
        let mut thief = browser.clone();
        // Until then the copied cookie works …
        assert_eq!(site.who(&mut thief).await.as_deref(), Some("ann"));
        let res = site
            .visit(&mut browser, async |req| {
                req.logout().await.unwrap();
                assert!(req.user().await.unwrap().is_none());
            })
            .await;
        assert!(
            res.headers()[SET_COOKIE]
                .to_str()
                .unwrap()
                .contains("Max-Age=0")
        );
        assert!(browser.0.is_empty());
        // … and from then on it is worth nothing.
        assert_eq!(site.who(&mut thief).await, None);
    });
}

#[test]
fn a_new_password_ends_the_other_sessions_and_keeps_this_one() {
    run(async {
        let site = Site::new().await;
        let ann = site.user("ann", "pw").await;
        let (mut here, mut there, mut forgetful) =
            (Browser::default(), Browser::default(), Browser::default());
        for browser in [&mut here, &mut there, &mut forgetful] {
            site.login(browser, &ann).await;
        }
        let before = here.clone();
        let mut changed = ann.clone();
        site.auth()
            .users()
            .set_password(&mut changed, "another")
            .await
            .unwrap();
        let ours = changed.clone();
        // The session hash is only kept in step where the view says so.
        let mut keeps = Browser::default();
        site.login(&mut keeps, &changed).await;
        site.visit(&mut keeps, async move |req| {
            req.update_session_auth_hash(&ours).await.unwrap();
        })
        .await;
        assert_eq!(site.who(&mut keeps).await.as_deref(), Some("ann"));
        assert_eq!(site.who(&mut there).await, None);
        assert_eq!(site.who(&mut forgetful).await, None);
        assert_eq!(site.who(&mut here).await, None);
        assert_ne!(before.0, here.0, "the session of the old password is gone");

        let mut here = Browser::default();
        site.login(&mut here, &changed).await;
        let old_key = here.clone();
        site.visit(&mut here, async move |req| {
            let mut user = nuages_auth::User::clone(&req.user().await.unwrap().unwrap());
            req.auth()
                .users()
                .set_password(&mut user, "third")
                .await
                .unwrap();
            req.update_session_auth_hash(&user).await.unwrap();
        })
        .await;
        assert_eq!(site.who(&mut here).await.as_deref(), Some("ann"));
        assert_ne!(here.0, old_key.0);
        assert_eq!(site.who(&mut keeps).await, None);
    });
}

#[test]
fn a_user_who_is_switched_off_is_out_at_the_next_request() {
    run(async {
        let site = Site::new().await;
        for end in [
            "UPDATE auth_user SET is_active = 0",
            "DELETE FROM auth_user",
        ] {
            let ann = site.user("ann", "pw").await;
            let mut browser = Browser::default();
            site.login(&mut browser, &ann).await;
            assert_eq!(site.who(&mut browser).await.as_deref(), Some("ann"));
            site.db.execute(RawSql::new(end)).await.unwrap();
            assert_eq!(site.who(&mut browser).await, None);
            let credentials = Credentials::password("ann", "pw");
            assert!(
                site.auth()
                    .authenticate(&credentials)
                    .await
                    .unwrap()
                    .is_none()
            );
            site.db
                .execute(RawSql::new("DELETE FROM auth_user"))
                .await
                .unwrap();
        }
    });
}

#[test]
fn a_rotated_key_keeps_sessions_and_a_foreign_one_ends_them() {
    run(async {
        let mut site = Site::new().await;
        let ann = site.user("ann", "pw").await;
        let (mut kept, mut lost) = (Browser::default(), Browser::default());
        site.login(&mut kept, &ann).await;
        site.login(&mut lost, &ann).await;
        let old = site.keys.clone();
        site.keys = nuages_crypto::KeyRing::new("a new key").with_fallbacks(["a secret key"]);
        let before = kept.clone();
        assert_eq!(site.who(&mut kept).await.as_deref(), Some("ann"));
        assert_ne!(kept.0, before.0, "under a new key");
        // It was signed anew, and so outlives the old key.
        site.keys = nuages_crypto::KeyRing::new("a new key");
        assert_eq!(site.who(&mut kept).await.as_deref(), Some("ann"));
        assert_eq!(site.who(&mut lost).await, None);
        site.keys = old;
        assert_eq!(site.who(&mut kept).await, None);
    });
}

#[test]
fn a_user_costs_two_queries_and_nobody_none() {
    run(async {
        let mut site = Site::new().await;
        let ann = site.user("ann", "pw").await;
        let mut browser = Browser::default();
        site.login(&mut browser, &ann).await;
        let plain = site.db.clone();
        let (noted, log) = plain.with_log();
        site.db = noted;
        let res = site.visit(&mut browser, async |_| ()).await;
        assert_eq!(log.len(), 0);
        assert!(res.headers().get(VARY).is_none());
        let res = site
            .visit(&mut browser, async |req| {
                for _ in 0..3 {
                    assert_eq!(req.user().await.unwrap().unwrap().username, "ann");
                }
            })
            .await;
        assert_eq!(log.len(), 2, "{log:?}");
        assert_eq!(res.headers()[VARY], "Cookie");
        assert!(res.headers().get(SET_COOKIE).is_none());
        log.clear();
        site.who(&mut Browser::default()).await;
        assert_eq!(log.len(), 0, "{log:?}");
    });
}

#[test]
fn a_route_for_users_is_for_users_only() {
    run(async {
        let mut site = Site::new().await;
        let ann = site.user("ann", "pw").await;
        let (mut user, mut nobody) = (Browser::default(), Browser::default());
        site.login(&mut user, &ann).await;
        let location = |res: &http::Response<_>| {
            res.headers()
                .get(LOCATION)
                .map(|url| url.to_str().unwrap().to_owned())
        };
        // Without the flag everybody is served.
        assert_eq!(site.visit(&mut nobody, async |_| ()).await.status(), 200);
        site.flags.access = Access::Login;
        let res = site
            .visit(&mut nobody, async |_| panic!("the view ran"))
            .await;
        assert_eq!(res.status(), 302);
        assert_eq!(
            location(&res).unwrap(),
            "/accounts/login/?next=/secret/%3Fa%3D1"
        );
        assert_eq!(site.visit(&mut user, async |_| ()).await.status(), 200);

        let needs = |raise| RouteFlags {
            access: Access::Permission {
                perms: vec!["auth.view_user".to_owned()].into(),
                raise,
            },
            ..RouteFlags::default()
        };
        site.flags = needs(true);
        for browser in [&mut user, &mut nobody] {
            let res = site.visit(browser, async |_| panic!("the view ran")).await;
            assert_eq!(res.status(), 403);
        }
        site.flags = needs(false);
        let res = site
            .visit(&mut user, async |_| panic!("the view ran"))
            .await;
        assert_eq!(
            location(&res).unwrap(),
            "/accounts/login/?next=/secret/%3Fa%3D1"
        );

        // A group gives the permission, and taking it away counts at once.
        let mut group = Group {
            name: "readers".to_owned(),
            ..Group::blank()
        };
        group.save(&site.db).await.unwrap();
        let give = "INSERT INTO auth_group_permissions (group_id, permission_id) SELECT 1, id FROM auth_permission WHERE codename = 'view_user'";
        site.db.execute(RawSql::new(give)).await.unwrap();
        site.db
            .execute(RawSql::new(
                "INSERT INTO auth_user_groups (user_id, group_id) VALUES (1, 1)",
            ))
            .await
            .unwrap();
        assert_eq!(site.visit(&mut user, async |_| ()).await.status(), 200);
        site.db
            .execute(RawSql::new("DELETE FROM auth_user_groups"))
            .await
            .unwrap();
        assert_eq!(site.visit(&mut user, async |_| ()).await.status(), 302);
    });
}

#[test]
fn whoever_connects_is_told() {
    run(async {
        let site = Site::new().await;
        let counts: [Arc<AtomicUsize>; 3] = Default::default();
        let [on_login, on_logout, on_failure] = counts.clone();
        site.signals.connect("in", move |event: Arc<UserLoggedIn>| {
            on_login.fetch_add(1, Ordering::SeqCst);
            async move {
                assert!(event.user.last_login.is_some());
                Ok(())
            }
        });
        site.signals
            .connect("out", move |event: Arc<UserLoggedOut>| {
                on_logout.fetch_add(1, Ordering::SeqCst);
                async move {
                    assert_eq!(event.user.as_ref().unwrap().username, "ann");
                    Ok(())
                }
            });
        site.signals
            .connect("failed", move |event: Arc<UserLoginFailed>| {
                on_failure.fetch_add(1, Ordering::SeqCst);
                async move {
                    assert!(!format!("{event:?}").contains("hunter2"));
                    Ok(())
                }
            });
        let ann = site.user("ann", "pw").await;
        let mut browser = Browser::default();
        site.login(&mut browser, &ann).await;
        site.visit(&mut browser, async |req| req.logout().await.unwrap())
            .await;
        let wrong = Credentials::password("ann", "hunter2");
        assert!(site.auth().authenticate(&wrong).await.unwrap().is_none());
        let counts = counts.map(|count| count.load(Ordering::SeqCst));
        assert_eq!(counts, [1, 1, 1]);
        let stored = site
            .auth()
            .users()
            .by_username("ann")
            .await
            .unwrap()
            .unwrap();
        assert!(stored.last_login.is_some());
    });
}
