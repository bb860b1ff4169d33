//! Views: methods, flags, mounts, layers.

use axum::body::Body;
use axum::extract::Request as AxumRequest;
use http::{Method, Request};
use nuages_security::csrf::CsrfMode;
use nuages_web::{Access, ResolverMatch, RouteFlags, Urls, any, get, post};

use super::{get_text, header, send, serve, site, text};

fn request(method: Method, path: &str) -> Request<Body> {
    Request::builder()
        .method(method)
        .uri(path)
        .body(Body::empty())
        .unwrap()
}

#[tokio::test]
async fn other_methods_get_405_with_the_ones_that_are_served() {
    let service = serve(site(
        &[],
        Urls::new().path("x/", get(async || "got").post(async || "posted"), "x"),
    ));
    let refused = send(&service, request(Method::PUT, "/x/")).await;
    assert_eq!(refused.status(), 405);
    assert_eq!(header(&refused, "allow"), "GET, POST, HEAD, OPTIONS");
    let options = send(&service, request(Method::OPTIONS, "/x/")).await;
    assert_eq!(options.status(), 200);
    assert_eq!(header(&options, "allow"), "GET, POST, HEAD, OPTIONS");
    assert_eq!(
        text(send(&service, request(Method::POST, "/x/")).await).await,
        "posted"
    );
}

#[tokio::test]
async fn head_is_get_without_the_body() {
    let service = serve(site(
        &[],
        Urls::new().path("x/", get(async || "hello"), "x"),
    ));
    let response = send(&service, request(Method::HEAD, "/x/")).await;
    assert_eq!(response.status(), 200);
    assert_eq!(header(&response, "content-length"), "5");
    assert_eq!(text(response).await, "");
}

#[tokio::test]
async fn any_takes_every_method() {
    let service = serve(site(
        &[],
        Urls::new().path("x/", any(async |method: Method| method.to_string()), "x"),
    ));
    let response = send(
        &service,
        request(Method::from_bytes(b"PROPFIND").unwrap(), "/x/"),
    )
    .await;
    assert_eq!(text(response).await, "PROPFIND");
}

#[tokio::test]
async fn layers_inside_see_what_the_route_asks() {
    let seen = async |request: AxumRequest| {
        let extensions = request.extensions();
        let flags = extensions.get::<RouteFlags>().unwrap();
        assert_eq!(
            flags.access,
            Access::Permission {
                perms: vec!["blog.add_post".to_owned()].into(),
                raise: true
            }
        );
        assert_eq!(extensions.get::<CsrfMode>(), Some(&CsrfMode::Exempt));
        extensions
            .get::<ResolverMatch>()
            .unwrap()
            .view_name()
            .to_owned()
    };
    let view = post(seen)
        .permission_required_or_403("blog.add_post")
        .csrf_exempt();
    let inner = Urls::new().app_name("blog").path("hook/", view, "hook");
    let service = serve(site(&[], Urls::new().include("blog/", inner)));
    assert_eq!(
        text(send(&service, request(Method::POST, "/blog/hook/")).await).await,
        "blog:hook"
    );
}

#[tokio::test]
async fn a_mounted_router_sees_the_path_below_its_prefix() {
    let router = axum::Router::new()
        .route("/", axum::routing::get(async || "root"))
        .route(
            "/items/{id}",
            axum::routing::get(
                async |axum::extract::Path(id): axum::extract::Path<String>, uri: http::Uri| {
                    format!("{id} {uri}")
                },
            ),
        );
    let service = serve(site(&[], Urls::new().mount("api/v1/", router)));
    assert_eq!(get_text(&service, "/api/v1/").await.1, "root");
    assert_eq!(
        get_text(&service, "/api/v1/items/7?a=b").await.1,
        "7 /items/7?a=b"
    );
    assert_eq!(
        get_text(&service, "/%61pi/v1/items/a%2Fb").await.1,
        "a/b /items/a%2Fb"
    );
    assert_eq!(get_text(&service, "/api/v1/nothing").await.0, 404);
    assert_eq!(get_text(&service, "/api/v2/").await.0, 404);
}

#[tokio::test]
async fn a_view_may_have_layers_of_its_own() {
    let add_header =
        tower::util::MapResponseLayer::new(|mut response: axum::response::Response| {
            response
                .headers_mut()
                .insert("x-own", http::HeaderValue::from_static("yes"));
            response
        });
    let service = serve(site(
        &[],
        Urls::new().path("x/", get(async || "x").layer(add_header), "x"),
    ));
    assert_eq!(header(&super::get(&service, "/x/").await, "x-own"), "yes");
}
