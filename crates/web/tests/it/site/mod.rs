//! Requests through the whole room.

mod common;
mod errors;
mod extractors;
mod files;
mod page_cache;
mod pages;
mod stack;
mod views;

use std::sync::Arc;

use axum::body::Body;
use axum::response::Response;
use http::{Request, StatusCode};
use http_body_util::BodyExt;
use nuages_template::{Engine, MemoryLoader};
use nuages_web::{
    CommonLayer, Dispatch, ResolveLayer, SharedService, SiteContext, TraceLayer, Urls,
};
use tower_layer::Layer;

/// A site with these templates and URLs.
pub(crate) fn site(templates: &[(&'static str, &'static str)], urls: Urls) -> SiteContext {
    let engine = Engine::builder()
        .loader(MemoryLoader::new(templates.iter().copied()))
        .build();
    SiteContext::new(engine, urls.freeze().unwrap())
}

/// The site with the layers of this room around it.
pub(crate) fn serve(site: SiteContext) -> SharedService {
    let site = Arc::new(site);
    let core = Dispatch::new(site.clone());
    let common = CommonLayer::new(site.clone()).layer(core);
    let traced = TraceLayer::new(site.clone()).layer(common);
    SharedService::new(ResolveLayer::new(site).layer(traced))
}

pub(crate) async fn send(service: &SharedService, request: Request<Body>) -> Response {
    service.respond(request).await.unwrap()
}

pub(crate) async fn get(service: &SharedService, path: &str) -> Response {
    send(service, Request::get(path).body(Body::empty()).unwrap()).await
}

pub(crate) async fn text(response: Response) -> String {
    let bytes = response.into_body().collect().await.unwrap().to_bytes();
    String::from_utf8(bytes.to_vec()).unwrap()
}

pub(crate) async fn get_text(service: &SharedService, path: &str) -> (StatusCode, String) {
    let response = get(service, path).await;
    (response.status(), text(response).await)
}

pub(crate) fn header<'r>(response: &'r Response, name: &str) -> &'r str {
    response
        .headers()
        .get(name)
        .map_or("", |value| value.to_str().unwrap())
}
