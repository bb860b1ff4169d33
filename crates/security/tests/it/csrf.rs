//! CSRF as Django has it.

use std::convert::Infallible;
use std::sync::{Arc, Mutex};

use axum_core::body::Body;
use futures_util::future::BoxFuture;
use http::header::{HeaderName, HeaderValue, SET_COOKIE, VARY};
use http::{Request, Response, StatusCode};
use jiff::Timestamp;
use nuages_base::{Clock, SettingsGroup};
use nuages_security::Refusal;
use nuages_security::cookie::SetCookie;
use nuages_security::csrf::{
    CsrfLayer, CsrfMode, CsrfSecret, CsrfSettings, CsrfToken, FailureContext, InvalidFormat,
    Rejection, SecretStore, SessionSecret, StoreError, failure_page,
};
use serde_json::{Value, json};
use tower::util::BoxCloneService;
use tower::{Layer, ServiceExt, service_fn};

use crate::corpus::{Verdict, replay};
use crate::request::{build, hosts_settings, list, strings, text, wait};

/// The session of the corpus: a place for one secret.
struct Session(Mutex<Option<String>>);

impl SecretStore for Session {
    fn load(&self) -> BoxFuture<'_, Result<Option<String>, StoreError>> {
        let secret = self.0.lock().unwrap().clone();
        Box::pin(async move { Ok(secret) })
    }

    fn store(&self, secret: String) -> BoxFuture<'_, Result<(), StoreError>> {
        *self.0.lock().unwrap() = Some(secret);
        Box::pin(async { Ok(()) })
    }

    fn is_accessed(&self) -> bool {
        true
    }
}

#[derive(Default)]
struct Seen {
    called: bool,
    token: Option<String>,
    reason: Option<(Refusal, String)>,
}

fn csrf_settings(recorded: &Value) -> CsrfSettings {
    let mut settings = CsrfSettings::default();
    for (name, value) in recorded.as_object().unwrap() {
        settings.set(&name.to_lowercase(), value).unwrap();
    }
    settings
}

/// Django's decorators, the outermost first, as what a route of ours asks for.
fn decorated(decorators: &[String]) -> Option<CsrfMode> {
    let mut mode: Option<CsrfMode> = None;
    let mut is_exempt = false;
    for name in decorators.iter().rev() {
        mode = match (name.as_str(), mode) {
            ("csrf_exempt", known) => {
                is_exempt = true;
                Some(known.map_or(CsrfMode::Exempt, CsrfMode::and_exempt))
            }
            // Around an exempt view the decorator does not protect in Django, but the token is ready.
            ("csrf_protect", known) if is_exempt => known.map(CsrfMode::and_require_token),
            ("csrf_protect", known) => Some(known.map_or(CsrfMode::Protect, CsrfMode::and_protect)),
            ("ensure_csrf_cookie", known) => {
                Some(known.map_or(CsrfMode::EnsureCookie, CsrfMode::and_ensure_cookie))
            }
            ("requires_csrf_token", known) => {
                Some(known.map_or(CsrfMode::RequiresToken, CsrfMode::and_require_token))
            }
            (_, known) => known,
        };
    }
    mode
}

#[test]
fn csrf_check() {
    replay("csrf.jsonl", "csrf_check", check);
}

fn check(record: &Value) -> Verdict {
    let (inputs, expected) = (&record["inputs"], &record["expected"]);
    let settings = csrf_settings(&record["settings"]);
    let view = inputs["view"].clone();
    let Some(mut req) = build(&inputs["request"]) else {
        return Verdict::Skipped;
    };
    let middleware = strings(&record["settings"]["MIDDLEWARE"]);
    let has = |name: &str| middleware.iter().position(|known| known.contains(name));
    let sessions =
        has("SessionMiddleware") < has("CsrfViewMiddleware") && has("SessionMiddleware").is_some();
    let session = sessions.then(|| {
        // Without the cookie of the session there is another, empty one.
        let ours = nuages_security::cookie::get(req.headers(), "sessionid");
        let ours = ours.as_deref() == inputs["session"]["key"].as_str();
        let secret = inputs["session"]["data"]["_csrftoken"]
            .as_str()
            .filter(|_| ours);
        Arc::new(Session(Mutex::new(secret.map(str::to_owned))))
    });
    if let Some(session) = &session {
        req.extensions_mut().insert(SessionSecret(session.clone()));
    }
    let seen = Arc::new(Mutex::new(Seen::default()));
    let inner = {
        let (seen, view) = (seen.clone(), view.clone());
        service_fn(move |req: Request<Body>| {
            let res = respond(&req, &view, &mut seen.lock().unwrap());
            async move { Ok::<_, Infallible>(res) }
        })
    };
    let mut service = BoxCloneService::new(inner);
    let has_layer = has("Csrf").is_some();
    let mode = decorated(&strings(&view["decorators"]));
    if let Some(mode) = mode {
        req.extensions_mut().insert(mode);
    }
    if has_layer || mode.is_some() {
        let now = Timestamp::from_second(inputs["now"].as_i64().unwrap()).unwrap();
        let failed = seen.clone();
        let layer = CsrfLayer::new(&settings)
            .with_clock(Clock::held(now))
            .with_hosts(&hosts_settings(&record["settings"]).unwrap())
            .with_session_cookie_domain(record["settings"]["SESSION_COOKIE_DOMAIN"].as_str())
            .with_failure_view(Arc::new(move |context: &FailureContext<'_>| {
                let rejection = context.rejection;
                failed.lock().unwrap().reason =
                    Some((rejection.refusal, rejection.reason.to_string()));
                failure_page(context)
            }));
        let layer = if has_layer {
            layer
        } else {
            layer.only_where_asked()
        };
        service = BoxCloneService::new(layer.layer(service));
    }
    let broken = inputs["session"]["data"]["_csrftoken"]
        .as_str()
        .is_some_and(|secret| CsrfSecret::parse(secret).is_err());
    if broken && text(&expected["outcome"]) == "error" {
        return Verdict::Excepted(
            "a broken CSRF secret in the session is replaced; a 500 in Django",
        );
    }
    let cookie_secret = cookie_secret(&req, &settings);
    let res = wait(service.oneshot(req)).unwrap();
    let seen = seen.lock().unwrap();
    if middleware.is_empty() && res.status() == 403 {
        // A refusing decorator sends no cookie in Django; here the layer always does.
        return Verdict::compare(json!(403), expected["status"].clone());
    }
    compare(
        expected,
        &res,
        &seen,
        &settings,
        cookie_secret,
        session.as_deref(),
    )
}

