//! The findings as Django words them.

use nuages_base::{Check, Level, SettingsGroup};
use nuages_security::checks::{self, MissingLayer};
use nuages_security::csp::{CspSettings, Policy};
use nuages_security::csrf::CsrfSettings;
use nuages_security::headers::HeadersSettings;
use nuages_security::hosts::HostsSettings;
use serde_json::{Value, json};

use crate::corpus::{Verdict, replay};
use crate::request::{list, strings, text};

/// Findings of other rooms (sessions, auth), of views named by a string, and of policies that are
/// no table, which our types refuse before.
const ELSEWHERE: [&str; 11] = [
    "auth.",
    "security.W010",
    "security.W011",
    "security.W012",
    "security.W013",
    "security.W014",
    "security.W015",
    "security.E026",
    "security.E101",
    "security.E102",
    "nuages.",
];

/// `None` when a setting has a type that ours cannot have.
fn findings(settings: &Value, deploy: bool) -> Option<Vec<Check>> {
    let (mut headers, mut csrf) = (HeadersSettings::default(), CsrfSettings::default());
    let mut hosts = HostsSettings::default();
    for (name, value) in settings.as_object()? {
        let value = match (name.as_str(), value) {
            ("SECURE_HSTS_SECONDS", Value::Null | Value::Bool(false)) => &json!(0),
            (_, value) => value,
        };
        let name = name.to_lowercase();
        headers.set(&name, value).ok()?;
        csrf.set(&name, value).ok()?;
        hosts.set(&name, value).ok()?;
    }
    let middleware = strings(&settings["MIDDLEWARE"]);
    let has = |name: &str| middleware.iter().any(|known| known.ends_with(name));
    let mut found = checks::debug(settings["DEBUG"].as_bool()?);
    found.extend(checks::hosts(&hosts));
    if has(".SecurityMiddleware") {
        found.extend(checks::headers(&headers));
    } else {
        found.push(checks::missing(MissingLayer::SecurityHeaders));
    }
    if has(".XFrameOptionsMiddleware") {
        found.extend(checks::frame(&headers));
    } else {
        found.push(checks::missing(MissingLayer::FrameOptions));
    }
    let without_layer = !has(".CsrfViewMiddleware");
    if without_layer {
        found.push(checks::missing(MissingLayer::Csrf));
    }
    let about_csrf = checks::csrf(&csrf).into_iter();
    found.extend(about_csrf.filter(|check| !(without_layer && check.id == "security.W016")));
    let fallbacks = strings(&settings["SECRET_KEY_FALLBACKS"]);
    found.extend(checks::secret_keys(
        settings["SECRET_KEY"].as_str()?,
        fallbacks.iter().map(String::as_str),
    ));
    found.retain(|check| deploy || check.tag == nuages_base::Tag::Always);
    Some(found)
}

#[test]
fn findings_are_those_of_django() {
    replay("check_deploy.jsonl", "check", |record| {
        let inputs = &record["inputs"];
        let deploy = inputs["deploy"].as_bool().unwrap_or(false);
        let Some(theirs) = record["expected"].get("messages") else {
            return Verdict::Skipped;
        };
        let tags = strings(&inputs["tags"]);
        let wanted = |id: &str| {
            let by_tag = match tags.first().map(String::as_str) {
                Some("security") => !id.starts_with("4_0."),
                Some("compatibility") => id.starts_with("4_0."),
                _ => true,
            };
            by_tag && !ELSEWHERE.iter().any(|elsewhere| id.starts_with(elsewhere))
        };
        if record["settings"].get("SILENCED_SYSTEM_CHECKS").is_some() {
            // Silencing is the command's.
            return Verdict::Skipped;
        }
        let Some(ours) = findings(&record["settings"], deploy) else {
            return Verdict::Skipped;
        };
        let row = |id: &str, level: &str, message: &str, hint: Value| {
            (
                id.to_owned(),
                level.to_owned(),
                message.to_owned(),
                hint.to_string(),
            )
        };
        let mut ours: Vec<_> = ours
            .iter()
            .filter(|check| wanted(&check.id))
            .map(|check| {
                let level = if check.level == Level::Error {
                    "ERROR"
                } else {
                    "WARNING"
                };
                row(&check.id, level, &check.message, json!(check.hint))
            })
            .collect();
        let mut theirs: Vec<_> = list(theirs)
            .iter()
            .filter(|message| wanted(text(&message["id"])))
            .map(|message| {
                let level = text(&message["level"]);
                row(
                    text(&message["id"]),
                    level,
                    text(&message["msg"]),
                    message["hint"].clone(),
                )
            })
            .collect();
        ours.sort();
        theirs.sort();
        Verdict::compare(ours, theirs)
    });
}

#[test]
fn a_policy_that_lets_injected_scripts_run_is_found() {
    let of = |secure_csp| {
        let settings = CspSettings {
            secure_csp,
            secure_csp_report_only: None,
        };
        checks::csp(&settings).len()
    };
    assert_eq!(of(Some(Policy::strict())), 0);
    assert_eq!(
        of(Some(
            Policy::new().directive("script-src", ["'unsafe-inline'"])
        )),
        1
    );
    assert_eq!(of(None), 1);
}

#[test]
fn a_wildcard_host_is_found() {
    let settings = HostsSettings {
        allowed_hosts: vec!["*".to_owned()],
        ..HostsSettings::default()
    };
    assert_eq!(checks::hosts(&settings)[0].id, "nuages.security.W001");
}

#[test]
fn an_exempt_path_that_is_no_regular_expression_is_found() {
    let settings = HeadersSettings {
        secure_redirect_exempt: vec!["(".to_owned()],
        ..HeadersSettings::default()
    };
    let found = checks::headers(&settings);
    assert!(found.iter().any(|check| check.id == "nuages.security.E001"));
}

#[test]
fn a_setting_that_browsers_have_dropped_is_taken_and_named() {
    let mut settings = HeadersSettings::default();
    let known = settings.set("secure_browser_xss_filter", &json!(true));
    assert!(known.unwrap());
    let named = |settings: &HeadersSettings| {
        let found = checks::headers(settings);
        found.iter().any(|check| check.id == "nuages.W003")
    };
    assert!(named(&settings));
    assert!(!named(&HeadersSettings::default()));
}
