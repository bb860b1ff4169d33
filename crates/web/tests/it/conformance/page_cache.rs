//! Cached pages and their keys, through the layers of a site.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::body::Body;
use axum::response::{IntoResponse, Response};
use futures_util::FutureExt;
use http::header::{
    CONTENT_LENGTH, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue, SET_COOKIE, VARY,
};
use http::{Method, Request, StatusCode};
use http_body_util::BodyExt;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use nuages_base::{Clock, SettingsGroup};
use nuages_cache::{Cache, Caches, MemoryCache, Value as Kept};
use nuages_security::hosts::{HostsLayer, HostsSettings};
use nuages_security::uri::{escape_uri_path, iri_to_uri};
use nuages_template::Engine;
use nuages_web::page_cache::{
    CachePage, PageCacheLayer, PageCacheSettings, PageRequest, get_cache_key, learn_cache_key,
    vary_list,
};
use nuages_web::{
    ActiveTimeZone, Dispatch, ErrorPages, Language, LayerStack, ResolveLayer, SharedService,
    SiteContext, Urls, WebSettings, any,
};
use serde_json::{Value, json};

use super::{Outcome, replay};

const SETS_COOKIE: &str = "a page that sets a cookie is not kept for others";
const TARGET: &str = "a target that Django would write otherwise has a page of its own";
const VALUES: &str =
    "keys of pages tell the values of several headers apart, and none from its mark";
const LIST: &str = "a page is only given under the list of headers that it was kept under";

#[test]
fn page_cache() {
    replay("page_cache.jsonl", &["page_cache"], |record| {
        let told = Scenario::new(record).run().now_or_never();
        judge(record, told.expect("memory does not wait"))
    });
}

#[test]
fn page_cache_key() {
    replay("page_cache.jsonl", &["page_cache_key"], |record| {
        let told = keys(record).now_or_never();
        judge(record, told.expect("memory does not wait"))
    });
}

/// What differs, and whether it is one of the things that we do otherwise.
fn judge(record: &Value, differs: Option<String>) -> Outcome {
    let Some(differs) = differs else {
        return Outcome::Same;
    };
    let steps = record["inputs"]["steps"]
        .as_array()
        .or(record["inputs"]["requests"].as_array());
    let steps = steps.unwrap();
    let request = |step: &Value| step.get("request").unwrap_or(step).clone();
    if steps
        .iter()
        .any(|step| step["response"].get("cookies").is_some())
    {
        return Outcome::Excepted(SETS_COOKIE);
    }
    if steps
        .iter()
        .any(|step| !is_as_django_writes(&request(step)))
    {
        return Outcome::Excepted(TARGET);
    }
    let mut lists = Vec::new();
    for step in steps {
        let vary = &record["inputs"]["vary"];
        let headers = match vary.as_str() {
            Some(vary) => json!([["Vary", vary]]),
            None => step["response"]["headers"].clone(),
        };
        let is_translated = record["settings"]["USE_I18N"] != false;
        let list = vary_list(&header_map(&headers), is_translated);
        if has_values_of_its_own(&request(step), &list) {
            return Outcome::Excepted(VALUES);
        }
        if !lists.contains(&list) {
            lists.push(list);
        }
    }
    if lists.len() > 1 {
        return Outcome::Excepted(LIST);
    }
    Outcome::Differs(differs)
}

/// The target as a client may send it: the path in ASCII, and a `#` in it, which is no fragment to Django, escaped.
fn target_of(request: &Value) -> String {
    const ESCAPED: &percent_encoding::AsciiSet = &percent_encoding::CONTROLS.add(b'#');
    let raw = request["path"].as_str().unwrap();
    let (path, query) = raw.split_at(raw.find('?').unwrap_or(raw.len()));
    let path = percent_encoding::utf8_percent_encode(path, ESCAPED);
    format!("{path}{query}")
}

/// Whether Django hashes the target as it came.
fn is_as_django_writes(request: &Value) -> bool {
    let raw = target_of(request);
    let (path, query) = raw.split_once('?').unwrap_or((&raw, ""));
    let decoded = percent_encoding::percent_decode_str(path).decode_utf8_lossy();
    let query = match query {
        "" => String::new(),
        query => format!("?{}", iri_to_uri(query)),
    };
    format!("{}{query}", escape_uri_path(&decoded)) == raw
}

