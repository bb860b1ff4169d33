//! HTTPS, security headers, frames and CSP as Django has them.

use std::convert::Infallible;
use std::sync::{Arc, Mutex};

use axum_core::body::Body;
use http::header::{CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};
use http::{Request, Response, StatusCode};
use jiff::{SignedDuration, Timestamp};
use nuages_base::SettingsGroup;
use nuages_security::csp::{CspLayer, CspOverride, CspSettings, Nonce, Policy};
use nuages_security::date::http_date;
use nuages_security::frame::{FrameOptionsLayer, XFrameOptions};
use nuages_security::headers::{HeadersSettings, SecurityHeadersLayer};
use nuages_security::hosts::HostsLayer;
use nuages_security::vary::patch_vary;
use serde_json::{Value, json};
use tower::util::BoxCloneService;
use tower::{Layer, ServiceExt, service_fn};

use crate::corpus::{Verdict, replay};
use crate::request::{NO_REQUEST, build, hosts_settings, list, strings, text, wait};

/// A policy as the corpus writes it; `None` if Python's types make it another thing than a policy.
fn policy(config: &Value) -> Option<Policy> {
    let mut table = serde_json::Map::new();
    for pair in config.as_array()? {
        let value = &pair[1];
        let value = if let Some(set) = value.get("set") {
            let mut words = strings(set);
            words.sort();
            json!(words)
        } else if let Some(tuple) = value.get("tuple") {
            tuple.clone()
        } else if let Some(text) = value.get("str") {
            text.clone()
        } else {
            value.clone()
        };
        table.insert(text(&pair[0]).to_owned(), value);
    }
    serde_json::from_value(Value::Object(table)).ok()
}

/// We refuse a policy that Django sends: because of a semicolon in a value?
fn injected(config: &Value) -> Verdict {
    if config.to_string().contains(';') {
        Verdict::Excepted("a semicolon in a value of a policy would begin another directive")
    } else {
        Verdict::Different("we refuse the policy".to_owned())
    }
}

#[test]
fn policies_are_built() {
    replay("security_headers.jsonl", "csp_build_policy", |record| {
        let expected = &record["expected"];
        let Some(policy) = policy(&record["inputs"]["config"]) else {
            return match expected.get("error") {
                Some(_) => Verdict::Same,
                None => injected(&record["inputs"]["config"]),
            };
        };
        let ours = policy.build(record["inputs"]["nonce"].as_str());
        Verdict::compare(ours.as_str(), text(&expected["policy"]))
    });
}

#[test]
fn an_override_is_a_table() {
    replay("security_headers.jsonl", "csp_decorator_error", |record| {
        let config = record["inputs"]["config"].clone();
        let ours = serde_json::from_value::<Policy>(config).is_err();
        Verdict::compare(ours, record["expected"]["error"].is_object())
    });
}

#[test]
fn csp_constants() {
    replay("security_headers.jsonl", "csp_constants", |record| {
        use nuages_security::csp;
        let ours = json!({
            "HEADER_ENFORCE": "Content-Security-Policy",
            "HEADER_REPORT_ONLY": "Content-Security-Policy-Report-Only",
            "NONE": csp::NONE, "REPORT_SAMPLE": csp::REPORT_SAMPLE, "SELF": csp::SELF,
            "STRICT_DYNAMIC": csp::STRICT_DYNAMIC, "UNSAFE_EVAL": csp::UNSAFE_EVAL,
            "UNSAFE_HASHES": csp::UNSAFE_HASHES, "UNSAFE_INLINE": csp::UNSAFE_INLINE,
            "WASM_UNSAFE_EVAL": csp::WASM_UNSAFE_EVAL, "NONCE": csp::NONCE,
        });
        Verdict::compare(ours, record["expected"]["constants"].clone())
    });
}

#[test]
fn http_dates() {
    replay("security_headers.jsonl", "http_date", |record| {
        let epoch = record["inputs"]["epoch"].as_f64().unwrap();
        let moment = Timestamp::UNIX_EPOCH + SignedDuration::from_secs_f64(epoch);
        Verdict::compare(
            http_date(moment).as_str(),
            text(&record["expected"]["value"]),
        )
    });
}

