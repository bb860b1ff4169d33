//! Nuages' URLs, pages and HTTP layers in a plain axum app, without a `Site`.
//!
//! ```sh
//! cargo run -p axum-web     # then open http://localhost:3002/
//! ```
//!
//! An encyclopaedia. Its pages have names and Django's path syntax, and a missing slash is put right; they are
//! compressed, kept in a cache for five minutes, and who has a page already gets 304. The axum routes beside them go through the same layers.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::routing::get as axum_get;
use nuages_base::Clock;
use nuages_cache::{Cache, MemoryCache};
use nuages_security::gzip::GzipLayer;
use nuages_security::headers::{HeadersSettings, SecurityHeadersLayer};
use nuages_security::hosts::{HostsLayer, HostsSettings};
use nuages_template::{Engine, MemoryLoader, context};
use nuages_web::cache_headers::CacheControl;
use nuages_web::conditional::ConditionalGetLayer;
use nuages_web::page_cache::PageCacheLayer;
use nuages_web::{
    CommonLayer, Dispatch, Json, OrNotFound, Page, Path, ResolveLayer, Result, SiteContext,
    UrlTable, Urls, UrlsError, WebSettings, get,
};
use tower::Layer;

const ARTICLES: [(&str, &str); 2] = [
    ("cirrus", "Thin and high, of ice."),
    ("cumulus", "Heaped, with a flat base."),
];

const TEMPLATES: [(&str, &str); 2] = [
    (
        "index.html",
        "<!doctype html><title>Clouds</title><h1>Clouds</h1>\
         <p>Clouds are named after what they look like and how high they are: cirrus is a curl of hair, cumulus a heap, \
         stratus a layer; alto stands for those in the middle, nimbus for those that bring rain.</p><ul>{% for name in names %}\
         <li><a href=\"{% url 'article' name %}\">{{ name|title }}</a></li>{% endfor %}</ul>",
    ),
    (
        "article.html",
        "<!doctype html><title>{{ name|title }}</title><h1>{{ name|title }}</h1><p>{{ text }}</p>\
         <p><a href=\"{% url 'index' %}\">All clouds</a></p>",
    ),
];

#[tokio::main]
async fn main() -> std::result::Result<(), Box<dyn std::error::Error>> {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:3002").await?;
    axum::serve(listener, app()?).await?;
    Ok(())
}

/// The axum app: a route of its own, and ours behind all paths that it does not take.
fn app() -> std::result::Result<Router, UrlsError> {
    let hosts = HostsSettings {
        allowed_hosts: vec!["localhost".to_owned()],
        ..HostsSettings::default()
    };
    Ok(Router::new()
        .route("/health", axum_get(|| async { "well" }))
        .merge(pages()?.layer(page_cache()))
        // Read from below: the last layer is the outermost, and sees a request first. The tag of a page is
        // made before it is compressed.
        .layer(ConditionalGetLayer::new())
        .layer(SecurityHeadersLayer::new(&HeadersSettings::default()))
        .layer(HostsLayer::new(&hosts))
        .layer(GzipLayer::new()))
}

/// Nobody's page differs from anybody else's here, so that one visitor's is given to the next.
fn page_cache() -> PageCacheLayer {
    let cache = Cache::new(MemoryCache::new(Clock::system()));
    PageCacheLayer::new(cache, Duration::from_mins(5))
}

/// The pages: what a path means is found out first, so that `CommonLayer` knows where a slash is missing.
fn pages() -> std::result::Result<Router, UrlsError> {
    let settings = WebSettings {
        disallowed_user_agents: vec!["BadBot".to_owned()],
        ..WebSettings::default()
    };
    let engine = Engine::builder()
        .loader(MemoryLoader::new(TEMPLATES))
        .build();
    let site = Arc::new(SiteContext::new(engine, urls()?).with_settings(settings));
    let views = Dispatch::new(Arc::clone(&site));
    let common = CommonLayer::new(Arc::clone(&site)).layer(views);
    let resolved = ResolveLayer::new(site).layer(common);
    Ok(Router::new().fallback_service(resolved))
}

fn urls() -> std::result::Result<UrlTable, UrlsError> {
    let cached = CacheControl::new().public().max_age(300);
    Urls::new()
        .path("", get(index), "index")
        .path(
            "clouds/<slug:name>/",
            get(article).cache_control(cached),
            "article",
        )
        .path("api/clouds/", get(list), "api")
        .freeze()
}

async fn index(page: Page) -> Result {
    let names = ARTICLES.map(|(name, _)| name).to_vec();
    page.render("index.html", context! { names }).await
}

async fn article(page: Page, Path(name): Path<String>) -> Result {
    let found = ARTICLES.iter().find(|(known, _)| **known == name);
    let (name, text) = found.copied().or_not_found()?;
    page.render("article.html", context! { name, text }).await
}

async fn list() -> Json<Vec<&'static str>> {
    Json(ARTICLES.map(|(name, _)| name).to_vec())
}

#[cfg(test)]
mod tests;
