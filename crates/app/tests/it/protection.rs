//! What single routes ask of the layers, and the answers to refused requests.

use axum::body::Body;
use http::{Request, StatusCode};
use http_body_util::BodyExt;
use nuages_app::{App, Onion, Settings, Site};
use nuages_migrations::Target;
use nuages_security::csp::{Policy, SELF};
use nuages_security::csrf::{CsrfToken, Rejection};
use nuages_template::context;
use nuages_web::{Page, Result, SharedService, Urls, View, get, post};

const SETTINGS: &str = r#"
secret_key = "a key for tests only, never for a site that anybody can reach"
database_url = "sqlite::memory:"
allowed_hosts = ["testserver"]
"#;

fn urls() -> Urls {
    let done = || -> View { post(async || "done") };
    let show = || -> View { get(async || "shown") };
    let token = || -> View {
        get(async |token: Option<axum::Extension<CsrfToken>>| {
            token.map_or_else(|| "none".to_owned(), |token| token.get())
        })
    };
    let maps = Policy::new().directive("default-src", ["https://maps.example"]);
    let watch = Policy::new().directive("script-src", [SELF]);
    Urls::new()
        .path("plain/", done(), "plain")
        .path("protect/", done().csrf_protect(), "protect")
        .path("exempt/", done().csrf_exempt(), "exempt")
        .path("both/", done().csrf_protect().csrf_exempt(), "both")
        .path("ensure/", show().ensure_csrf_cookie(), "ensure")
        .path(
            "exempt-ensure/",
            done().csrf_exempt().ensure_csrf_cookie(),
            "exempt-ensure",
        )
        .path("requires/", token().requires_csrf_token(), "requires")
        .path("token/", token(), "token")
        .path("show/", show(), "show")
        .path("deny/", show().xframe_options_deny(), "deny")
        .path("same/", show().xframe_options_sameorigin(), "same")
        .path("framed/", show().xframe_options_exempt(), "framed")
        .path("maps/", show().csp_override(&maps), "maps")
        .path("none/", show().csp_override(&Policy::new()), "none")
        .path("watch/", show().csp_report_only_override(&watch), "watch")
        .path(
            "two/",
            show().csp_override(&maps).csp_report_only_override(&watch),
            "two",
        )
}

async fn service(site: Site, more: &str) -> SharedService {
    let settings = Settings::from_toml("test.toml", &format!("{SETTINGS}{more}")).unwrap();
    let site = site.with_settings(settings).urls(urls()).build().unwrap();
    let db = site.connect().await.unwrap();
    site.migrate(&db, &Target::All).await.unwrap();
    site.service(&db).unwrap()
}

struct Answer {
    status: u16,
    headers: http::HeaderMap,
    body: String,
}

impl Answer {
    fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .map_or("", |value| value.to_str().unwrap())
    }

    fn sets_cookie(&self) -> bool {
        self.header("set-cookie").starts_with("csrftoken=")
    }
}

async fn send(service: &SharedService, method: &str, path: &str) -> Answer {
    let request = Request::builder().method(method).uri(path);
    let request = request.header("host", "testserver").body(Body::empty());
    let Ok(response) = service.respond(request.unwrap()).await;
    let (parts, body) = response.into_parts();
    let body = body.collect().await.unwrap().to_bytes();
    Answer {
        status: parts.status.as_u16(),
        headers: parts.headers,
        body: String::from_utf8_lossy(&body).into_owned(),
    }
}

#[tokio::test]
async fn routes_ask_for_protection_also_where_the_layer_is_left_out() {
    let whole = service(Site::new(), "").await;
    let bare = service(Site::new().insecure_without(Onion::Csrf), "").await;
    for (path, with, without) in [
        ("/plain/", 403, 200),
        ("/protect/", 403, 403),
        ("/exempt/", 200, 200),
        // What asks for protection has it.
        ("/both/", 403, 403),
        ("/exempt-ensure/", 200, 200),
    ] {
        assert_eq!(send(&whole, "POST", path).await.status, with, "{path}");
        assert_eq!(send(&bare, "POST", path).await.status, without, "{path}");
    }
    for service in [&whole, &bare] {
        assert!(send(service, "GET", "/ensure/").await.sets_cookie());
        assert!(send(service, "POST", "/exempt-ensure/").await.sets_cookie());
        assert!(!send(service, "GET", "/show/").await.sets_cookie());
        let requires = send(service, "GET", "/requires/").await;
        assert_eq!(requires.body.len(), 64);
    }
    assert_eq!(send(&bare, "GET", "/token/").await.body, "none");
}