fn cookie_secret(req: &Request<Body>, settings: &CsrfSettings) -> Option<String> {
    nuages_security::cookie::get(req.headers(), &settings.csrf_cookie_name)
        .and_then(|value| CsrfSecret::parse(&value).ok())
        .map(|secret| secret.as_str().to_owned())
}

fn respond(req: &Request<Body>, view: &Value, seen: &mut Seen) -> Response<Body> {
    seen.called = true;
    let token = req.extensions().get::<CsrfToken>();
    for action in list(&view["actions"]) {
        match (text(action), token) {
            ("get_token", Some(token)) => seen.token = Some(token.get()),
            ("rotate_token", Some(token)) => token.rotate(),
            _ => {}
        }
    }
    let status = match view["raises"].as_str() {
        None => view["status"].as_u64().unwrap_or(200),
        Some("PermissionDenied") => 403,
        Some("Http404") => 404,
        Some("SuspiciousOperation" | "BadRequest") => 400,
        Some(_) => 500,
    };
    let mut res = Response::new(Body::empty());
    *res.status_mut() = StatusCode::from_u16(u16::try_from(status).unwrap()).unwrap();
    for header in list(&view["headers"]) {
        res.headers_mut().insert(
            HeaderName::try_from(text(&header[0])).unwrap(),
            HeaderValue::from_str(text(&header[1])).unwrap(),
        );
    }
    for cookie in list(&view["cookies"]) {
        let value = SetCookie::new(text(&cookie[0]), text(&cookie[1]))
            .to_header_value(Timestamp::UNIX_EPOCH)
            .unwrap();
        res.headers_mut().append(SET_COOKIE, value);
    }
    res
}

