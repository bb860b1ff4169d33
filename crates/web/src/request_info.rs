//! What is known of a request without its body.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::convert::Infallible;
use std::fmt;
use std::net::SocketAddr;
use std::sync::Arc;

use axum::extract::{ConnectInfo, FromRequestParts};
use http::request::Parts;
use http::{Extensions, HeaderMap, Method, Request, Uri, header};
use nuages_base::Provided;
use nuages_security::hosts::{Host, IsSecure, Port};
use nuages_security::uri::absolute_uri;
use nuages_template::{Object, Value};

use crate::accept::{AcceptedTypes, HeaderParams};
use crate::data::{Charset, QueryDict};
use crate::locale::Language;
use crate::site_context::SiteContext;
use crate::urls::{ResolverMatch, decode_path};

/// A copy of a request without its body, for context processors and templates; cheap to clone.
///
/// # Django
/// `HttpRequest`.
#[derive(Clone)]
pub struct RequestInfo(Arc<Inner>);

struct Inner {
    method: Method,
    uri: Uri,
    path: String,
    headers: HeaderMap,
    extensions: Extensions,
}

impl RequestInfo {
    /// Copies what is known of a request.
    pub fn new(parts: &Parts) -> Self {
        Self(Arc::new(Inner {
            method: parts.method.clone(),
            uri: parts.uri.clone(),
            path: decode_path(parts.uri.path()).into_owned(),
            headers: parts.headers.clone(),
            extensions: parts.extensions.clone(),
        }))
    }

    pub(crate) fn of<B>(req: &Request<B>) -> Self {
        Self(Arc::new(Inner {
            method: req.method().clone(),
            uri: req.uri().clone(),
            path: decode_path(req.uri().path()).into_owned(),
            headers: req.headers().clone(),
            extensions: req.extensions().clone(),
        }))
    }

    /// The method.
    pub fn method(&self) -> &Method {
        &self.0.method
    }

    /// The target as the client sent it.
    pub fn uri(&self) -> &Uri {
        &self.0.uri
    }

    /// The decoded path.
    ///
    /// # Django
    /// `request.path`.
    pub fn path(&self) -> &str {
        &self.0.path
    }

    /// The path and the query string as the client sent them.
    ///
    /// # Django
    /// `request.get_full_path()`.
    pub fn full_path(&self) -> &str {
        self.0
            .uri
            .path_and_query()
            .map_or("/", |target| target.as_str())
    }

    /// The headers.
    pub fn headers(&self) -> &HeaderMap {
        &self.0.headers
    }

    /// The text of a header; absent when it is not text.
    pub fn header(&self, name: impl header::AsHeaderName) -> Option<&str> {
        self.0.headers.get(name)?.to_str().ok()
    }

    /// The content type of the body with its parameters; empty without one.
    ///
    /// # Django
    /// `request.content_type`, `request.content_params`.
    pub fn content_type(&self) -> HeaderParams {
        let value = self.0.headers.get(header::CONTENT_TYPE);
        let text = value.map(|value| String::from_utf8_lossy(value.as_bytes()));
        text.and_then(|text| HeaderParams::parse(&text))
            .unwrap_or_default()
    }

    /// The name of the encoding that the content type gives, when somebody knows it.
    ///
    /// # Django
    /// `request.encoding`.
    pub fn encoding(&self) -> Option<String> {
        let content_type = self.content_type();
        let label = content_type.get("charset")?;
        Charset::of_label(label).map(|_| label.to_owned())
    }

    /// The media types that the client takes.
    ///
    /// # Django
    /// `request.accepts`, `request.get_preferred_type`.
    pub fn accepted_types(&self) -> AcceptedTypes {
        AcceptedTypes::of(self.headers())
    }

    /// What a layer has put into the extensions of the request, or its site provides.
    pub fn extension<T: Send + Sync + 'static>(&self) -> Option<&T> {
        Provided::find(&self.0.extensions)
    }

    /// All that layers have put into the extensions of the request.
    pub fn extensions(&self) -> &Extensions {
        &self.0.extensions
    }

    /// What the path resolved to.
    pub fn resolver_match(&self) -> Option<&ResolverMatch> {
        self.extension()
    }

    /// The validated host; absent without the layer that validates it.
    pub fn host(&self) -> Option<&str> {
        self.extension::<Host>().map(Host::as_str)
    }

    /// True when the visitor came by HTTPS.
    pub fn is_secure(&self) -> bool {
        self.extension::<IsSecure>().is_some_and(|secure| secure.0)
    }

    /// `http` or `https`.
    pub fn scheme(&self) -> &'static str {
        if self.is_secure() { "https" } else { "http" }
    }

    /// The port that the visitor came to.
    ///
    /// # Django
    /// `request.get_port()`.
    pub fn port(&self) -> &str {
        let usual = if self.is_secure() { "443" } else { "80" };
        self.extension::<Port>().map_or(usual, |port| &port.0)
    }

    /// The absolute URL of a location, seen from this page; absent without a validated host, and for a
    /// location that is no URL. One with a scheme and a host stays what it is.
    ///
    /// # Django
    /// `request.build_absolute_uri(location)`.
    pub fn absolute_url(&self, location: &str) -> Option<String> {
        let site = self
            .host()
            .map(|host| format!("{}://{host}", self.scheme()));
        absolute_uri(site.as_deref(), self.path(), location)
    }

    /// The absolute URL of this page.
    ///
    /// # Django
    /// `request.build_absolute_uri()`.
    pub fn own_url(&self) -> Option<String> {
        // An empty host before the path: else a path that begins with two slashes would name one.
        self.absolute_url(&format!("//{}", self.full_path()))
    }

    /// The parameters of the query string; none when there are more than the site takes.
    ///
    /// # Django
    /// `request.GET`, which is a 400 then; so is the extractor [`GetData`](crate::GetData).
    pub fn query(&self) -> QueryDict {
        let charset = self.encoding().and_then(|label| Charset::of_label(&label));
        let query = self.0.uri.query().unwrap_or("");
        let site = SiteContext::of(self.extensions()).map(|site| &**site);
        QueryDict::parse_lossy(query, site, charset.unwrap_or_default())
    }

    /// A cookie.
    ///
    /// # Django
    /// `request.COOKIES.get(name)`.
    pub fn cookie(&self, name: &str) -> Option<String> {
        Some(nuages_security::cookie::get(self.headers(), name)?.into_owned())
    }
}

