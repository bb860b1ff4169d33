//! Django against itself: the steps of `site.py` do what the other tests take for granted.

use serde_json::json;

use super::Django;

#[test]
fn django_knows_its_own_rows_and_refuses_a_foreign_token() {
    let Some(django) = Django::beside("django_knows_its_own_rows") else {
        return;
    };
    let made = django.run(&[
        ("version", json!({})),
        ("migrate", json!({})),
        (
            "create_user",
            json!({"username": "ada", "password": "lovelace-1815", "permissions": ["auth.add_user"]}),
        ),
        ("user", json!({"username": "ada"})),
        ("log_in", json!({"username": "ada", "data": {"colour": "blue"}})),
    ]);
    assert!(made[0].as_str().unwrap().starts_with("5.2"));
    assert_eq!(django.step("pending_migrations", json!({})), json!([]));
    assert_eq!(made[3]["permissions"], json!(["auth.add_user"]));
    let session = made[4]["session_key"].as_str().unwrap();

    let seen = django.run(&[
        (
            "check_password",
            json!({"username": "ada", "password": "lovelace-1815"}),
        ),
        (
            "check_password",
            json!({"username": "ada", "password": "babbage"}),
        ),
        ("session", json!({"session_key": session})),
        (
            "request",
            json!({"method": "GET", "path": "/whoami/", "cookies": {"sessionid": session}}),
        ),
        ("dumps", json!({"value": {"a": 1}, "salt": "s"})),
    ]);
    assert_eq!(seen[..2], [json!(true), json!(false)]);
    assert_eq!(seen[2]["colour"], "blue");
    assert_eq!(seen[3]["json"]["user"], "ada");
    let (cookie, token) = (
        seen[3]["cookies"]["csrftoken"].as_str().unwrap(),
        seen[3]["json"]["token"].as_str().unwrap(),
    );
    let post = |token: &str| json!({"method": "POST", "path": "/protected/", "cookies": {"csrftoken": cookie}, "form": {"csrfmiddlewaretoken": token}});
    let answers = django.run(&[
        ("request", post(token)),
        ("request", post(&"x".repeat(64))),
        ("loads", json!({"value": seen[4], "salt": "s"})),
    ]);
    assert_eq!(answers[0]["status"], 200);
    assert_eq!(answers[1]["status"], 403);
    assert_eq!(answers[2], json!({"a": 1}));
}
