//! The corpus of security, as far as it needs this room: responses through layers, tags and dates,
//! absolute URLs, the nonce on pages.

mod csrf_tag;
mod gzip;
mod headers;
mod nonce;
mod tags;
mod uris;

use std::borrow::Cow;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use axum::body::Body;
use axum::response::{IntoResponse, Response};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::{HeaderName, HeaderValue, Request, StatusCode};
use nuages_base::SettingsGroup;
use nuages_security::csp::{CspLayer, CspSettings};
use nuages_security::frame::FrameOptionsLayer;
use nuages_security::gzip::GzipLayer;
use nuages_security::headers::{HeadersSettings, SecurityHeadersLayer};
use nuages_security::hosts::{Connection, HostsLayer, HostsSettings};
use nuages_web::conditional::ConditionalGetLayer;
use nuages_web::{
    CommonLayer, Dispatch, Error, ResolveLayer, SharedService, SiteContext, Urls, View,
    WebSettings, any,
};
use serde_json::{Value, json};
use tower_layer::Layer;

use super::{Outcome, replay_of};

const NO_REQUEST: &str =
    "such a request line or header is refused by the HTTP parser: no layer ever sees it";

fn replay(file: &str, kind: &str, check: impl Fn(&Value) -> Outcome) {
    replay_of("security", file, &[kind], check);
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

fn strings(value: &Value) -> Vec<String> {
    list(value)
        .iter()
        .map(|item| text(item).to_owned())
        .collect()
}

/// A request as the corpus writes it down; `None` where an HTTP parser would refuse it.
fn request(recorded: &Value) -> Option<Request<Body>> {
    // A fragment is no part of a target on the wire.
    let target = text(&recorded["path"]);
    if target.contains('#') || !target.is_ascii() {
        return None;
    }
    let mut request = Request::builder()
        .method(text(&recorded["method"]))
        .uri(target);
    for pair in list(&recorded["headers"]) {
        request = request.header(text(&pair[0]), text(&pair[1]).as_bytes());
    }
    let server = recorded["server"]["name"].as_str().unwrap_or("testserver");
    let connection = Connection {
        is_secure: recorded["scheme"] == "https",
        server_name: Some(Cow::Owned(server.to_owned())),
        server_port: text(&recorded["server"]["port"]).parse().ok(),
    };
    request.extension(connection).body(Body::empty()).ok()
}

/// What the recorded view answers.
fn answer(view: &Value) -> Response {
    match view["raises"].as_str() {
        None => {}
        Some("Http404") => return Error::not_found("").into_response(),
        Some("PermissionDenied") => return Error::permission_denied("").into_response(),
        Some("SuspiciousOperation" | "BadRequest") => {
            return Error::bad_request("").into_response();
        }
        Some(other) => return Error::server(other.to_owned()).into_response(),
    }
    let body = if view["streaming"] == json!(true) {
        let chunks = strings(&view["body"])
            .into_iter()
            .map(Ok::<_, std::io::Error>);
        Body::from_stream(futures_util::stream::iter(chunks.collect::<Vec<_>>()))
    } else if let Some(encoded) = view["body_b64"].as_str() {
        Body::from(STANDARD.decode(encoded).unwrap())
    } else {
        Body::from(text(&view["body"]).to_owned())
    };
    let mut response = Response::new(body);
    let status = view["status"].as_u64().unwrap_or(200);
    *response.status_mut() = StatusCode::from_u16(u16::try_from(status).unwrap()).unwrap();
    let headers = response.headers_mut();
    let content_type = view["content_type"].as_str();
    let content_type = content_type.unwrap_or("text/html; charset=utf-8");
    headers.insert("content-type", content_type.parse().unwrap());
    for pair in list(&view["headers"]) {
        let name: HeaderName = text(&pair[0]).parse().unwrap();
        headers.insert(name, HeaderValue::from_str(text(&pair[1])).unwrap());
    }
    for pair in list(&view["cookies"]) {
        let cookie = format!("{}={}; Path=/", text(&pair[0]), text(&pair[1]));
        headers.append("set-cookie", cookie.parse().unwrap());
    }
    response
}

/// The URLs of a record, all with its one view.
fn urls(record: &Value, called: &Arc<AtomicBool>) -> Urls {
    let inputs = &record["inputs"];
    let view = || -> View {
        let (called, view) = (Arc::clone(called), inputs["view"].clone());
        let is_left = strings(&view["decorators"])
            .iter()
            .any(|name| name == "no_append_slash");
        let view = any(move || {
            called.store(true, Ordering::Relaxed);
            std::future::ready(answer(&view))
        });
        if is_left {
            view.no_append_slash()
        } else {
            view
        }
    };
    match inputs.get("urlpatterns") {
        None => Urls::new().re_path("", view(), None),
        Some(patterns) => strings(patterns).iter().fold(Urls::new(), |urls, pattern| {
            urls.path(pattern, view(), None)
        }),
    }
}

fn web_settings(recorded: &Value) -> WebSettings {
    WebSettings {
        append_slash: recorded["APPEND_SLASH"].as_bool().unwrap_or(true),
        prepend_www: recorded["PREPEND_WWW"].as_bool().unwrap_or(false),
        disallowed_user_agents: strings(&recorded["DISALLOWED_USER_AGENTS"]),
        ..WebSettings::default()
    }
}

/// The site of a record behind the layers that stand for its middleware; `None` where one is of a room above.
fn service_of(record: &Value, site: SiteContext) -> Option<SharedService> {
    let recorded = &record["settings"];
    let debug = recorded["DEBUG"].as_bool().unwrap_or(false);
    let site = Arc::new(site.with_settings(web_settings(recorded)).with_debug(debug));
    let mut service = SharedService::new(Dispatch::new(Arc::clone(&site)));
    let mut asks_host = false;
    for name in strings(&recorded["MIDDLEWARE"]).iter().rev() {
        let name = name.rsplit('.').next().unwrap_or_default();
        asks_host |= matches!(name, "CommonMiddleware" | "SecurityMiddleware");
        service = match name {
            "CommonMiddleware" => {
                SharedService::new(CommonLayer::new(Arc::clone(&site)).layer(service))
            }
            "ConditionalGetMiddleware" => {
                SharedService::new(ConditionalGetLayer::new().layer(service))
            }
            "GZipMiddleware" => SharedService::new(GzipLayer::new().layer(service)),
            "SecurityMiddleware" => {
                let settings = HeadersSettings::default();
                SharedService::new(SecurityHeadersLayer::new(&settings).layer(service))
            }
            "XFrameOptionsMiddleware" => {
                let settings = HeadersSettings::default();
                SharedService::new(FrameOptionsLayer::new(&settings.x_frame_options).layer(service))
            }
            "ContentSecurityPolicyMiddleware" => {
                SharedService::new(CspLayer::new(&csp_settings(recorded)?).layer(service))
            }
            // These records have no session in them.
            "SessionMiddleware" => service,
            _ => return None,
        };
    }
    let service = SharedService::new(ResolveLayer::new(site).layer(service));
    if !asks_host {
        return Some(service);
    }
    let mut hosts = HostsSettings {
        allowed_hosts: vec!["*".to_owned()],
        ..HostsSettings::default()
    };
    if let Some(allowed) = recorded.get("ALLOWED_HOSTS") {
        hosts.allowed_hosts = strings(allowed);
    }
    Some(SharedService::new(
        HostsLayer::with_debug(&hosts, debug).layer(service),
    ))
}

fn csp_settings(recorded: &Value) -> Option<CspSettings> {
    let mut settings = CspSettings {
        secure_csp: None,
        secure_csp_report_only: None,
    };
    let table: serde_json::Map<String, Value> = list(recorded.get("SECURE_CSP")?)
        .iter()
        .map(|pair| (text(&pair[0]).to_owned(), pair[1].clone()))
        .collect();
    settings.set("secure_csp", &Value::Object(table)).ok()?;
    Some(settings)
}
