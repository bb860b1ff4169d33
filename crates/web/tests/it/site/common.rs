//! Slashes, user agents, the length of bodies.

use axum::body::Body;
use http::{Method, Request};
use nuages_web::{PostData, Urls, WebSettings, any, get};

use super::{get as fetch, header, send, serve, site};

fn slashed() -> Urls {
    Urls::new()
        .path("about/", any(async || "about"), "about")
        .path("noslash", get(async || "noslash"), None)
        .path("own/", get(async || "own").no_append_slash(), None)
        .path(
            "raises/",
            get(async || nuages_web::Error::not_found("gone")),
            None,
        )
}

#[tokio::test]
async fn a_missing_slash_is_appended_when_that_leads_anywhere() {
    let service = serve(site(&[], slashed()));
    let moved = fetch(&service, "/about?q=%C3%A9&b").await;
    assert_eq!(moved.status(), 301);
    assert_eq!(header(&moved, "location"), "/about/?q=%C3%A9&b");
    for path in ["/noslash/", "/nothing", "/own", "/raises/"] {
        assert_eq!(fetch(&service, path).await.status(), 404, "{path}");
    }
    let off = WebSettings {
        append_slash: false,
        ..WebSettings::default()
    };
    let service = serve(site(&[], slashed()).with_settings(off));
    assert_eq!(fetch(&service, "/about").await.status(), 404);
}

#[tokio::test]
async fn the_appended_slash_leads_to_no_other_host() {
    let urls = Urls::new().path("<path:p>/", get(async || "all"), None);
    let service = serve(site(&[], urls));
    for path in [
        "//evil.example",
        "/%2Fevil.example",
        "///evil.example",
        "/\\evil.example",
        "/%5Cevil.example",
    ] {
        let moved = fetch(&service, path).await;
        let location = header(&moved, "location");
        assert_eq!(moved.status(), 301, "{path}");
        assert!(
            !location.starts_with("//") && !location.contains('\\'),
            "{path} -> {location}"
        );
    }
}

#[tokio::test]
async fn debug_mode_tells_of_data_that_a_redirect_would_lose() {
    let post = || Request::post("/about").body(Body::empty()).unwrap();
    let service = serve(site(&[], slashed()).with_debug(true));
    let response = send(&service, post()).await;
    assert_eq!(response.status(), 500);
    assert!(
        super::text(response)
            .await
            .contains("the URL doesn&#x27;t end in a slash")
    );
    let service = serve(site(&[], slashed()));
    assert_eq!(send(&service, post()).await.status(), 301);
}

#[tokio::test]
async fn disallowed_user_agents_are_turned_away() {
    let ask = async |agents: Vec<String>| {
        let settings = WebSettings {
            disallowed_user_agents: agents,
            ..WebSettings::default()
        };
        let service = serve(site(&[], slashed()).with_settings(settings));
        let request = Request::get("/about/")
            .header("user-agent", "Mozilla BadBot/1.0")
            .body(Body::empty());
        send(&service, request.unwrap()).await.status()
    };
    assert_eq!(ask(vec!["^Good".into(), "BadBot".into()]).await, 403);
    assert_eq!(ask(Vec::new()).await, 200);
}

#[tokio::test]
async fn bodies_above_the_limit_are_not_read_to_the_end() {
    let urls = || Urls::new().path("", any(async |_: PostData| "read"), None);
    let ask = async |max: u64, body: Body| {
        let settings = WebSettings {
            request_body_max_size: max,
            ..WebSettings::default()
        };
        let service = serve(site(&[], urls()).with_settings(settings));
        let kind = "multipart/form-data; boundary=BB";
        let request = Request::post("/")
            .header("content-type", kind)
            .body(body)
            .unwrap();
        send(&service, request).await.status().as_u16()
    };
    let known = || Body::from(vec![b'x'; 2000]);
    // It would never end.
    let endless = || {
        Body::from_stream(futures_util::stream::repeat_with(|| {
            Ok::<_, std::io::Error>(
                "--BB\r\nContent-Disposition: form-data; name=\"f\"; filename=\"x\"\r\n\r\nxxxxxxxx\r\n",
            )
        }))
    };
    assert_eq!(ask(1000, known()).await, 413);
    assert_eq!(
        ask(3000, known()).await,
        400,
        "no boundary within the longest header"
    );
    assert_eq!(ask(5000, endless()).await, 413);
}

#[tokio::test]
async fn www_is_put_before_the_host_when_asked_for() {
    use nuages_security::hosts::{HostsLayer, HostsSettings};
    use tower_layer::Layer;
    let settings = WebSettings {
        prepend_www: true,
        ..WebSettings::default()
    };
    let service = serve(site(&[], slashed()).with_settings(settings));
    let hosts = HostsSettings {
        allowed_hosts: vec!["*".into()],
        ..HostsSettings::default()
    };
    let service = nuages_web::SharedService::new(HostsLayer::new(&hosts).layer(service));
    let moved = async |target: &str| {
        let request = Request::builder()
            .method(Method::GET)
            .uri(target)
            .header("host", "example.com");
        let moved = send(&service, request.body(Body::empty()).unwrap()).await;
        header(&moved, "location").to_owned()
    };
    let www = "http://www.example.com";
    assert_eq!(moved("/about?a=b").await, format!("{www}/about/?a=b"));
    assert_eq!(moved("/unknown").await, format!("{www}/unknown"));
    // Two slashes behind a host are two slashes, as in Django.
    assert_eq!(moved("//a/b?c").await, format!("{www}//a/b?c"));
}
