//! A11, A13 and A16: who a request belongs to, and what a fresh site is like.

use futures_util::future::join_all;
use http::Request;
use http::header::{COOKIE, SET_COOKIE};
use nuages_auth::{ContentType, Permission, User, UserPermission};
use nuages_orm::{ForeignKey, Model as _};
use nuages_sql::RawSql;

use super::counting::Counting;
use super::door::{Answer, Door, PASSWORD};
use crate::database::run;

/// The cookie of a user who has logged in through the page.
async fn cookie(door: &Door, username: &str) -> String {
    let answer = door.login("127.0.0.1", username, PASSWORD).await;
    let cookie = answer.headers[SET_COOKIE].to_str().unwrap();
    cookie.split_once(';').unwrap().0.to_owned()
}

async fn visit(door: &Door, path: &str, cookie: &str) -> Answer {
    let req = Request::builder().uri(path).header(COOKIE, cookie);
    let req = req.body(axum_core::body::Body::empty()).unwrap();
    door.send("127.0.0.1", req).await
}

async fn give(door: &Door, user: &User, codename: &str) {
    let db = door.auth.db();
    let permission = Permission::objects()
        .filter(|row| row.codename().eq(codename))
        .first(db)
        .await
        .unwrap()
        .unwrap();
    let mut given = UserPermission {
        user: ForeignKey::from(user),
        permission: ForeignKey::from(&permission),
        ..UserPermission::blank()
    };
    given.save(db).await.unwrap();
    assert!(ContentType::objects().count(db).await.unwrap() > 0);
}

#[test]
fn a11_who_is_disabled_deleted_or_loses_a_permission_is_out_at_the_next_request() {
    run(async {
        let door = Door::of(Counting::default().hashers()).await;
        let db = door.auth.db().clone();
        for how in ["disabled", "deleted", "demoted"] {
            let mut user = door.user(how).await;
            give(&door, &user, "view_user").await;
            let session = cookie(&door, how).await;
            // The pair: until then every request is let in.
            assert_eq!(visit(&door, "/secret/", &session).await.status, 200);
            assert_eq!(visit(&door, "/whoami/", &session).await.body, how);
            match how {
                "disabled" => {
                    user.is_active = false;
                    user.save(&db).await.unwrap();
                }
                "deleted" => {
                    let name = RawSql::new("DELETE FROM auth_user_user_permissions");
                    db.execute(name).await.unwrap();
                    let rows = User::objects().filter(|row| row.username().eq(how));
                    rows.delete(&db).await.unwrap();
                }
                _ => {
                    let all = UserPermission::objects();
                    all.delete(&db).await.unwrap();
                }
            }
            let requests = (0..100).map(|_| visit(&door, "/secret/", &session));
            let stale = join_all(requests).await;
            let stale = stale.iter().filter(|answer| answer.status == 200).count();
            assert_eq!(stale, 0, "{how}");
            let left = if how == "demoted" { how } else { "nobody" };
            assert_eq!(visit(&door, "/whoami/", &session).await.body, left);
        }
    });
}

/// How many of many interleaved requests were told another name than their own.
async fn mismatches(door: &Door, path: &'static str) -> usize {
    let mut visitors = vec![("nobody", "x=y".to_owned())];
    for name in ["ann", "bob"] {
        door.user(name).await;
        visitors.push((name, cookie(door, name).await));
    }
    let mut tasks = Vec::new();
    for number in 0..64 {
        let (door, visitors) = (door.clone(), visitors.clone());
        tasks.push(tokio::spawn(async move {
            let mut wrong = 0;
            for turn in 0..50 {
                let (name, cookie) = &visitors[(number + turn) % 3];
                let told = visit(&door, path, cookie).await.body;
                wrong += usize::from(told != *name);
            }
            wrong
        }));
    }
    let all = join_all(tasks).await;
    all.into_iter().map(Result::unwrap).sum()
}

fn on_threads<T>(work: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(8)
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(work)
}

#[test]
fn a13_cve_2007_0405_every_request_has_the_user_of_its_own_cookie() {
    on_threads(async {
        let door = Door::of(Counting::default().hashers()).await;
        assert_eq!(mismatches(&door, "/whoami/").await, 0);
    });
}

#[test]
fn a13_pair_cve_2007_0405_a_view_that_remembers_the_user_for_all_tells_others_names() {
    on_threads(async {
        let door = Door::of(Counting::default().hashers()).await;
        assert!(mismatches(&door, "/whoever-came-first/").await > 0);
    });
}

#[test]
fn a16_a_fresh_site_has_no_users_and_a_user_without_password_cannot_log_in() {
    run(async {
        let door = Door::of(Counting::default().hashers()).await;
        assert_eq!(User::objects().count(door.auth.db()).await.unwrap(), 0);
        for name in ["admin", "root", "django", "test"] {
            assert!(!door.login("127.0.0.1", name, name).await.is_in());
        }
        let users = door.auth.users();
        let user = users.create_user("zoe", "", None::<&str>).await.unwrap();
        assert!(!user.has_usable_password() && user.password.len() == 41);
        for guess in [&user.password, "!", "", &user.password[1..]] {
            assert!(!door.login("127.0.0.2", "zoe", guess).await.is_in());
        }
    });
}

#[test]
fn a16_passwords_are_typed_into_fields_that_managers_know_and_are_never_shown_again() {
    run(async {
        let door = Door::of(Counting::default().hashers()).await;
        door.user("ann").await;
        let login = door.login("127.0.0.1", "ann", "hunter2hunter2").await.body;
        let session = cookie(&door, "ann").await;
        let change = visit(&door, "/accounts/password_change/", &session)
            .await
            .body;
        let inputs = |page: &str| -> Vec<String> {
            let tags = page.split("<input ").skip(1);
            tags.map(|tag| tag.split('>').next().unwrap().to_owned())
                .filter(|tag| tag.contains("password"))
                .collect()
        };
        for (page, fields) in [
            (&login, vec!["current-password"]),
            (
                &change,
                vec!["current-password", "new-password", "new-password"],
            ),
        ] {
            let found = inputs(page);
            assert_eq!(found.len(), fields.len(), "{found:?}");
            for (input, autocomplete) in found.iter().zip(fields) {
                assert!(input.contains("type=\"password\""), "{input}");
                let wanted = format!("autocomplete=\"{autocomplete}\"");
                assert!(input.contains(&wanted), "{input}");
                assert!(!input.contains(" value="), "{input}");
            }
            assert!(!page.contains("onpaste") && !page.contains("hunter2"));
        }
    });
}
