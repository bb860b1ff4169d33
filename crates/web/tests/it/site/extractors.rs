//! Extractors: the path, the query, JSON, forms.

use axum::body::Body;
use http::Request;
use nuages_web::{GetData, Json, Path, PostData, Urls, WebSettings, any, get};
use serde::Deserialize;

use super::{get_text, send, serve, site, text};

#[derive(Debug, Deserialize)]
struct Archive {
    year: u16,
    slug: String,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Colour {
    Red,
}

#[tokio::test]
async fn captures_become_numbers_tuples_structs_and_enums() {
    let urls = Urls::new()
        .path(
            "n/<int:n>/",
            get(async |Path(n): Path<u8>| n.to_string()),
            None,
        )
        .path(
            "t/<int:a>/<str:b>/",
            get(async |Path((a, b)): Path<(i64, String)>| format!("{a} {b}")),
            None,
        )
        .path(
            "s/<int:year>/<slug:slug>/",
            get(async |Path(Archive { year, slug })| format!("{year} {slug}")),
            None,
        )
        .path(
            "c/<colour>/",
            get(async |Path(colour): Path<Colour>| format!("{colour:?}")),
            None,
        )
        .path(
            "x/<int:n>/",
            get(async |Path(n): Path<Archive>| format!("{n:?}")),
            None,
        );
    let service = serve(site(&[], urls));
    assert_eq!(get_text(&service, "/n/255/").await.1, "255");
    assert_eq!(get_text(&service, "/t/7/a%20b/").await.1, "7 a b");
    assert_eq!(get_text(&service, "/s/2026/x-y/").await.1, "2026 x-y");
    assert_eq!(get_text(&service, "/c/red/").await.1, "Red");
    // Values that do not fit are nobody's page; a view that does not fit its route is a mistake.
    assert_eq!(get_text(&service, "/n/256/").await.0, 404);
    assert_eq!(
        get_text(&service, "/s/99999999999999999999999999/x/")
            .await
            .0,
        404
    );
    assert_eq!(get_text(&service, "/c/green/").await.0, 404);
    assert_eq!(get_text(&service, "/x/1/").await.0, 500);
}

#[tokio::test]
async fn the_query_string_has_django_s_limit() {
    let urls = Urls::new().path(
        "",
        get(async |query: GetData| query.get_list("a").join("+")),
        None,
    );
    let settings = WebSettings {
        data_upload_max_number_fields: 2,
        ..WebSettings::default()
    };
    let service = serve(site(&[], urls).with_settings(settings));
    assert_eq!(get_text(&service, "/?a=1&a=%C3%A9+x").await.1, "1+é x");
    assert_eq!(get_text(&service, "/?a=1&a=2&a=3").await.0, 400);
}

#[tokio::test]
async fn malformed_json_is_a_400() {
    let urls = Urls::new().path(
        "",
        any(async |Json(list): Json<Vec<i64>>| Json(list.len())),
        None,
    );
    let service = serve(site(&[], urls));
    let ask = async |kind: &'static str, body: &'static str| {
        let request = Request::post("/")
            .header("content-type", kind)
            .body(Body::from(body))
            .unwrap();
        let response = send(&service, request).await;
        (response.status().as_u16(), text(response).await)
    };
    assert_eq!(ask("application/json", "[1, 2]").await, (200, "2".into()));
    assert_eq!(ask("application/json; charset=utf-8", "[1, ").await.0, 400);
    assert_eq!(ask("application/json", "{}").await.0, 400);
    assert_eq!(ask("text/plain", "[1]").await.0, 400);
}

fn form_site(settings: WebSettings) -> nuages_web::SharedService {
    let view = any(async |post: PostData| {
        let file = post
            .file("f")
            .map(|file| format!(" {} {}", file.name(), file.size()));
        format!("{}{}", post.urlencode(), file.unwrap_or_default())
    });
    serve(site(&[], Urls::new().path("", view, None)).with_settings(settings))
}

async fn post_form(
    service: &nuages_web::SharedService,
    kind: &str,
    body: impl Into<Body>,
) -> (u16, String) {
    let request = Request::post("/")
        .header("content-type", kind)
        .body(body.into())
        .unwrap();
    let response = send(service, request).await;
    (response.status().as_u16(), text(response).await)
}

const URLENCODED: &str = "application/x-www-form-urlencoded";

#[tokio::test]
async fn forms_larger_than_the_limits_are_refused() {
    let settings = WebSettings {
        data_upload_max_memory_size: 20,
        data_upload_max_number_fields: 3,
        ..WebSettings::default()
    };
    let service = form_site(settings);
    assert_eq!(
        post_form(&service, URLENCODED, "a=1&b=x+y").await,
        (200, "a=1&b=x+y".into())
    );
    assert_eq!(
        post_form(&service, URLENCODED, "a=1&a=1&a=1&a=1").await.0,
        400
    );
    assert_eq!(
        post_form(&service, URLENCODED, "a=0123456789012345678")
            .await
            .0,
        400
    );
    assert_eq!(
        post_form(
            &service,
            "application/x-www-form-urlencoded; charset=latin-1",
            "a=1"
        )
        .await
        .0,
        400
    );
    // Chunked bodies announce no length, and are measured all the same.
    let endless = futures_util::stream::repeat_with(|| Ok::<_, std::io::Error>("a=1"));
    assert_eq!(
        post_form(&service, URLENCODED, Body::from_stream(endless))
            .await
            .0,
        400
    );
    // With the default limits the same form passes.
    assert_eq!(
        post_form(
            &form_site(WebSettings::default()),
            URLENCODED,
            "a=0123456789012345678"
        )
        .await
        .0,
        200
    );
}

#[tokio::test]
async fn large_files_go_to_the_disk_and_leave_nothing_behind() {
    let folder = std::env::temp_dir().join(format!("nuages-web-test-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let settings = WebSettings {
        file_upload_max_memory_size: 1000,
        file_upload_temp_dir: Some(folder.to_str().unwrap().to_owned()),
        ..WebSettings::default()
    };
    let head = "--BB\r\nContent-Disposition: form-data; name=\"f\"; filename=\"../x.bin\"\r\n\r\n";
    let pieces = std::iter::once(head.to_owned())
        .chain(std::iter::repeat_n("0123456789".repeat(10), 500))
        .chain(std::iter::once("\r\n--BB--\r\n".to_owned()));
    let body = Body::from_stream(futures_util::stream::iter(
        pieces.map(Ok::<_, std::io::Error>),
    ));
    let service = form_site(settings);
    let answer = post_form(&service, "multipart/form-data; boundary=BB", body).await;
    assert_eq!(answer, (200, " x.bin 50000".into()));
    assert_eq!(std::fs::read_dir(&folder).unwrap().count(), 0);
    std::fs::remove_dir(&folder).unwrap();
}

#[tokio::test]
async fn a_cookie_is_found_beside_one_that_is_no_ascii_and_in_a_second_header() {
    let urls = Urls::new().path(
        "c/",
        get(async |req: nuages_web::RequestInfo| {
            let cookie = |name| req.cookie(name).unwrap_or_else(|| "none".to_owned());
            format!("{} {} {}", cookie("a"), cookie("b"), cookie("word"))
        }),
        None,
    );
    let service = serve(site(&[], urls));
    let request = Request::get("/c/")
        .header(
            "cookie",
            http::HeaderValue::from_bytes("word=é; a=1".as_bytes()).unwrap(),
        )
        .header("cookie", "b=2; a=3")
        .body(Body::empty())
        .unwrap();
    assert_eq!(text(send(&service, request).await).await, "3 2 é");
}

#[tokio::test]
async fn the_content_type_that_templates_see_has_small_letters_and_no_parameters() {
    let templates = &[(
        "t.html",
        "{{ request.content_type }} {{ request.encoding }}",
    )];
    let view =
        async |page: nuages_web::Page| page.render("t.html", nuages_template::context! {}).await;
    let service = serve(site(templates, Urls::new().path("t/", any(view), None)));
    let shown = async |content_type: &str| {
        let request = Request::post("/t/")
            .header("content-type", content_type)
            .body(Body::empty())
            .unwrap();
        text(send(&service, request).await).await
    };
    assert_eq!(
        shown("Text/HTML; Charset=latin-1").await,
        "text/html latin-1"
    );
    assert_eq!(shown("text/plain;charset=klingon").await, "text/plain None");
}

#[tokio::test]
async fn request_info_takes_as_many_parameters_as_the_site_does() {
    let urls = || {
        Urls::new().path(
            "q/",
            get(async |req: nuages_web::RequestInfo| {
                req.query().get("last").unwrap_or("none").to_owned()
            }),
            None,
        )
    };
    let shown = async |max: usize, count: usize| {
        let settings = WebSettings {
            data_upload_max_number_fields: max,
            ..WebSettings::default()
        };
        let service = serve(site(&[], urls()).with_settings(settings));
        let query = "a=1&".repeat(count);
        get_text(&service, &format!("/q/?{query}last=here")).await.1
    };
    assert_eq!(shown(2000, 1500).await, "here");
    assert_eq!(shown(1000, 1500).await, "none");
    assert_eq!(shown(10, 9).await, "here");
    assert_eq!(shown(10, 10).await, "none");
}
