//! Sessions in a cache, and the cache itself, in an axum app that has never heard of `Site`.
//!
//! `cargo run -p sessions-cache`, then open <http://127.0.0.1:8000/> a few times, and in two browsers.
//! With `RedisCache` (feature `redis`) in place of `MemoryCache`, several processes share sessions and page.
#![expect(clippy::print_stdout, reason = "an example says where it listens")]

use std::sync::Arc;
use std::time::Duration;

use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::{get, post};
use axum::{Extension, Router};
use nuages_base::Clock;
use nuages_cache::{Cache, Caches, MemoryCache};
use nuages_sessions::{CacheStore, Session, SessionLayer, SessionSettings};

/// Whatever goes wrong is a 500 for the visitor.
fn failed(error: impl std::fmt::Display) -> (StatusCode, &'static str) {
    println!("error: {error}");
    (StatusCode::INTERNAL_SERVER_ERROR, "Server Error")
}

type Answer = Result<String, (StatusCode, &'static str)>;

/// Counts the visits of this visitor in the session, and shows a page that is worked out once a minute.
async fn front(session: Session, cache: Cache) -> Answer {
    let visits: u32 = session
        .get("visits")
        .await
        .map_err(failed)?
        .unwrap_or_default();
    session.set("visits", visits + 1).await.map_err(failed)?;
    let made = async || Ok::<_, nuages_cache::Error>(expensive_page().await);
    let page: String = cache.get_or_set("front page", made).await.map_err(failed)?;
    Ok(format!("{page}\nYour visit number {}.\n", visits + 1))
}

async fn expensive_page() -> String {
    tokio::time::sleep(Duration::from_millis(200)).await;
    "A page that took a while.".to_owned()
}

/// Counts for everybody: a cache loses no count, where a session would.
async fn like(State(cache): State<Cache>) -> Answer {
    cache.add("likes", 0).await.map_err(failed)?;
    let likes = cache.increase("likes", 1).await.map_err(failed)?;
    Ok(format!("{likes} likes\n"))
}

async fn forget(session: Session) -> Answer {
    session.flush().await.map_err(failed)?;
    Ok("Forgotten.\n".to_owned())
}

/// The app, over this clock.
fn app(clock: &Clock) -> Router {
    let cache = Cache::new(MemoryCache::sized(clock.clone(), 10_000, 3))
        .with_timeout(Duration::from_mins(1).into());
    let store = Arc::new(CacheStore::new(&cache, clock.clone()));
    let sessions = SessionLayer::new(store, SessionSettings::default(), clock.clone());
    Router::new()
        .route("/", get(front))
        .route("/like", post(like))
        .route("/forget", post(forget))
        .layer(sessions)
        .layer(Extension(Caches::of([(
            "default".to_owned(),
            cache.clone(),
        )])))
        .with_state(cache)
}

#[tokio::main]
async fn main() -> Result<(), std::io::Error> {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:8000").await?;
    println!("http://{}/", listener.local_addr()?);
    axum::serve(listener, app(&Clock::system())).await
}

#[cfg(test)]
mod tests {
    use axum::body::{Body, to_bytes};
    use http::Request;
    use tower::ServiceExt as _;

    use super::*;

    async fn ask(app: &Router, method: &str, path: &str, cookie: &str) -> (String, String) {
        let req = Request::builder()
            .method(method)
            .uri(path)
            .header("cookie", cookie);
        let res = app
            .clone()
            .oneshot(req.body(Body::empty()).unwrap())
            .await
            .unwrap();
        let set = res
            .headers()
            .get("set-cookie")
            .map(|value| value.to_str().unwrap().to_owned());
        let body = to_bytes(res.into_body(), 10_000).await.unwrap();
        let cookie = set
            .unwrap_or_default()
            .split(';')
            .next()
            .unwrap_or_default()
            .to_owned();
        (String::from_utf8(body.to_vec()).unwrap(), cookie)
    }

    #[tokio::test]
    async fn visits_are_each_visitor_s_and_likes_are_everybody_s() {
        let app = app(&Clock::system());
        let (page, ann) = ask(&app, "GET", "/", "").await;
        assert!(page.ends_with("number 1.\n"), "{page}");
        let (page, _) = ask(&app, "GET", "/", &ann).await;
        assert!(page.ends_with("number 2.\n"), "{page}");
        let (page, _) = ask(&app, "GET", "/", "").await;
        assert!(page.ends_with("number 1.\n"), "{page}");
        ask(&app, "POST", "/like", &ann).await;
        assert_eq!(ask(&app, "POST", "/like", "").await.0, "2 likes\n");
        ask(&app, "POST", "/forget", &ann).await;
        let (page, _) = ask(&app, "GET", "/", &ann).await;
        assert!(page.ends_with("number 1.\n"), "{page}");
    }
}
