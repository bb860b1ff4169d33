//! X15: what Django leaves open by default, `check --deploy` has to find.

use nuages::Settings;
use serde_json::json;

use super::victim::Victim;

/// The findings of a site, by id.
async fn found(change: impl FnOnce(&mut Settings)) -> Vec<String> {
    let victim = Victim::with(change, &[]).await;
    let checks = victim.site.site().checks(true);
    checks.into_iter().map(|check| check.id.into()).collect()
}

/// Everything in order for production.
fn in_order(settings: &mut Settings) {
    for name in [
        "session_cookie_secure",
        "csrf_cookie_secure",
        "secure_ssl_redirect",
        "secure_hsts_include_subdomains",
        "secure_hsts_preload",
    ] {
        settings.set(name, true).unwrap();
    }
    settings.set("secure_hsts_seconds", 31_536_000).unwrap();
    let hashers = vec!["pbkdf2_sha256".to_owned()];
    settings.set("password_hashers", hashers).unwrap();
    let key = "k9f2-qm4v_7hx1wz8rt3bn6yc5pd0sjgalueio-KQ9F2QM4V7HX1WZ8R";
    settings.set("secret_key", key).unwrap();
}

#[tokio::test]
async fn x15_each_open_default_is_found_by_check_deploy() {
    let all = found(in_order).await;
    assert!(all.is_empty(), "{all:?}");
    let md5 = ["django.contrib.auth.hashers.MD5PasswordHasher"];
    for (id, name, value) in [
        ("security.W012", "session_cookie_secure", json!(false)),
        ("security.W015", "session_cookie_httponly", json!(false)),
        ("security.W016", "csrf_cookie_secure", json!(false)),
        ("security.W004", "secure_hsts_seconds", json!(0)),
        ("security.W008", "secure_ssl_redirect", json!(false)),
        ("auth.W101", "auth_password_validators", json!([])),
        ("auth.W102", "login_failure_limit", json!(0)),
        ("auth.W102", "login_failure_window", json!(0)),
        ("auth.W100", "password_hashers", json!(md5)),
    ] {
        let all = found(|settings| {
            in_order(settings);
            settings.set(name, value).unwrap();
        })
        .await;
        assert_eq!(all, [id], "{name}");
    }
}
