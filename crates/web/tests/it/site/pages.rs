//! Pages and what every page may mention.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use futures_util::future::BoxFuture;
use nuages_security::csp::Nonce;
use nuages_security::csrf::CsrfToken;
use nuages_template::{Value, context};
use nuages_web::{ContextProcessor, Page, RequestInfo, Result, SharedService, Urls, get};
use tower_layer::Layer;

use super::{get as fetch, get_text, header, serve, site};

#[derive(Clone, Default)]
struct Counted(Arc<AtomicUsize>);

impl ContextProcessor for Counted {
    fn names(&self) -> &'static [&'static str] {
        &["user"]
    }

    fn load<'a>(
        &'a self,
        req: &'a RequestInfo,
    ) -> BoxFuture<'a, Result<Vec<(&'static str, Value<'static>)>>> {
        self.0.fetch_add(1, Ordering::SeqCst);
        let path = req.path().to_owned();
        Box::pin(async move { Ok(vec![("user", Value::from(format!("reader of {path}")))]) })
    }
}

const TEMPLATES: &[(&str, &str)] = &[
    ("base.html", "{% block main %}{% endblock %}"),
    (
        "user.html",
        "{% extends 'base.html' %}{% block main %}{{ user }} {{ title }}{% endblock %}",
    ),
    (
        "plain.html",
        "{% load static %}{{ title }} {% static 'css/a b.css' %} {% url 'blog:post' pk=7 %} {% url 'blog:post' 8 %} {{ STATIC_URL }}",
    ),
    ("csrf.html", "{% csrf_token %}{{ csp_nonce }}"),
    (
        "meta.html",
        "{{ request.META.HTTP_X_A }}|{{ request.headers.x_a }}|{{ request.META.HTTP_NONE }}|{{ request.META.QUERY_STRING }}|\
         {{ request.META.CONTENT_TYPE }}|{{ request.META.REMOTE_ADDR }}|{{ request.META.SERVER_PORT }}|{{ request.get_port }}|\
         {{ request.content_params.charset }}|{{ request.LANGUAGE_CODE }}|\
         {% for name, values in request.GET.lists %}{{ name }}={{ values|join:',' }};{% endfor %}|{{ request.GET.dict.a }}",
    ),
    (
        "request.html",
        "{{ request.method }} {{ request.path }} {{ request.GET.q }} {{ request.get_full_path }} {{ request.resolver_match.view_name }}",
    ),
];

fn urls() -> Urls {
    let show = |name: &'static str| {
        get(async move |page: Page| page.render(name, context! { title: "<Title>" }).await)
    };
    let blog = Urls::new()
        .app_name("blog")
        .path("<int:pk>/", show("plain.html"), "post");
    Urls::new()
        .include("blog/", blog)
        .path("user/", show("user.html"), None)
        .path("plain/", show("plain.html"), None)
        .path("csrf/", show("csrf.html"), None)
        .path("request/", show("request.html"), "request")
        .path("meta/", show("meta.html"), None)
        .path(
            "go/",
            get(async |page: Page| page.redirect_with("blog:post", &[7.into()])),
            None,
        )
        .path(
            "away/",
            get(async || nuages_web::redirect("javascript:alert(1)")),
            None,
        )
}

