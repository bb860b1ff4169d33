//! The page cache as a layer of any app: what is kept, for whom, and how much of it.

use std::convert::Infallible;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use axum::response::Response;
use axum::routing::get;
use futures_util::future::BoxFuture;
use http::StatusCode;
use jiff::{SignedDuration, Timestamp};
use nuages_base::Clock;
use nuages_cache::{Cache, MemoryCache};
use nuages_security::csrf::{
    CsrfLayer, CsrfSettings, CsrfToken, SecretStore, SessionSecret, StoreError,
};
use nuages_web::page_cache::{
    CachePage, PageCacheLayer, PageCacheSettings, PageRequest, get_cache_key,
};
use tower::ServiceExt;

use super::text;

const AGE: Duration = Duration::from_mins(5);

/// A view that counts its runs, and takes the token when it is asked to.
fn counting() -> (Router, Arc<AtomicUsize>) {
    let runs = Arc::new(AtomicUsize::new(0));
    let count = runs.clone();
    let view = move |req: Request| {
        let number = count.fetch_add(1, Ordering::SeqCst);
        let token = req.extensions().get::<CsrfToken>();
        if req.uri().path() == "/form" {
            token.map(CsrfToken::get);
        }
        std::future::ready(format!("run {number}"))
    };
    (Router::new().fallback(get(view)), runs)
}

async fn ask(app: &Router, request: http::request::Builder) -> Response {
    let request = request.body(Body::empty()).unwrap();
    let answer: Result<Response, Infallible> = app.clone().oneshot(request).await;
    answer.unwrap()
}

async fn page(app: &Router, path: &str) -> String {
    text(ask(app, Request::get(path)).await).await
}

#[tokio::test]
async fn a_page_is_kept_for_its_time_and_says_how_old_it_is() {
    let clock = Clock::held(Timestamp::from_second(1_780_000_000).unwrap());
    let cache = Cache::new(MemoryCache::new(clock.clone()));
    let (app, _) = counting();
    let app = app.layer(PageCacheLayer::new(cache.clone(), AGE).with_clock(clock.clone()));
    let first = ask(&app, Request::get("/")).await;
    assert_eq!(first.headers()["cache-control"], "max-age=300");
    assert_eq!(first.headers()["expires"], "Thu, 28 May 2026 20:31:40 GMT");
    assert!(!first.headers().contains_key("age"));
    clock.advance(SignedDuration::from_secs(60));
    let second = ask(&app, Request::get("/")).await;
    assert_eq!(second.headers()["age"], "60");
    assert_eq!(text(second).await, "run 0");
    // It can be taken out by its key.
    let wanted = PageRequest::of(&Request::get("/").body(()).unwrap());
    let key = get_cache_key(&cache, &wanted, "", &http::Method::GET)
        .await
        .unwrap()
        .unwrap();
    assert!(cache.delete(&key).await.unwrap());
    assert_eq!(page(&app, "/").await, "run 1");
    clock.advance(SignedDuration::from_secs(301));
    assert_eq!(page(&app, "/").await, "run 2");
}

#[tokio::test]
async fn a_route_may_ask_for_it_by_itself() {
    let (app, _) = counting();
    let caches = nuages_cache::Caches::of([(
        "other".to_owned(),
        Cache::new(MemoryCache::new(Clock::system())),
    )]);
    let layer = PageCacheLayer::of(caches, &PageCacheSettings::default());
    let asks = axum::Extension(CachePage::new(AGE).cache("other"));
    let asking = app.clone().layer(layer.clone()).layer(asks);
    assert_eq!(page(&asking, "/").await, page(&asking, "/").await);
    let silent = app.clone().layer(layer.clone());
    assert_ne!(page(&silent, "/").await, page(&silent, "/").await);
    // One that names a cache that is not there is served all the same.
    let lost = app
        .layer(layer)
        .layer(axum::Extension(CachePage::new(AGE).cache("lost")));
    assert_ne!(page(&lost, "/").await, page(&lost, "/").await);
}

#[tokio::test]
async fn c6_inside_of_the_csrf_layer_a_page_with_a_token_is_not_kept() {
    let cache = Cache::new(MemoryCache::new(Clock::system()));
    let (app, _) = counting();
    let app = app
        .layer(PageCacheLayer::new(cache, AGE))
        .layer(CsrfLayer::new(&CsrfSettings::default()));
    assert_ne!(page(&app, "/form").await, page(&app, "/form").await);
    // The pair: one without is.
    assert_eq!(page(&app, "/plain").await, page(&app, "/plain").await);
}

/// A session that was looked at, or not.
struct Session(bool);

impl SecretStore for Session {
    fn load(&self) -> BoxFuture<'_, Result<Option<String>, StoreError>> {
        Box::pin(async { Ok(None) })
    }

    fn store(&self, _: String) -> BoxFuture<'_, Result<(), StoreError>> {
        Box::pin(async { Ok(()) })
    }

    fn is_accessed(&self) -> bool {
        self.0
    }
}

#[tokio::test]
async fn inside_of_a_session_layer_a_page_that_was_made_with_the_session_is_not_kept() {
    for (was_used, is_kept) in [(true, false), (false, true)] {
        let cache = Cache::new(MemoryCache::new(Clock::system()));
        let (app, runs) = counting();
        let session = axum::Extension(SessionSecret(Arc::new(Session(was_used))));
        let app = app.layer(PageCacheLayer::new(cache, AGE)).layer(session);
        page(&app, "/").await;
        page(&app, "/").await;
        let expect = if is_kept { 1 } else { 2 };
        assert_eq!(runs.load(Ordering::SeqCst), expect);
    }
}

#[tokio::test]
async fn an_age_that_is_no_number_is_not_sent() {
    let view = get(|| async { ([("cache-control", "max-age=abc")], "page") });
    let cache = Cache::new(MemoryCache::new(Clock::system()));
    let app = Router::new()
        .route("/", view)
        .layer(PageCacheLayer::new(cache, AGE));
    let answer = ask(&app, Request::get("/")).await;
    assert_eq!(answer.status(), StatusCode::INTERNAL_SERVER_ERROR);
}

#[tokio::test]
async fn k8_a_hundred_thousand_targets_leave_no_more_pages_than_the_cache_holds() {
    let memory = Arc::new(MemoryCache::sized(Clock::system(), 300, 3));
    let (app, runs) = counting();
    let app = app.layer(PageCacheLayer::new(Cache::over(memory.clone()), AGE));
    for number in 0..100_000 {
        page(&app, &format!("/?{number}")).await;
        assert!(memory.len() <= 300);
    }
    assert_eq!(runs.load(Ordering::SeqCst), 100_000);
    // The last one is still there.
    page(&app, "/?99999").await;
    assert_eq!(runs.load(Ordering::SeqCst), 100_000);
}
