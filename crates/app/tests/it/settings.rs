//! Settings from text: every name parses, mistakes are named.

use nuages_app::Settings;

#[test]
fn a_settings_file_with_every_kind_of_value_is_read() {
    let text = r#"
debug = true
allowed_hosts = ["example.com", ".example.org"]
secure_hsts_seconds = 31_536_000
secure_referrer_policy = "same-origin"
secure_csp = { default-src = ["'self'"], script-src = ["'self'", "<CSP_NONCE_SENTINEL>"] }
session_cookie_samesite = "Strict"
csrf_trusted_origins = ["https://*.example.com"]
auth_password_validators = [{ name = "MinimumLengthValidator", options = { min_length = 12 } }]
"#;
    let settings = Settings::from_toml("nuages.toml", text).unwrap();
    assert!(settings.site.debug);
    assert_eq!(settings.hosts.allowed_hosts.len(), 2);
    assert_eq!(settings.headers.secure_hsts_seconds, 31_536_000);
}

#[test]
fn secrets_do_not_show_in_debug_output() {
    let settings = Settings::from_toml("nuages.toml", "secret_key = 'hunter2hunter2'").unwrap();
    assert!(!format!("{settings:?}").contains("hunter2"));
}

#[test]
fn code_comes_last_and_is_checked_alike() {
    let mut settings = Settings::from_toml("nuages.toml", "debug = true").unwrap();
    settings.set("debug", false).unwrap();
    assert!(!settings.site.debug);
    let error = settings.set("debgu", true).unwrap_err();
    assert_eq!(
        error.to_string(),
        "the program: unknown setting `debgu`\n\tHINT: did you mean `debug`?"
    );
}
