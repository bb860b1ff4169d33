//! Requests as the corpus writes them down, and settings as it names them.

use std::borrow::Cow;
use std::fmt::Write;

use axum_core::body::Body;
use http::header::{CONTENT_TYPE, HeaderName, HeaderValue};
use http::{Method, Request, Uri};
use nuages_security::hosts::{Connection, HostsSettings};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::Value;

pub(crate) fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

pub(crate) fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

pub(crate) fn strings(value: &Value) -> Vec<String> {
    list(value)
        .iter()
        .map(|item| text(item).to_owned())
        .collect()
}

/// Why a record cannot reach a layer.
pub(crate) const NO_REQUEST: &str =
    "the HTTP parser refuses such a request before any layer sees it";

/// `None` when an HTTP parser would have refused it before us.
pub(crate) fn build(recorded: &Value) -> Option<Request<Body>> {
    let method = Method::from_bytes(text(&recorded["method"]).as_bytes()).ok()?;
    let mut req = Request::new(Body::empty());
    *req.method_mut() = method;
    *req.uri_mut() = Uri::try_from(text(&recorded["path"])).ok()?;
    let mut joined: Vec<(HeaderName, Vec<u8>)> = Vec::new();
    for header in list(&recorded["headers"]) {
        let name = HeaderName::try_from(text(&header[0])).ok()?;
        let value = text(&header[1]).as_bytes();
        let separator = if name == "cookie" { "; " } else { "," };
        match joined.iter_mut().find(|(known, _)| *known == name) {
            Some((_, whole)) => {
                whole.extend_from_slice(separator.as_bytes());
                whole.extend_from_slice(value);
            }
            None => joined.push((name, value.to_vec())),
        }
    }
    for (name, value) in joined {
        req.headers_mut()
            .insert(name, HeaderValue::from_bytes(&value).ok()?);
    }
    let server = &recorded["server"];
    let name = server["name"].as_str().unwrap_or("testserver").to_owned();
    req.extensions_mut().insert(Connection {
        is_secure: text(&recorded["scheme"]) == "https",
        server_name: Some(Cow::Owned(name)),
        server_port: server["port"].as_str().and_then(|port| port.parse().ok()),
    });
    let encode = |text: &Value| {
        utf8_percent_encode(text.as_str().unwrap_or_default(), NON_ALPHANUMERIC).to_string()
    };
    if let Some(fields) = recorded["form"].as_array() {
        let pairs: Vec<String> = fields
            .iter()
            .map(|field| format!("{}={}", encode(&field[0]), encode(&field[1])))
            .collect();
        set_body(
            &mut req,
            "application/x-www-form-urlencoded",
            &pairs.join("&"),
        );
    } else if let Some(fields) = recorded["multipart"].as_array() {
        let mut body = String::new();
        for field in fields {
            let _ = write!(
                body,
                "--BoUnDaRy\r\nContent-Disposition: form-data; name=\"{}\"\r\n\r\n{}\r\n",
                text(&field[0]),
                text(&field[1])
            );
        }
        body += "--BoUnDaRy--\r\n";
        set_body(&mut req, "multipart/form-data; boundary=BoUnDaRy", &body);
    } else if let Some(body) = recorded["body"].as_str() {
        *req.body_mut() = Body::from(body.to_owned());
    }
    Some(req)
}

fn set_body(req: &mut Request<Body>, content_type: &'static str, body: &str) {
    req.headers_mut()
        .insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
    *req.body_mut() = Body::from(body.to_owned());
}

/// The settings of hosts; `None` where a value has a type that ours cannot have.
pub(crate) fn hosts_settings(settings: &Value) -> Option<HostsSettings> {
    let mut hosts = HostsSettings {
        allowed_hosts: vec!["*".to_owned()],
        ..HostsSettings::default()
    };
    if let Some(allowed) = settings.get("ALLOWED_HOSTS") {
        hosts.allowed_hosts = strings(allowed);
    }
    let flag = |name: &str| settings[name].as_bool().unwrap_or(false);
    hosts.use_x_forwarded_host = flag("USE_X_FORWARDED_HOST");
    hosts.use_x_forwarded_port = flag("USE_X_FORWARDED_PORT");
    match &settings["SECURE_PROXY_SSL_HEADER"] {
        Value::Null => {}
        value if list(value).len() == 2 => {
            hosts.secure_proxy_ssl_header =
                Some((text(&value[0]).to_owned(), text(&value[1]).to_owned()));
        }
        _ => return None,
    }
    Some(hosts)
}

/// Runs a future to its end.
pub(crate) fn wait<F: Future>(future: F) -> F::Output {
    tokio::runtime::Builder::new_current_thread()
        .build()
        .expect("a runtime")
        .block_on(future)
}