#[test]
fn vary_is_patched() {
    replay("security_headers.jsonl", "patch_vary", |record| {
        let inputs = &record["inputs"];
        let mut headers = HeaderMap::new();
        if let Some(vary) = inputs["vary"].as_str() {
            headers.insert("vary", HeaderValue::from_str(vary).unwrap());
        }
        let new = strings(&inputs["new"]);
        if new.is_empty() {
            return Verdict::Excepted("with nothing to add, Vary is left as it is");
        }
        let twice = (1..new.len()).any(|at| new[..at].contains(&new[at]));
        let spaced = inputs["vary"]
            .as_str()
            .is_some_and(|vary| vary != vary.trim());
        patch_vary(&mut headers, &new.join(", "));
        let ours = headers.get("vary").map(|value| value.to_str().unwrap());
        match Verdict::compare(json!(ours), record["expected"]["vary"].clone()) {
            Verdict::Different(_) if twice => {
                Verdict::Excepted("a name that is given twice is added to Vary once")
            }
            Verdict::Different(_) if spaced => {
                Verdict::Excepted("space around the value of Vary is no part of it")
            }
            verdict => verdict,
        }
    });
}

#[test]
fn response_headers() {
    replay("security_headers.jsonl", "response_headers", response);
}

type Service = BoxCloneService<Request<Body>, Response<Body>, Infallible>;

fn headers_settings(recorded: &Value) -> Option<HeadersSettings> {
    let mut settings = HeadersSettings::default();
    for (name, value) in recorded.as_object()? {
        let value = match (name.as_str(), value) {
            ("SECURE_HSTS_SECONDS", Value::Null) => &json!(0),
            (_, value) => value,
        };
        settings.set(&name.to_lowercase(), value).ok()?;
    }
    Some(settings)
}

fn response(record: &Value) -> Verdict {
    let (recorded, inputs, expected) =
        (&record["settings"], &record["inputs"], &record["expected"]);
    let middleware = strings(&recorded["MIDDLEWARE"]);
    let ours = ["Security", "XFrameOptions", "ContentSecurityPolicy"];
    if middleware.iter().any(|name| {
        !ours
            .iter()
            .any(|ours| name.ends_with(&format!("{ours}Middleware")))
    }) {
        return Verdict::Elsewhere;
    }
    let path = text(&inputs["request"]["path"]);
    if path.contains('#') || !path.is_ascii() {
        return Verdict::Excepted(NO_REQUEST);
    }
    let Some(req) = build(&inputs["request"]) else {
        return Verdict::Excepted(NO_REQUEST);
    };
    let mut csp = CspSettings {
        secure_csp: None,
        secure_csp_report_only: None,
    };
    for (name, place) in [
        ("SECURE_CSP", &mut csp.secure_csp),
        ("SECURE_CSP_REPORT_ONLY", &mut csp.secure_csp_report_only),
    ] {
        if let Some(config) = recorded.get(name).filter(|config| !config.is_null()) {
            *place = policy(config);
            if place.is_none() {
                // A setting that is refused at the start.
                return match expected["status"].as_u64() {
                    Some(500) => Verdict::Same,
                    _ => injected(config),
                };
            }
        }
    }
    let Some(hosts) = hosts_settings(recorded) else {
        return Verdict::Excepted(
            "secure_proxy_ssl_header is a pair by its type: any other value stops the site at its start",
        );
    };
    let Some(settings) = headers_settings(recorded) else {
        return Verdict::Skipped;
    };
    let seen = Arc::new(Mutex::new((false, None, None)));
    let view = inputs["view"].clone();
    let inner = {
        let seen = seen.clone();
        service_fn(move |req: Request<Body>| {
            let res = respond(&req, &view, &mut seen.lock().unwrap());
            async move { Ok::<_, Infallible>(res) }
        })
    };
    let mut service = Service::new(inner);
    for name in middleware.iter().rev() {
        service = if name.ends_with("SecurityMiddleware") {
            Service::new(SecurityHeadersLayer::new(&settings).layer(service))
        } else if name.ends_with("XFrameOptionsMiddleware") {
            Service::new(FrameOptionsLayer::new(&settings.x_frame_options).layer(service))
        } else {
            Service::new(CspLayer::new(&csp).layer(service))
        };
    }
    if middleware
        .iter()
        .any(|name| name.ends_with("SecurityMiddleware"))
    {
        service = Service::new(HostsLayer::new(&hosts).layer(service));
    }
    let res = wait(service.oneshot(req)).unwrap();
    if res.status() == 400 && expected["status"] == 301 && settings.secure_ssl_host.is_some() {
        return Verdict::Excepted(
            "the host is checked before the redirect to HTTPS, even if that goes to SECURE_SSL_HOST",
        );
    }
    let (called, nonce, nonce_bool) = seen.lock().unwrap().clone();
    compare(expected, &res, called, nonce.as_deref(), nonce_bool)
}