fn compare(
    expected: &Value,
    res: &Response<Body>,
    seen: &Seen,
    settings: &CsrfSettings,
    cookie_secret: Option<String>,
    session: Option<&Session>,
) -> Verdict {
    // A mistake of the site is a 500 from us, whatever Django makes of it.
    let broken = matches!(text(&expected["outcome"]), "crash" | "error");
    let status = if broken {
        json!(500)
    } else {
        expected["status"].clone()
    };
    let name = |secret: &str, stored: Option<&String>| match stored {
        Some(known) if known == secret => "@cookie",
        _ => "@new",
    };
    let mut verdict = Verdict::compare(json!(res.status().as_u16()), status);
    if broken {
        return verdict;
    }
    let malformed_body = matches!(seen.reason, Some((Refusal::MalformedBody, _)));
    verdict = verdict.and(|| {
        // Django lets the view's own reading of the form fail; we do not get that far.
        let called = expected["view_called"].as_bool().unwrap() && !malformed_body;
        Verdict::compare(seen.called, called)
    });
    verdict = verdict.and(|| {
        let reason = match &seen.reason {
            Some((refusal, reason)) if refusal.status() == 403 => json!(reason),
            _ => Value::Null,
        };
        Verdict::compare(reason, expected["reason"].clone())
    });
    let cookies: Vec<String> = res
        .headers()
        .get_all(SET_COOKIE)
        .iter()
        .map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned())
        .collect();
    let ours = cookies
        .iter()
        .find_map(|cookie| cookie.strip_prefix(&format!("{}=", settings.csrf_cookie_name)));
    verdict = verdict.and(|| match (ours, &expected["csrf_cookie"]) {
        (None, Value::Null) => Verdict::Same,
        (Some(cookie), Value::Object(theirs)) => {
            let (value, attributes) = cookie.split_once("; ").unwrap_or((cookie, ""));
            let attributes: Vec<Value> = attributes
                .split("; ")
                .filter(|attribute| !attribute.is_empty())
                // `strict` and `Strict` are the same to a browser; we write the latter.
                .map(|attribute| json!(attribute.replace("SameSite=Strict", "SameSite=strict")))
                .collect();
            let theirs_attributes: Vec<Value> = list(&theirs["attributes"])
                .iter()
                .map(|attribute| {
                    json!(text(attribute).replace("SameSite=Strict", "SameSite=strict"))
                })
                .collect();
            Verdict::compare(name(value, cookie_secret.as_ref()), text(&theirs["value"]))
                .and(|| Verdict::compare(attributes, theirs_attributes))
        }
        (ours, theirs) => Verdict::Different(format!("cookie {ours:?}, Django's {theirs}")),
    });
    // The sessions' own word on Vary is theirs to test.
    if session.is_none() {
        verdict = verdict.and(|| {
            let vary = res.headers().get(VARY).map(|value| value.to_str().unwrap());
            Verdict::compare(json!(vary), expected["vary"].clone())
        });
    }
    if let Some(theirs) = expected
        .get("view_token_secret")
        .filter(|theirs| theirs.is_string())
    {
        verdict = verdict.and(|| {
            let Some(token) = &seen.token else {
                // Without any CSRF layer there is no handle to ask.
                return Verdict::Same;
            };
            let secret = CsrfSecret::parse(token).unwrap();
            let theirs = text(theirs);
            if theirs.starts_with("@new") || theirs == "@cookie" {
                let stored = cookie_secret.as_ref().filter(|_| session.is_none());
                if session.is_some() {
                    return Verdict::Same;
                }
                Verdict::compare(name(secret.as_str(), stored), theirs)
            } else {
                Verdict::Same
            }
        });
    }
    if let (Some(session), Some(theirs)) = (session, expected.get("session_secret")) {
        verdict = verdict.and(|| {
            let kept = session.0.lock().unwrap().clone();
            match text(theirs) {
                "@new" => Verdict::compare(kept.is_some(), true),
                _ if theirs.is_null() => Verdict::compare(kept, None),
                _ => Verdict::Same,
            }
        });
    }
    verdict
}

#[test]
fn csrf_mask() {
    replay("csrf.jsonl", "csrf_mask", |record| {
        let inputs = &record["inputs"];
        let parse = |value: &Value| CsrfSecret::parse(text(value)).unwrap();
        let token = parse(&inputs["secret"]).mask_with(&parse(&inputs["mask"]));
        Verdict::compare(token.as_str(), text(&record["expected"]["token"]))
    });
}

#[test]
fn csrf_unmask() {
    replay("csrf.jsonl", "csrf_unmask", |record| {
        let secret = CsrfSecret::parse(text(&record["inputs"]["token"])).unwrap();
        Verdict::compare(secret.as_str(), text(&record["expected"]["secret"]))
    });
}

#[test]
fn csrf_token_format() {
    replay("csrf.jsonl", "csrf_token_format", |record| {
        let ours = match CsrfSecret::parse(text(&record["inputs"]["token"])) {
            Ok(_) => Value::Null,
            Err(InvalidFormat::IncorrectLength) => json!("has incorrect length"),
            Err(InvalidFormat::InvalidCharacters) => json!("has invalid characters"),
        };
        Verdict::compare(ours, record["expected"]["reason"].clone())
    });
}

#[test]
fn csrf_token_match() {
    replay("csrf.jsonl", "csrf_token_match", |record| {
        let parse = |value: &Value| CsrfSecret::parse(text(value)).unwrap();
        let inputs = &record["inputs"];
        let ours = parse(&inputs["token"]).matches(&parse(&inputs["secret"]));
        Verdict::compare(ours, record["expected"]["match"].as_bool().unwrap())
    });
}

#[test]
fn csrf_failure_page() {
    replay("csrf.jsonl", "csrf_failure_page", |record| {
        let reason = text(&record["inputs"]["reason"]);
        let refusal = Refusal::ALL
            .iter()
            .copied()
            .find(|refusal| refusal.reason() == reason)
            .unwrap_or(Refusal::TokenIncorrect);
        let (parts, ()) = Request::new(()).into_parts();
        let rejection = Rejection {
            refusal,
            reason: reason.to_owned().into(),
        };
        let res = failure_page(&FailureContext {
            parts: &parts,
            rejection: &rejection,
            debug: record["settings"]["DEBUG"].as_bool().unwrap_or(false),
        });
        let content_type = res.headers()["content-type"].to_str().unwrap().to_owned();
        let body = wait(axum::body::to_bytes(res.into_body(), usize::MAX)).unwrap();
        let expected = &record["expected"];
        Verdict::compare(content_type.as_str(), text(&expected["content_type"]))
            .and(|| Verdict::compare(std::str::from_utf8(&body).unwrap(), text(&expected["body"])))
    });
}