/// Whether other values of these headers have the same key with Django.
fn has_values_of_its_own(request: &Value, list: &[String]) -> bool {
    let headers = request["headers"].as_array().cloned().unwrap_or_default();
    let named = |header: &Value| {
        let name = header[0].as_str().unwrap().to_uppercase().replace('-', "_");
        list.contains(&format!("HTTP_{name}"))
    };
    let there: Vec<&Value> = headers.iter().filter(|header| named(header)).collect();
    let is_odd = |header: &&Value| {
        let (name, value) = (header[0].as_str().unwrap(), header[1].as_str().unwrap());
        // Django does not look at these two.
        let is_meta = ["content-type", "content-length"].contains(&&*name.to_lowercase());
        is_meta || value.contains("-,") || (value.is_empty() && list.len() > 1)
    };
    there.len() > 1 || there.iter().any(is_odd)
}

/// The caches of the corpus, and what is in them.
struct Stores {
    caches: Caches,
    clock: Clock,
}

impl Stores {
    fn new(now: &Value) -> Self {
        let clock = Clock::held(Timestamp::from_second(now.as_i64().unwrap_or(0)).unwrap());
        let memory = || Cache::new(MemoryCache::new(clock.clone()));
        let named = [
            ("default".to_owned(), memory()),
            ("other".to_owned(), memory().with_prefix("oth")),
        ];
        Self {
            caches: Caches::of(named),
            clock,
        }
    }

    async fn keys(&self) -> Value {
        let mut found = BTreeMap::new();
        for alias in self.caches.aliases() {
            let cache = self.caches.get(alias).unwrap();
            let mut keys = cache.backend().keys("").await.unwrap();
            keys.sort();
            if !keys.is_empty() {
                found.insert(alias, keys);
            }
        }
        json!(found)
    }
}

fn site_of(record: &Value, urls: Urls, clock: &Clock) -> (Arc<SiteContext>, PageCacheSettings) {
    let (mut web, mut settings) = (WebSettings::default(), PageCacheSettings::default());
    for (name, value) in record["settings"].as_object().unwrap() {
        let name = name.to_lowercase();
        // Languages are pairs there, and nobody chooses here.
        if name != "languages" {
            let known = web.set(&name, value).unwrap() || settings.set(&name, value).unwrap();
            assert!(known, "{name}");
        }
    }
    let site = SiteContext::new(Engine::default(), urls.freeze().unwrap())
        .with_settings(web)
        .with_clock(clock.clone());
    (Arc::new(site), settings)
}

fn header_map(pairs: &Value) -> HeaderMap {
    let mut headers = HeaderMap::new();
    for pair in pairs.as_array().into_iter().flatten() {
        let name: HeaderName = pair[0].as_str().unwrap().parse().unwrap();
        // Each sign is a byte, as for a server of Python.
        let value: Vec<u8> = pair[1]
            .as_str()
            .unwrap()
            .chars()
            .map(|sign| sign as u8)
            .collect();
        headers.append(name, HeaderValue::from_bytes(&value).unwrap());
    }
    headers
}

fn request_of(request: &Value, language: &Value, time_zone: &Value) -> Request<Body> {
    let mut req = Request::builder()
        .method(request["method"].as_str().unwrap_or("GET"))
        .uri(target_of(request))
        .body(Body::empty())
        .unwrap();
    *req.headers_mut() = header_map(&request["headers"]);
    let host = HeaderValue::from_static("testserver");
    req.headers_mut().entry("host").or_insert(host);
    let scheme = request["scheme"].as_str().unwrap_or("http");
    let scheme = HeaderValue::from_str(scheme).unwrap();
    req.headers_mut().insert("x-scheme", scheme);
    // There a language is always active.
    let language = language.as_str().unwrap_or("en-us");
    req.extensions_mut().insert(Language::new(language));
    if let Some(zone) = time_zone.as_str() {
        let zone = ActiveTimeZone::new(TimeZone::get(zone).unwrap());
        req.extensions_mut().insert(zone);
    }
    req
}

fn hosts() -> HostsLayer {
    HostsLayer::new(&HostsSettings {
        allowed_hosts: vec!["*".to_owned()],
        secure_proxy_ssl_header: Some(("X-SCHEME".to_owned(), "https".to_owned())),
        ..HostsSettings::default()
    })
}

/// What the view is to answer, and whether it was asked.
#[derive(Default)]
struct Script {
    number: usize,
    response: Value,
    called: bool,
}

struct Scenario<'r> {
    record: &'r Value,
    script: Arc<Mutex<Script>>,
    stores: Stores,
    service: SharedService,
}