fn compare(
    expected: &Value,
    res: &Response<Body>,
    called: bool,
    nonce: Option<&str>,
    nonce_bool: Option<bool>,
) -> Verdict {
    Verdict::compare(json!(res.status().as_u16()), expected["status"].clone())
        .and(|| Verdict::compare(json!(called), expected["view_called"].clone()))
        .and(|| {
            let ours: Vec<(String, String)> = res
                .headers()
                .iter()
                .map(|(name, value)| {
                    let value = String::from_utf8_lossy(value.as_bytes());
                    let value =
                        nonce.map_or(value.to_string(), |nonce| value.replace(nonce, "{{nonce}}"));
                    (name.as_str().to_owned(), value)
                })
                .collect();
            let mut theirs: Vec<(String, String)> = list(&expected["headers"])
                .iter()
                .map(|pair| (text(&pair[0]).to_lowercase(), text(&pair[1]).to_owned()))
                .collect();
            let mut ours = ours;
            ours.sort();
            theirs.sort();
            Verdict::compare(ours, theirs)
        })
        .and(|| match expected.get("nonce_bool") {
            Some(theirs) => Verdict::compare(json!(nonce_bool), theirs.clone()),
            None => Verdict::Same,
        })
}

type Seen = (bool, Option<String>, Option<bool>);

fn respond(req: &Request<Body>, view: &Value, seen: &mut Seen) -> Response<Body> {
    seen.0 = true;
    let nonce = req.extensions().get::<Nonce>();
    for action in list(&view["actions"]) {
        match (text(action), nonce) {
            ("csp_nonce", Some(nonce)) => seen.1 = Some(nonce.get().to_owned()),
            ("csp_nonce_bool", Some(nonce)) => seen.2 = Some(nonce.is_used()),
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
    let content_type = view["content_type"]
        .as_str()
        .unwrap_or("text/html; charset=utf-8");
    res.headers_mut()
        .insert(CONTENT_TYPE, HeaderValue::from_str(content_type).unwrap());
    if view["raises"].is_null() {
        for header in list(&view["headers"]) {
            res.headers_mut().insert(
                HeaderName::try_from(text(&header[0])).unwrap(),
                HeaderValue::from_str(text(&header[1])).unwrap(),
            );
        }
        decorate(view, &mut res);
    }
    res
}

/// The innermost decorator speaks first; where it spoke, the outer ones are overridden for frames
/// (each sets only what is missing), while for CSP the outermost wins.
fn decorate(view: &Value, res: &mut Response<Body>) {
    let mut csp = CspOverride::new();
    for decorator in list(&view["decorators"]).iter().rev() {
        match decorator.as_str() {
            Some("xframe_options_deny") => frame(res, XFrameOptions::Deny),
            Some("xframe_options_sameorigin") => frame(res, XFrameOptions::SameOrigin),
            Some("xframe_options_exempt") => {
                res.extensions_mut().insert(XFrameOptions::Exempt);
            }
            Some(_) => {}
            None => {
                let policy = policy(&decorator[1]).unwrap();
                csp = match text(&decorator[0]) {
                    "csp_override" => csp.enforce(&policy),
                    _ => csp.report_only(&policy),
                };
            }
        }
    }
    res.extensions_mut().insert(csp);
}

fn frame(res: &mut Response<Body>, value: XFrameOptions) {
    // Django's decorators write the header itself, with or without the middleware.
    let text = match value {
        XFrameOptions::Deny => "DENY",
        _ => "SAMEORIGIN",
    };
    res.headers_mut()
        .entry("x-frame-options")
        .or_insert(HeaderValue::from_static(text));
}