#[tokio::test]
async fn frame_options_of_a_route_hold_with_and_without_the_layer() {
    let whole = service(Site::new(), "").await;
    let bare = service(Site::new().insecure_without(Onion::FrameOptions), "").await;
    for (path, with, without) in [
        ("/show/", "DENY", ""),
        ("/deny/", "DENY", "DENY"),
        ("/same/", "SAMEORIGIN", "SAMEORIGIN"),
        ("/framed/", "", ""),
    ] {
        let header = "x-frame-options";
        assert_eq!(
            send(&whole, "GET", path).await.header(header),
            with,
            "{path}"
        );
        assert_eq!(
            send(&bare, "GET", path).await.header(header),
            without,
            "{path}"
        );
    }
}

#[tokio::test]
async fn a_route_has_policies_of_its_own() {
    let report = "\n[secure_csp_report_only]\ndefault-src = [\"'none'\"]\n";
    let service = service(Site::new(), report).await;
    let site = "default-src 'self'";
    for (path, enforced, reported) in [
        ("/show/", site, "default-src 'none'"),
        (
            "/maps/",
            "default-src https://maps.example",
            "default-src 'none'",
        ),
        ("/none/", "", "default-src 'none'"),
        ("/watch/", site, "script-src 'self'"),
        (
            "/two/",
            "default-src https://maps.example",
            "script-src 'self'",
        ),
    ] {
        let answer = send(&service, "GET", path).await;
        let found = answer.header("content-security-policy");
        assert!(
            found.starts_with(enforced) && found.is_empty() == enforced.is_empty(),
            "{path}: {found}"
        );
        let found = answer.header("content-security-policy-report-only");
        assert_eq!(found, reported, "{path}");
    }
}

#[tokio::test]
async fn what_leads_nowhere_is_not_found_whatever_the_method_as_in_django() {
    let service = service(Site::new(), "").await;
    assert_eq!(send(&service, "POST", "/nowhere/").await.status, 404);
    let answer = send(&service, "POST", "/plain").await;
    assert_eq!((answer.status, answer.header("location")), (301, "/plain/"));
    // The pair: where there is a view, it is protected.
    assert_eq!(send(&service, "POST", "/plain/").await.status, 403);
    assert_eq!(send(&service, "POST", "/show/").await.status, 403);
}

async fn refused(page: Page, why: Rejection) -> Result {
    let words = context! { why: why.refusal.id() };
    page.status(StatusCode::IM_A_TEAPOT)
        .render("refused.html", words)
        .await
}

#[tokio::test]
async fn a_site_answers_refused_requests_by_its_own_view() {
    let pages = App::new("pages").templates(&[("refused.html", "Again, please: {{ why }}")]);
    let site = Site::new().install(pages).csrf_failure_view(refused);
    let answer = send(&service(site, "").await, "POST", "/plain/").await;
    assert_eq!(answer.status, 418);
    assert_eq!(answer.body, "Again, please: csrf.no-cookie");
    assert_eq!(answer.header("x-frame-options"), "DENY");
}

#[tokio::test]
async fn a_site_answers_refused_requests_by_its_own_template() {
    let template = "{{ title }}|{{ main }}|{{ reason }}|{% if no_cookie %}{{ no_cookie1 }}{% endif %}\
                    {% if no_referer %}R{% endif %}|{{ request.path }}|{% csrf_token %}";
    let pages = App::new("pages").templates(&[("403_csrf.html", template)]);
    let answer = send(
        &service(Site::new().install(pages), "").await,
        "POST",
        "/plain/",
    )
    .await;
    assert_eq!(answer.status, 403);
    let begin = "Forbidden|CSRF verification failed. Request aborted.|CSRF cookie not set.|You are seeing this";
    assert!(answer.body.starts_with(begin), "{}", answer.body);
    assert!(answer.body.contains("|/plain/|<input"), "{}", answer.body);
    assert!(answer.sets_cookie());
    let plain = send(&service(Site::new(), "").await, "POST", "/plain/").await;
    assert!(
        plain
            .body
            .contains("More information is available with DEBUG=True")
    );
}

#[tokio::test]
async fn a_page_that_the_visitor_has_is_not_sent_again_where_the_site_says_so() {
    for (more, status) in [("conditional_get = true", 304), ("", 200)] {
        let service = service(Site::new(), more).await;
        let first = send(&service, "GET", "/show/").await;
        assert_eq!(first.headers.contains_key("etag"), status == 304);
        let tag = first.header("etag").to_owned();
        let request = Request::get("/show/")
            .header("host", "testserver")
            .header("if-none-match", tag);
        let Ok(response) = service.respond(request.body(Body::empty()).unwrap()).await;
        assert_eq!(response.status().as_u16(), status);
    }
}