impl<'r> Scenario<'r> {
    fn new(record: &'r Value) -> Self {
        let inputs = &record["inputs"];
        let script = Arc::new(Mutex::new(Script::default()));
        let known = script.clone();
        let mut view = any(async move || answer(&mut known.lock().unwrap()));
        let by_route = inputs["mode"] == "cache_page";
        if by_route {
            let seconds = inputs["timeout"].as_i64();
            // There is no negative time to keep a page for; Django takes it for none.
            let timeout =
                seconds.map(|seconds| Duration::from_secs(seconds.try_into().unwrap_or(0)));
            let mut how = CachePage::new(timeout);
            if let Some(alias) = inputs["cache"].as_str() {
                how = how.cache(alias);
            }
            if let Some(prefix) = inputs["key_prefix"].as_str() {
                how = how.key_prefix(prefix);
            }
            view = view.cache_page(how);
        }
        let stores = Stores::new(&inputs["now"]);
        let urls = Urls::new().path("<path:rest>", view, "page");
        let (site, mut settings) = site_of(record, urls, &stores.clock);
        settings.cache_middleware = !by_route;
        let (update, fetch) = PageCacheLayer::of(stores.caches.clone(), &settings).split();
        let service = LayerStack::new(Dispatch::views(site.clone()))
            .around(ErrorPages::new(site.clone()))
            .around(fetch)
            .around(update)
            .around(hosts())
            .around(ResolveLayer::new(site))
            .into_service();
        Self {
            record,
            script,
            stores,
            service,
        }
    }

    /// The first difference.
    async fn run(self) -> Option<String> {
        let steps = self.record["inputs"]["steps"].as_array().unwrap();
        let expected = self.record["expected"]["steps"].as_array().unwrap();
        for (number, (step, expected)) in steps.iter().zip(expected).enumerate() {
            let seconds = step["advance"].as_i64().unwrap_or(0);
            self.stores
                .clock
                .advance(SignedDuration::from_secs(seconds));
            *self.script.lock().unwrap() = Script {
                number,
                response: step["response"].clone(),
                called: false,
            };
            let req = request_of(&step["request"], &step["language"], &step["time_zone"]);
            let is_head = req.method() == Method::HEAD;
            let res = self.service.respond(req).await.unwrap();
            if expected.get("error").is_some() {
                if res.status() != StatusCode::INTERNAL_SERVER_ERROR {
                    return Some(format!("step {number}: {}", res.status()));
                }
                continue;
            }
            let found = self.shown(res, is_head, expected).await;
            let mut wanted = sorted(expected);
            if self.is_over_at_once() {
                // Django puts it into its memory all the same, where nobody finds it.
                wanted["keys"] = found["keys"].clone();
            }
            if found != wanted {
                return Some(format!("step {number}: found {found}, expected {wanted}"));
            }
        }
        None
    }

    /// Whether pages are kept for less than no time.
    fn is_over_at_once(&self) -> bool {
        let inputs = &self.record["inputs"];
        let seconds = &self.record["settings"]["CACHE_MIDDLEWARE_SECONDS"];
        let is_negative = |value: &Value| value.as_i64().is_some_and(|seconds| seconds < 0);
        is_negative(&inputs["timeout"])
            || is_negative(seconds)
            || inputs["steps"].to_string().contains("max-age=-")
    }

    async fn shown(&self, res: Response, is_head: bool, expected: &Value) -> Value {
        let (parts, body) = res.into_parts();
        let content = body.collect().await.unwrap().to_bytes();
        let mut body = String::from_utf8(content.to_vec()).unwrap();
        let mut headers = parts.headers;
        if is_head {
            // Django leaves the content to the server, which does not send it; its length is sent.
            let whole = expected["body"].as_str().unwrap_or("");
            let length = headers.remove(CONTENT_LENGTH);
            let length = length.and_then(|length| length.to_str().ok()?.parse().ok());
            if body.is_empty() && length == Some(whole.len()) {
                whole.clone_into(&mut body);
            }
        }
        let cookies = headers.get_all(SET_COOKIE).iter();
        let cookies: Vec<String> = cookies
            .map(|line| line.to_str().unwrap().split('=').next().unwrap().to_owned())
            .collect();
        headers.remove(SET_COOKIE);
        let lines: Vec<(String, String)> = headers
            .iter()
            .map(|(name, value)| (name.to_string(), value.to_str().unwrap().to_owned()))
            .collect();
        sorted(&json!({
            "view_called": self.script.lock().unwrap().called,
            "status": parts.status.as_u16(),
            "headers": lines,
            "cookies": cookies,
            "body": body,
            "keys": self.stores.keys().await,
        }))
    }
}

/// The same with small names of headers, and all lists in order.
fn sorted(step: &Value) -> Value {
    let mut step = step.clone();
    let in_order = |list: &mut Value| {
        let list = list.as_array_mut().unwrap();
        list.sort_by_key(ToString::to_string);
    };
    for header in step["headers"].as_array_mut().unwrap() {
        header[0] = json!(header[0].as_str().unwrap().to_lowercase());
    }
    in_order(&mut step["headers"]);
    for keys in step["keys"].as_object_mut().unwrap().values_mut() {
        in_order(keys);
    }
    step
}

