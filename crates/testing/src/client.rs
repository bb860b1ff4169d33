//! A browser without a network: requests go straight into the site's service.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::pin::Pin;

use axum::body::Body;
use axum::extract::ConnectInfo;
use bytes::Bytes;
use http::header::{CONTENT_TYPE, COOKIE, HOST};
use http::{HeaderName, HeaderValue, Method, Request};
use http_body_util::BodyExt;
use nuages_security::csrf::InsecureSkipCsrf;
use nuages_web::SharedService;
use serde::Serialize;
use tower::Service;

use crate::cookies::Cookies;
use crate::response::TestResponse;

/// How many redirects `follow` goes before it gives up, as browsers do.
const MAX_REDIRECTS: usize = 20;

/// A browser without a network: it keeps cookies, and can follow redirects.
///
/// CSRF checks are skipped, as in Django's client, until [`Client::enforce_csrf_checks`].
///
/// # Django
/// `django.test.Client`.
#[derive(Debug, Clone)]
pub struct Client {
    service: SharedService,
    host: String,
    enforce_csrf: bool,
    address: Option<IpAddr>,
    /// What the site has set so far.
    pub cookies: Cookies,
}

impl Client {
    /// A client of this service, with the host name `testserver`.
    pub fn new(service: SharedService) -> Self {
        Self {
            service,
            host: "testserver".to_owned(),
            enforce_csrf: false,
            address: Some(IpAddr::V4(Ipv4Addr::LOCALHOST)),
            cookies: Cookies::default(),
        }
    }

    /// Turns CSRF checks on.
    ///
    /// # Django
    /// `Client(enforce_csrf_checks=True)`.
    pub fn enforce_csrf_checks(mut self) -> Self {
        self.enforce_csrf = true;
        self
    }

    /// The address that requests come from, instead of 127.0.0.1; `None` for a connection without one.
    ///
    /// # Django
    /// `Client(REMOTE_ADDR=…)`.
    pub fn address(mut self, address: impl Into<Option<IpAddr>>) -> Self {
        self.address = address.into();
        self
    }

    /// Another host name.
    pub fn host(mut self, host: impl Into<String>) -> Self {
        self.host = host.into();
        self
    }

    /// A GET request.
    pub fn get(&mut self, target: &str) -> TestRequest<'_> {
        self.request(Method::GET, target)
    }

    /// A POST request.
    pub fn post(&mut self, target: &str) -> TestRequest<'_> {
        self.request(Method::POST, target)
    }

    /// A request of any method; `target` is a path with its query.
    pub fn request(&mut self, method: Method, target: &str) -> TestRequest<'_> {
        TestRequest {
            client: self,
            method,
            target: target.to_owned(),
            headers: Vec::new(),
            body: Bytes::new(),
            follow: false,
        }
    }

    #[expect(clippy::expect_used, reason = "a test's helper may stop the test")]
    async fn send(
        &mut self,
        method: Method,
        target: &str,
        headers: &[(String, String)],
        body: Bytes,
    ) -> TestResponse {
        let mut request = Request::builder().method(method).uri(target);
        let has = |name: &HeaderName| {
            headers
                .iter()
                .any(|(known, _)| known.eq_ignore_ascii_case(name.as_str()))
        };
        if !has(&HOST) {
            request = request.header(HOST, &self.host);
        }
        if !has(&COOKIE) && !self.cookies.is_empty() {
            request = request.header(COOKIE, self.cookies.header());
        }
        for (name, value) in headers {
            let value = HeaderValue::from_bytes(value.as_bytes()).expect("a header value");
            request = request.header(name, value);
        }
        let mut request = request
            .body(Body::from(body))
            .expect("a request that http can carry");
        if !self.enforce_csrf {
            request.extensions_mut().insert(InsecureSkipCsrf);
        }
        if let Some(address) = self.address {
            let peer = ConnectInfo(SocketAddr::new(address, 0));
            request.extensions_mut().insert(peer);
        }
        let Ok(response) = self.service.call(request).await;
        let (parts, body) = response.into_parts();
        self.cookies.take_from(&parts.headers);
        let body = match body.collect().await {
            Ok(body) => body.to_bytes(),
            Err(error) => Bytes::from(format!("the body broke off: {error}")),
        };
        TestResponse {
            status: parts.status,
            headers: parts.headers,
            body,
            redirects: Vec::new(),
        }
    }
}

/// A request being put together; await it to send it.
#[derive(Debug)]
#[must_use = "a request is sent when it is awaited"]
pub struct TestRequest<'c> {
    client: &'c mut Client,
    method: Method,
    target: String,
    headers: Vec<(String, String)>,
    body: Bytes,
    follow: bool,
}

impl TestRequest<'_> {
    /// Adds a header; `host` and `cookie` replace the client's own.
    pub fn header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.headers.push((name.into(), value.into()));
        self
    }

    /// Sends a body of any type.
    pub fn body(self, content_type: &str, body: impl Into<Bytes>) -> Self {
        let mut request = self.header(CONTENT_TYPE.as_str(), content_type);
        request.body = body.into();
        request
    }

    /// Sends form fields, urlencoded.
    pub fn form<K: AsRef<str>, V: AsRef<str>>(self, fields: &[(K, V)]) -> Self {
        let body = form_urlencoded::Serializer::new(String::new())
            .extend_pairs(fields)
            .finish();
        self.body("application/x-www-form-urlencoded", body)
    }

    /// Sends JSON.
    ///
    /// # Panics
    /// When the value cannot be written as JSON.
    #[expect(clippy::expect_used, reason = "a test's helper may stop the test")]
    pub fn json<T: Serialize>(self, value: &T) -> Self {
        let body = serde_json::to_vec(value).expect("a value that JSON can carry");
        self.body("application/json", body)
    }

    /// Follows redirects, with GET, within the site.
    pub fn follow(mut self) -> Self {
        self.follow = true;
        self
    }

    async fn send(self) -> TestResponse {
        let Self {
            client,
            method,
            target,
            headers,
            body,
            follow,
        } = self;
        let mut response = client.send(method, &target, &headers, body).await;
        let mut redirects = Vec::new();
        while follow && response.status.is_redirection() && redirects.len() < MAX_REDIRECTS {
            let location = response.location().to_owned();
            if !location.starts_with('/') || location.starts_with("//") {
                break;
            }
            redirects.push(location.clone());
            response = client.send(Method::GET, &location, &[], Bytes::new()).await;
        }
        response.redirects = redirects;
        response
    }
}

impl<'c> IntoFuture for TestRequest<'c> {
    type Output = TestResponse;
    type IntoFuture = Pin<Box<dyn Future<Output = TestResponse> + Send + 'c>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.send())
    }
}
