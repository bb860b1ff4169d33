//! A4: credentials that are missing, of another type, or far too long.

use std::time::{Duration, Instant};

use nuages_auth::{AuthRequest, AuthenticationForm};
use nuages_forms::FormData;

use super::counting::Counting;
use super::door::{Door, PASSWORD, Plan};
use crate::database::{database, run};
use crate::site::{Browser, Site};

const FORM: &str = "application/x-www-form-urlencoded";

#[test]
fn a4_what_lacks_a_field_costs_no_query_and_no_hash() {
    run(async {
        let (db, log) = database().await.with_log();
        let counting = Counting::default();
        let door = Plan::on(db, counting.hashers()).open();
        door.user("alice").await;
        counting.take();
        log.clear();
        let json = r#"{"username":1,"password":"x"}"#;
        for (content_type, body) in [
            (FORM, "username=alice"),
            (FORM, "password=x"),
            (FORM, "username=&password="),
            (FORM, "username=%20%20&password=x"),
            (FORM, "username[]=alice&password=x"),
            (FORM, "username[0]=alice&password[]=x"),
            (FORM, "username=al%00ice&password=x"),
            (FORM, "username=alice&password=x%00"),
            (FORM, ""),
            ("application/json", json),
            ("text/plain", "username=alice&password=x"),
        ] {
            let answer = door.post(content_type, body).await;
            assert_eq!(answer.status, 200, "{content_type} {body}");
            assert_eq!(counting.take().0, 0, "{body}");
            assert_eq!(log.len(), 0, "{body} {log:?}");
        }
        // The pair: what is whole is looked up and hashed.
        door.post(FORM, "username=alice&password=x").await;
        assert_eq!(counting.take().0, 1);
        assert!(!log.is_empty());
        let body = format!("username=alice&password={}", PASSWORD.replace(' ', "+"));
        assert!(door.post(FORM, body).await.is_in());
    });
}

#[test]
fn a4_a_lone_surrogate_and_bytes_that_are_no_text_are_a_wrong_name() {
    run(async {
        let counting = Counting::default();
        let door = Door::of(counting.hashers()).await;
        counting.take();
        for name in ["%ED%A0%80", "%FF%FE", "alice%ED%BF%BF", "%F0%9F"] {
            let body = format!("username={name}&password=x");
            let answer = door.post(FORM, body).await;
            assert_eq!(answer.status, 200, "{name}");
            assert!(answer.body.contains("Please enter a correct username"));
            assert_eq!(counting.take().0, 1);
        }
    });
}

#[test]
fn a4_cve_2023_46695_a_name_of_a_megabyte_is_a_wrong_name_and_is_not_normalized() {
    run(async {
        let door = Door::of(Counting::default().hashers()).await;
        // Three megabytes, as they are sent, are more than a form may have.
        let name = "½".repeat(500_000);
        assert_eq!(door.login("127.0.0.1", &name, "x").await.status, 400);
        let name = "½".repeat(400_000);
        let answer = door.login("127.0.0.1", &name, "x").await;
        assert_eq!(answer.status, 200);
        assert!(answer.body.contains("Please enter a correct username"));
        // It comes back as it was typed; what is short is brought to its one spelling.
        let typed = |name: &str| {
            let data: FormData = [("username", name), ("password", "x")]
                .into_iter()
                .collect();
            let form = AuthenticationForm::bound(&data);
            form.as_form().value::<String>("username").unwrap()
        };
        assert_eq!(typed(&name), name);
        assert_eq!(typed(&"½".repeat(151)), "½".repeat(151));
        assert_eq!(typed("½"), "1⁄2");
    });
}

#[test]
fn a4_cve_2023_46695_the_time_for_a_long_name_grows_no_faster_than_the_name() {
    let time = |length: usize| -> Duration {
        let name = "½".repeat(length);
        let data: FormData = [("username", name.as_str()), ("password", "x")]
            .into_iter()
            .collect();
        let once = |_| {
            let start = Instant::now();
            let form = AuthenticationForm::bound(&data);
            assert!(form.as_form().value::<String>("username").is_some());
            start.elapsed()
        };
        (0..5).map(once).min().unwrap()
    };
    let (short, long) = (time(10_000), time(100_000));
    assert!(long <= short * 20, "{short:?} {long:?}");
}

#[test]
fn a4_a_view_of_ones_own_is_refused_as_the_login_page_is() {
    run(async {
        let site = Site::new().await;
        site.user("ann", "pw").await;
        let guess = async |req: AuthRequest| {
            let data: FormData = [("username", "ann"), ("password", "no")]
                .into_iter()
                .collect();
            AuthenticationForm::bound(&data).authenticate(&req).await
        };
        for number in 0..12 {
            site.visit(&mut Browser::default(), async move |req| {
                let outcome = guess(req).await;
                if number < 10 {
                    assert!(outcome.unwrap().is_err());
                } else {
                    let error = outcome.unwrap_err();
                    assert!(error.is_throttled() && error.retry_after().is_some());
                    // With `?` a view answers 429 and says when to come back.
                    let answer = axum_core::response::IntoResponse::into_response(
                        nuages_web::Error::from(error),
                    );
                    assert_eq!(answer.status(), 429);
                    assert_eq!(answer.headers()["retry-after"], "900");
                }
            })
            .await;
        }
    });
}