fn answer(script: &mut Script) -> Response {
    script.called = true;
    let wanted = &script.response;
    let usual = format!("response {}", script.number);
    let text = wanted["body"].as_str().unwrap_or(&usual).to_owned();
    let body = if wanted["streaming"] == true {
        let piece = std::future::ready(Ok::<_, std::io::Error>(text));
        Body::from_stream(futures_util::stream::once(piece))
    } else {
        Body::from(text)
    };
    let mut res = body.into_response();
    let status = wanted["status"].as_u64().unwrap_or(200);
    *res.status_mut() = StatusCode::from_u16(status.try_into().unwrap()).unwrap();
    let headers = res.headers_mut();
    *headers = header_map(&wanted["headers"]);
    let usual = HeaderValue::from_static("text/html; charset=utf-8");
    headers.entry(CONTENT_TYPE).or_insert(usual);
    for cookie in wanted["cookies"].as_array().into_iter().flatten() {
        let line = format!(
            "{}={}",
            cookie[0].as_str().unwrap(),
            cookie[1].as_str().unwrap()
        );
        headers.append(SET_COOKIE, line.parse().unwrap());
    }
    res
}

async fn keys(record: &Value) -> Option<String> {
    let inputs = &record["inputs"];
    let stores = Stores::new(&inputs["now"]);
    let (site, settings) = site_of(record, Urls::new(), &stores.clock);
    let own = inputs["key_prefix"].as_str();
    let prefix = own.unwrap_or(&settings.cache_middleware_key_prefix);
    let mut response = HeaderMap::new();
    if let Some(vary) = inputs["vary"].as_str() {
        response.insert(VARY, vary.parse().unwrap());
    }
    let mut found = Vec::new();
    for request in inputs["requests"].as_array().unwrap() {
        let stores = Stores::new(&inputs["now"]);
        let cache = stores.caches.get("default").unwrap();
        let mut req = request_of(request, &request["language"], &request["time_zone"]);
        req.extensions_mut().insert(site.clone());
        let page = announced(req).await;
        let before = get_cache_key(&cache, &page, prefix, &Method::GET)
            .await
            .unwrap();
        let learned = learn_cache_key(&cache, &page, prefix, &response, None)
            .await
            .unwrap();
        let get = get_cache_key(&cache, &page, prefix, &Method::GET)
            .await
            .unwrap();
        let stored = cache.backend().keys("").await.unwrap();
        let mut lists = Vec::new();
        for key in &stored {
            let Some(Kept::List(names)) = cache.backend().get(key).await.unwrap() else {
                panic!("no list under {key}");
            };
            let names = names.iter().map(|name| name.as_str().unwrap().to_owned());
            lists.push(names.collect::<Vec<String>>());
        }
        found.push(json!({
            "before": before, "learned": learned, "get": get, "stored": stored, "header_list": lists,
        }));
    }
    let learned: Vec<&Value> = found.iter().map(|one| &one["learned"]).collect();
    let same_as: Vec<_> = learned
        .iter()
        .map(|key| learned.iter().position(|known| known == key))
        .collect();
    let expected = &record["expected"];
    let wanted = expected["requests"].as_array().unwrap();
    let pairs = found.iter().zip(wanted).enumerate();
    let mut differs = pairs.filter(|(_, (found, wanted))| found != wanted);
    if let Some((number, (found, wanted))) = differs.next() {
        return Some(format!(
            "request {number}: found {found}, expected {wanted}"
        ));
    }
    let same_as = json!(same_as);
    let is_same = expected
        .get("same_as")
        .is_none_or(|wanted| *wanted == same_as);
    (!is_same).then(|| format!("the same as {same_as}, expected {}", expected["same_as"]))
}

/// What counts of a request that the hosts layer has seen.
async fn announced(req: Request<Body>) -> PageRequest {
    let seen = Arc::new(Mutex::new(None));
    let keep = seen.clone();
    let inner = tower::service_fn(move |req: Request<Body>| {
        *keep.lock().unwrap() = Some(PageRequest::of(&req));
        std::future::ready(Ok::<_, std::convert::Infallible>(Response::default()))
    });
    let service = tower::ServiceBuilder::new().layer(hosts()).service(inner);
    SharedService::new(service).respond(req).await.unwrap();
    let page = seen.lock().unwrap().take();
    page.expect("the layer lets any host in")
}
