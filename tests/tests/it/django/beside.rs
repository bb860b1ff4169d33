//! One database, one secret key, two frameworks: what Django has written is accepted here, and the other way round.

use nuages::prelude::*;
use nuages::testing::TestSite;
use serde_json::json;

use super::{Django, SECRET_KEY};

/// Our site on Django's database file and with Django's key.
async fn nuages_on(django: &Django) -> TestSite {
    let urls = Urls::new()
        .include("accounts/", nuages::auth::urls())
        .path("whoami/", get(whoami), "whoami")
        .path("protected/", post(async || "passed"), "protected");
    let database = format!("sqlite:///{}", django.database().display());
    TestSite::with(
        Site::new().install(nuages::auth::app()).urls(urls),
        |settings| {
            settings.set("secret_key", SECRET_KEY).unwrap();
            settings.set("database_url", database).unwrap();
            settings
                .set("password_hashers", vec!["pbkdf2_sha256"])
                .unwrap();
        },
    )
    .await
}

async fn whoami(user: Option<CurrentUser>, csrf: CsrfToken) -> String {
    let name = user.map_or_else(|| "nobody".to_owned(), |user| user.username.clone());
    format!("{name} {}", csrf.get())
}

#[tokio::test]
async fn what_django_wrote_is_accepted_here() {
    let Some(django) = Django::beside("what_django_wrote_is_accepted_here") else {
        return;
    };
    let made = django.run(&[
        ("migrate", json!({})),
        ("create_user", json!({"username": "ada", "password": "lovelace-1815", "permissions": ["auth.add_user"]})),
        ("log_in", json!({"username": "ada", "data": {"colour": "blue"}})),
        ("request", json!({"method": "GET", "path": "/whoami/"})),
    ]);
    let session = made[2]["session_key"].as_str().unwrap();
    let csrf = made[3]["cookies"]["csrftoken"].as_str().unwrap();
    let token = made[3]["json"]["token"].as_str().unwrap();

    let site = nuages_on(&django).await;
    // The session row: the user is greeted by name.
    let mut browser = site.client().enforce_csrf_checks();
    browser.cookies.set("sessionid", session);
    assert!(browser.get("/whoami/").await.text().starts_with("ada "));
    // The CSRF cookie: Django's token passes here, another one does not.
    browser.cookies.set("csrftoken", csrf);
    let answer = browser
        .post("/protected/")
        .form(&[("csrfmiddlewaretoken", token)])
        .await;
    assert_eq!(answer.text(), "passed");
    let answer = browser
        .post("/protected/")
        .form(&[("csrfmiddlewaretoken", &"x".repeat(64))])
        .await;
    assert_eq!(answer.status(), 403);
    // The user row: the password is right, and the hash is brought to Django 6.0's iterations.
    let mut browser = site.client();
    let fields = [("username", "ada"), ("password", "lovelace-1815")];
    assert_eq!(
        browser
            .post("/accounts/login/")
            .form(&fields)
            .await
            .status(),
        302
    );
    assert!(browser.get("/whoami/").await.text().starts_with("ada "));
    let ada = nuages::auth::User::objects()
        .get(|user| user.username().eq("ada"), site.db())
        .await
        .unwrap();
    assert!(
        ada.password.starts_with("pbkdf2_sha256$1200000$"),
        "{}",
        ada.password
    );
}

#[tokio::test]
async fn what_we_write_is_accepted_by_django() {
    let Some(django) = Django::beside("what_we_write_is_accepted_by_django") else {
        return;
    };
    let site = nuages_on(&django).await;
    site.create_user("grace", "hopper-1906-cobol").await;
    let mut browser = site.client().enforce_csrf_checks();
    let page = browser.get("/whoami/").await.text();
    let token = page.split_once(' ').unwrap().1.to_owned();
    let fields = [
        ("username", "grace"),
        ("password", "hopper-1906-cobol"),
        ("csrfmiddlewaretoken", &token),
    ];
    assert_eq!(
        browser
            .post("/accounts/login/")
            .form(&fields)
            .await
            .status(),
        302
    );
    let page = browser.get("/whoami/").await.text();
    let token = page.split_once(' ').unwrap().1.to_owned();
    let session = browser.cookies.get("sessionid").unwrap();
    let csrf = browser.cookies.get("csrftoken").unwrap();

    let cookies = json!({"sessionid": session, "csrftoken": csrf});
    let seen = django.run(&[
        ("pending_migrations", json!({})),
        ("request", json!({"method": "GET", "path": "/whoami/", "cookies": cookies})),
        ("request", json!({"method": "POST", "path": "/protected/", "cookies": cookies, "form": {"csrfmiddlewaretoken": token}})),
        ("request", json!({"method": "POST", "path": "/protected/", "cookies": cookies, "form": {"csrfmiddlewaretoken": "x".repeat(64)}})),
        // Last, because Django 5.2 stores the hash anew with its own iterations, which ends the session.
        ("check_password", json!({"username": "grace", "password": "hopper-1906-cobol"})),
    ]);
    assert_eq!(seen[0], json!([]), "Django finds its own history applied");
    assert_eq!(seen[1]["json"]["user"], "grace");
    assert_eq!(seen[2]["status"], 200);
    assert_eq!(seen[3]["status"], 403);
    assert_eq!(seen[4], json!(true));
}

#[tokio::test]
async fn the_link_of_a_reset_is_good_on_both_sides() {
    let Some(django) = Django::beside("the_link_of_a_reset_is_good_on_both_sides") else {
        return;
    };
    let (first, second, third) = ("lovelace-1815", "hopper-1906-cobol", "hamilton-1936-apollo");
    let ada = json!({"username": "ada", "password": first, "email": "ada@example.com"});
    let made = django.run(&[
        ("migrate", json!({})),
        ("create_user", ada),
        ("reset_link", json!({"username": "ada"})),
    ]);
    let link = made[2].as_str().unwrap();

    // Django's link, here.
    let site = nuages_on(&django).await;
    let mut browser = site.client();
    let opened = browser.get(link).await;
    assert_eq!(opened.status(), 302, "{link}");
    let path = opened.location().to_owned();
    let fields = [("new_password1", second), ("new_password2", second)];
    let done = browser.post(&path).form(&fields).await;
    assert_eq!(done.location(), "/accounts/reset/done/");

    // Our link, there; and the first one is used up on both sides.
    let form = [("email", "ADA@example.com")];
    browser.post("/accounts/password_reset/").form(&form).await;
    let mail = site.outbox().await.pop().unwrap();
    let (_, rest) = mail.text.split_once("://testserver").unwrap();
    let ours = rest.split_whitespace().next().unwrap();
    let seen = django.run(&[
        ("use_reset_link", json!({"path": link, "password": third})),
        ("use_reset_link", json!({"path": ours, "password": third})),
        ("use_reset_link", json!({"path": ours, "password": first})),
        (
            "check_password",
            json!({"username": "ada", "password": third}),
        ),
    ]);
    assert_eq!(json!(seen), json!([false, true, false, true]));
    assert_eq!(site.client().get(ours).await.status(), 200);
}