impl<S: Send + Sync> FromRequestParts<S> for RequestInfo {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self::new(parts))
    }
}

/// What templates see of the request.
impl Object for RequestInfo {
    fn attr(&self, name: &str) -> Option<Value<'_>> {
        let text = |text: &str| Value::Str(Cow::Owned(text.to_owned()));
        Some(match name {
            "path" | "path_info" => text(self.path()),
            "method" => text(self.method().as_str()),
            "scheme" => Value::from(self.scheme()),
            "is_secure" => Value::Bool(self.is_secure()),
            "get_host" => text(self.host()?),
            "get_port" => text(self.port()),
            "get_full_path" | "get_full_path_info" => text(self.full_path()),
            "build_absolute_uri" => Value::from(self.own_url()?),
            "GET" => Value::object(self.query()),
            "COOKIES" => Value::object(Cookies(self.clone())),
            "headers" => Value::object(Headers(self.clone())),
            "META" => Value::object(Meta(self.clone())),
            "content_type" => text(&self.content_type().value),
            "content_params" => {
                let params: BTreeMap<_, _> = self.content_type().params.into_iter().collect();
                Value::object(params)
            }
            "encoding" => self.encoding().map_or(Value::None, Value::from),
            "resolver_match" => Value::object(self.resolver_match()?.clone()),
            "LANGUAGE_CODE" => text(self.extension::<Language>()?.code()),
            _ => return None,
        })
    }

    fn display(&self, out: &mut dyn fmt::Write) -> fmt::Result {
        write!(out, "<Request: {} '{}'>", self.0.method, self.full_path())
    }
}

struct Cookies(RequestInfo);

impl Object for Cookies {
    fn attr(&self, name: &str) -> Option<Value<'_>> {
        self.0.cookie(name).map(Value::from)
    }
}

impl RequestInfo {
    /// A header as pages show it: several lines are one, and bytes beyond ASCII are Latin-1, as they are to Django.
    fn shown_header(&self, name: &str) -> Option<Value<'static>> {
        let lines = self.0.headers.get_all(name).iter();
        let lines = lines.map(|line| line.as_bytes().iter().copied().map(char::from).collect());
        let lines: Vec<String> = lines.collect();
        (!lines.is_empty()).then(|| Value::from(lines.join(",")))
    }
}

struct Headers(RequestInfo);

impl Object for Headers {
    fn attr(&self, name: &str) -> Option<Value<'_>> {
        // `request.headers.user_agent` in a template, as Django has it.
        self.0.shown_header(&name.replace('_', "-"))
    }
}

/// `request.META.HTTP_REFERER`: headers and what is known of the connection, by their names in CGI.
struct Meta(RequestInfo);

impl Object for Meta {
    fn attr(&self, name: &str) -> Option<Value<'_>> {
        let Self(req) = self;
        if let Some(header) = name.strip_prefix("HTTP_") {
            return req.shown_header(&header.replace('_', "-"));
        }
        Some(match name {
            "CONTENT_TYPE" | "CONTENT_LENGTH" => {
                return req.shown_header(&name.replace('_', "-"));
            }
            "REQUEST_METHOD" => Value::from(req.method().as_str()),
            "PATH_INFO" => Value::from(req.path()),
            "QUERY_STRING" => Value::from(req.uri().query().unwrap_or("")),
            "SERVER_PORT" => Value::from(req.port()),
            "REMOTE_ADDR" => {
                let peer = req.extension::<ConnectInfo<SocketAddr>>()?;
                Value::from(peer.0.ip().to_canonical().to_string())
            }
            _ => return None,
        })
    }
}

impl Object for ResolverMatch {
    fn attr(&self, name: &str) -> Option<Value<'_>> {
        let names = |list: &[String]| Value::list(list.iter().cloned().map(Value::from).collect());
        Some(match name {
            "url_name" => self.url_name().map_or(Value::None, Value::from),
            "view_name" => Value::from(self.view_name()),
            "route" => Value::from(self.route()),
            "namespace" => Value::from(self.namespace()),
            "namespaces" => names(self.namespaces()),
            "app_names" => names(self.app_names()),
            "app_name" => Value::from(self.app_names().join(":")),
            _ => return None,
        })
    }

    fn display(&self, out: &mut dyn fmt::Write) -> fmt::Result {
        write!(out, "{self:?}")
    }
}

impl fmt::Debug for RequestInfo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Headers and extensions hold cookies, keys and tokens.
        f.debug_struct("RequestInfo")
            .field("method", &self.0.method)
            .field("uri", &self.0.uri)
            .finish_non_exhaustive()
    }
}