#[tokio::test]
async fn processors_are_asked_only_for_what_a_page_mentions() {
    let counted = Counted::default();
    let service = serve(site(TEMPLATES, urls()).with_processor(Arc::new(counted.clone())));
    assert_eq!(
        get_text(&service, "/user/").await.1,
        "reader of /user/ &lt;Title&gt;"
    );
    assert_eq!(counted.0.load(Ordering::SeqCst), 1);
    let expect = "&lt;Title&gt; /static/css/a%20b.css /blog/7/ /blog/8/ /static/";
    assert_eq!(get_text(&service, "/plain/").await.1, expect);
    assert_eq!(counted.0.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn a_page_knows_its_request() {
    let service = serve(site(TEMPLATES, urls()));
    let (_, page) = get_text(&service, "/request/?q=%3Cb%3E&x=1").await;
    assert_eq!(
        page,
        "GET /request/ &lt;b&gt; /request/?q=%3Cb%3E&amp;x=1 request"
    );
}

#[tokio::test]
async fn a_page_knows_headers_and_connection_by_the_names_of_cgi() {
    let service = serve(site(TEMPLATES, urls()));
    let request = http::Request::get("/meta/?a=1&b=2&a=3")
        .header("x-a", "<1>")
        .header("x-a", b"\xe9".as_slice())
        .header("content-type", "text/plain; charset=utf-8")
        .extension(axum::extract::ConnectInfo(std::net::SocketAddr::from((
            [127, 0, 0, 1],
            5000,
        ))))
        .extension(nuages_security::hosts::Port("8443".into()))
        .extension(nuages_web::Language::new("de"));
    let response = super::send(&service, request.body(axum::body::Body::empty()).unwrap()).await;
    assert_eq!(
        super::text(response).await,
        "&lt;1&gt;,é|&lt;1&gt;,é||a=1&amp;b=2&amp;a=3|text/plain; charset=utf-8|127.0.0.1|8443|8443|utf-8|de|\
         a=1,3;b=2;|3"
    );
    let (_, bare) = get_text(&service, "/meta/").await;
    assert_eq!(bare, "||||||80|80||||");
}

#[tokio::test]
async fn token_and_nonce_are_made_when_they_are_printed() {
    let (token, nonce) = (CsrfToken::new(), Nonce::new());
    let (its_token, its_nonce) = (token.clone(), nonce.clone());
    let add = tower::util::MapRequestLayer::new(move |mut request: axum::extract::Request| {
        request.extensions_mut().insert(its_token.clone());
        request.extensions_mut().insert(its_nonce.clone());
        request
    });
    let service = SharedService::new(add.layer(serve(site(TEMPLATES, urls()))));
    fetch(&service, "/plain/").await;
    assert!(!nonce.is_used());
    let (_, page) = get_text(&service, "/csrf/").await;
    assert!(
        page.contains("name=\"csrfmiddlewaretoken\" value=\""),
        "{page}"
    );
    assert!(page.ends_with(nonce.get()), "{page}");
}

#[tokio::test]
async fn redirects_go_to_names_and_never_to_scripts() {
    let service = serve(site(TEMPLATES, urls()));
    let moved = fetch(&service, "/go/").await;
    assert_eq!(
        (moved.status().as_u16(), header(&moved, "location")),
        (302, "/blog/7/")
    );
    let refused = fetch(&service, "/away/").await;
    assert_eq!(
        (refused.status().as_u16(), header(&refused, "location")),
        (400, "")
    );
}

/// T14: what a visitor can make long, a page may walk through a thousand times.
#[tokio::test]
async fn t14_a_page_that_computes_for_ever_is_stopped_at_its_timeout() {
    let loops =
        "{% for a in v %}{% for b in v %}{% for c in v %}{% endfor %}{% endfor %}{% endfor %}";
    let page = |length: usize| {
        get(async move |page: Page| {
            page.render("loops.html", context! { v: "x".repeat(length) })
                .await
        })
    };
    let urls = Urls::new()
        .path("long/", page(100), None)
        .path("short/", page(10), None);
    let settings = nuages_web::WebSettings {
        page_timeout: 0,
        ..nuages_web::WebSettings::default()
    };
    let templates = &[("loops.html", Box::leak(loops.into()) as &'static str)];
    let service = serve(site(templates, urls.clone()).with_settings(settings));
    let response = fetch(&service, "/long/").await;
    assert_eq!(response.status(), 503);
    // The worker is free again, and a page that is done before anybody looks is a page.
    assert_eq!(fetch(&service, "/short/").await.status(), 200);
    // Without the limit the page is computed to its end.
    let service = serve(site(templates, urls));
    assert_eq!(fetch(&service, "/long/").await.status(), 200);
}

#[tokio::test]
async fn a_cached_fragment_is_rendered_once_for_each_of_what_it_varies_on() {
    let counter = AtomicUsize::new(0);
    let counter = Arc::new(counter);
    let counted = counter.clone();
    let view = move |name: &'static str| {
        let counted = counted.clone();
        get(async move |page: Page| {
            let n = counted.fetch_add(1, Ordering::SeqCst);
            page.render("cached.html", context! { n, name }).await
        })
    };
    let urls = Urls::new()
        .path("ada/", view("ada"), None)
        .path("bob/", view("bob"), None)
        .path(
            "other/",
            get(async |page: Page| page.render("other.html", context! {}).await),
            None,
        );
    let templates = [
        (
            "cached.html",
            "{% load cache %}{% cache 60 part name %}{{ name }} {{ n }}{% endcache %} {{ n }}",
        ),
        (
            "other.html",
            "{% load cache %}{% cache 60 part using='elsewhere' %}x{% endcache %}",
        ),
    ];
    let service = serve(site(&templates, urls));
    assert_eq!(get_text(&service, "/ada/").await.1, "ada 0 0");
    assert_eq!(get_text(&service, "/ada/").await.1, "ada 0 1");
    assert_eq!(get_text(&service, "/bob/").await.1, "bob 2 2");
    assert_eq!(get_text(&service, "/other/").await.0, 500);
}
