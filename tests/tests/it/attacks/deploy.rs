//! X15: what Django leaves open by default, `check --deploy` has to find.

use nuages::Settings;

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
    let key = "k9f2-qm4v_7hx1wz8rt3bn6yc5pd0sjgalueio-KQ9F2QM4V7HX1WZ8R";
    settings.set("secret_key", key).unwrap();
}

#[tokio::test]
async fn x15_each_open_default_is_found_by_check_deploy() {
    let all = found(in_order).await;
    assert!(all.is_empty(), "{all:?}");
    type Change = fn(&mut Settings);
    let holes: [(&str, Change); 8] = [
        ("security.W012", |settings| {
            settings.set("session_cookie_secure", false).unwrap()
        }),
        ("security.W015", |settings| {
            settings.set("session_cookie_httponly", false).unwrap()
        }),
        ("security.W016", |settings| {
            settings.set("csrf_cookie_secure", false).unwrap()
        }),
        ("security.W004", |settings| {
            settings.set("secure_hsts_seconds", 0).unwrap()
        }),
        ("security.W008", |settings| {
            settings.set("secure_ssl_redirect", false).unwrap()
        }),
        ("auth.W101", |settings| {
            settings
                .set("auth_password_validators", Vec::<String>::new())
                .unwrap();
        }),
        ("auth.W102", |settings| {
            settings.set("login_failure_limit", 0).unwrap()
        }),
        ("auth.W100", |settings| {
            settings
                .set(
                    "password_hashers",
                    vec!["django.contrib.auth.hashers.MD5PasswordHasher".to_owned()],
                )
                .unwrap();
        }),
    ];
    for (id, open) in holes {
        let all = found(|settings| {
            in_order(settings);
            open(settings);
        })
        .await;
        assert_eq!(all, [id]);
    }
}
