//! What the session layer does to requests and responses, and which attacks it refuses.

use http::StatusCode;
use http::header::{SET_COOKIE, VARY};
use nuages_sessions::{Expiry, SessionStore};

use crate::site::{Site, ok, run};

const PLANTED: &str = "0123456789abcdefghijklmnopqrstuv";

#[test]
fn an_untouched_session_costs_nothing() {
    run(async {
        let mut site = Site::new();
        for cookie in [None, Some(PLANTED)] {
            site.jar
                .extend(cookie.map(|key| ("sessionid".to_owned(), key.to_owned())));
            let res = site.visit(async |_| ok()).await;
            assert!(res.headers().get(VARY).is_none());
            assert!(res.headers().get(SET_COOKIE).is_none());
            assert!(site.store.is_empty());
        }
    });
}

#[test]
fn a_read_only_session_stores_nothing() {
    run(async {
        let mut site = Site::new();
        let res = site
            .visit(async |session| {
                assert_eq!(session.get::<i64>("x").await.unwrap(), None);
                ok()
            })
            .await;
        assert_eq!(res.headers()[VARY], "Cookie");
        assert!(res.headers().get(SET_COOKIE).is_none());
        assert!(site.store.is_empty());
    });
}

#[test]
fn values_come_back_in_the_next_request() {
    run(async {
        let mut site = Site::new();
        site.visit(async |session| {
            session.set("cart", vec![1, 2]).await.unwrap();
            ok()
        })
        .await;
        let key = site.jar["sessionid"].clone();
        site.visit(async |session| {
            assert_eq!(
                session.get::<Vec<i64>>("cart").await.unwrap().unwrap(),
                [1, 2]
            );
            assert!(session.get::<String>("cart").await.is_err());
            session.set("more", true).await.unwrap();
            ok()
        })
        .await;
        assert_eq!(site.jar["sessionid"], key);
        assert_eq!(site.store.len(), 1);
    });
}

#[test]
fn a_planted_key_is_not_adopted() {
    run(async {
        let mut site = Site::new();
        for planted in [PLANTED, "a", "", "../../etc/passwd", &"x".repeat(4096)] {
            site.jar.insert("sessionid".to_owned(), planted.to_owned());
            site.visit(async |session| {
                session.set("a", 1).await.unwrap();
                ok()
            })
            .await;
            assert_ne!(site.jar["sessionid"], planted);
        }
        assert!(
            site.store
                .load(PLANTED, site.clock.now())
                .await
                .unwrap()
                .is_none()
        );
        assert_eq!(site.store.len(), 5);
    });
}

#[test]
fn cycling_the_key_ends_a_fixed_session() {
    run(async {
        // The attacker has a session of his own and plants its key in the victim's browser.
        let mut site = Site::new();
        site.visit(async |session| {
            session.set("anonymous", true).await.unwrap();
            ok()
        })
        .await;
        let planted = site.jar["sessionid"].clone();

        // Without the protection the victim's login goes into the attacker's session …
        site.visit(async |session| {
            session.set("user", "victim").await.unwrap();
            ok()
        })
        .await;
        assert_eq!(site.jar["sessionid"], planted);

        // … with it the planted key is worth nothing.
        site.visit(async |session| {
            session.cycle_key().await.unwrap();
            session.set("user", "victim").await.unwrap();
            ok()
        })
        .await;
        assert_ne!(site.jar["sessionid"], planted);
        assert!(
            site.store
                .load(&planted, site.clock.now())
                .await
                .unwrap()
                .is_none()
        );
        site.visit(async |session| {
            assert_eq!(session.get::<bool>("anonymous").await.unwrap(), Some(true));
            assert!(session.contains("user").await.unwrap());
            ok()
        })
        .await;
        assert_eq!(site.store.len(), 1);
    });
}

#[test]
fn a_flushed_session_cannot_be_replayed() {
    run(async {
        let mut site = Site::new();
        site.visit(async |session| {
            session.set("user", "ann").await.unwrap();
            ok()
        })
        .await;
        let old = site.jar.clone();
        let res = site
            .visit(async |session| {
                session.flush().await.unwrap();
                ok()
            })
            .await;
        let deleted = res.headers()[SET_COOKIE].to_str().unwrap();
        assert_eq!(
            deleted,
            "sessionid=\"\"; expires=Thu, 01 Jan 1970 00:00:00 GMT; Max-Age=0; Path=/; SameSite=Lax"
        );
        assert!(site.jar.is_empty());
        assert!(site.store.is_empty());
        site.jar = old;
        site.visit(async |session| {
            assert!(!session.contains("user").await.unwrap());
            ok()
        })
        .await;
    });
}

#[test]
fn a_session_deleted_meanwhile_is_not_resurrected() {
    run(async {
        let mut site = Site::new();
        site.visit(async |session| {
            session.set("user", "ann").await.unwrap();
            ok()
        })
        .await;
        let store = site.store.clone();
        let res = site
            .visit(async move |session| {
                session.set("late", true).await.unwrap();
                // Meanwhile the user logs out in another tab.
                let key = session.session_key().unwrap();
                store.delete(&key).await.unwrap();
                ok()
            })
            .await;
        assert_eq!(res.status(), StatusCode::BAD_REQUEST);
        assert!(site.store.is_empty());
    });
}

#[test]
fn an_expired_session_is_unknown_whatever_the_cookie_says() {
    run(async {
        let mut site = Site::new();
        site.visit(async |session| {
            session.set("user", "ann").await.unwrap();
            session.set_expiry(Expiry::Seconds(60)).await.unwrap();
            ok()
        })
        .await;
        for (seconds, known) in [(59, true), (2, false)] {
            site.clock.advance(jiff::SignedDuration::from_secs(seconds));
            site.visit(async move |session| {
                assert_eq!(session.contains("user").await.unwrap(), known);
                ok()
            })
            .await;
        }
        assert_eq!(site.store.clear_expired(site.clock.now()).await.unwrap(), 1);
    });
}

#[test]
fn a_server_error_saves_nothing() {
    run(async {
        let mut site = Site::new();
        let res = site
            .visit(async |session| {
                session.set("half", "done").await.unwrap();
                let mut res = ok();
                *res.status_mut() = StatusCode::INTERNAL_SERVER_ERROR;
                res
            })
            .await;
        assert!(res.headers().get(SET_COOKIE).is_none());
        assert!(site.store.is_empty());
    });
}

#[test]
fn secrets_stay_out_of_debug_output() {
    run(async {
        let mut site = Site::new();
        site.visit(async |session| {
            session.set("ssn", "078-05-1120").await.unwrap();
            session.save().await.unwrap();
            let key = session.session_key().unwrap();
            let shown = format!("{session:?}");
            assert!(
                !shown.contains("078-05") && !shown.contains(&*key),
                "{shown}"
            );
            ok()
        })
        .await;
    });
}
