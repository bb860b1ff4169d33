//! The language of a site, from its settings and folders to its pages.

use axum::body::Body;
use http::{Request, Response};
use http_body_util::BodyExt;
use nuages_app::{App, BuildError, Settings, Site};
use nuages_template::context;
use nuages_web::{Language, Page, Urls, get, post, set_language};

const SETTINGS: &str = "secret_key = 'a key for tests only'\ndatabase_url = 'sqlite::memory:'\nallowed_hosts = ['testserver']\n";

const GERMAN: &str = "msgid \"\"\nmsgstr \"Plural-Forms: nplurals=2; plural=(n != 1);\\n\"\n\n\
    msgid \"Hello\"\nmsgstr \"Hallo\"\n\n\
    msgid \"%(n)s letter\"\nmsgid_plural \"%(n)s letters\"\n\
    msgstr[0] \"%(n)s Brief\"\nmsgstr[1] \"%(n)s Briefe\"\n";

const PAGE: &str = "{% load i18n %}{{ LANGUAGE_CODE }}: {% translate 'Hello' %} {{ day|date }} {{ sum }} \
    {% blocktranslate count n=letters %}{{ n }} letter{% plural %}{{ n }} letters{% endblocktranslate %}";

fn app() -> App {
    let view = async |page: Page| {
        let day = jiff::civil::date(2026, 3, 1);
        let context = context! { day, sum: 1234.5, letters: 2 };
        page.render("page.html", context).await
    };
    let code = async |language: Language, page: Page| {
        format!("{} {}", language.code(), page.gettext("Hello"))
    };
    let urls = Urls::new()
        .path("", get(view), "page")
        .path("code/", get(code), "code")
        .path("setlang/", post(set_language).csrf_exempt(), "set_language");
    App::new("letters")
        .urls("", urls)
        .templates(&[("page.html", PAGE)])
        .translations("de", GERMAN)
}

fn settings(more: &str) -> Settings {
    Settings::from_toml("test.toml", &format!("{SETTINGS}{more}")).unwrap()
}

async fn ask(more: &str, path: &str, headers: &[(&str, &str)]) -> (Response<()>, String) {
    send(more, path, headers, None).await
}

async fn send(
    more: &str,
    path: &str,
    headers: &[(&str, &str)],
    body: Option<&'static str>,
) -> (Response<()>, String) {
    let site = Site::new().with_settings(settings(more)).install(app());
    let site = site.build().unwrap();
    let db = site.connect().await.unwrap();
    let mut request = Request::get(path);
    if body.is_some() {
        request = Request::post(path).header("content-type", "application/x-www-form-urlencoded");
    }
    request = request.header("host", "testserver");
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let request = request.body(Body::from(body.unwrap_or(""))).unwrap();
    let Ok(response) = site.service(&db).unwrap().respond(request).await;
    let (parts, body) = response.into_parts();
    let bytes = body.collect().await.unwrap().to_bytes();
    let text = String::from_utf8(bytes.to_vec()).unwrap();
    (Response::from_parts(parts, ()), text)
}

const ENGLISH_PAGE: &str = "en-us: Hello March 1, 2026 1234.5 2 letters";
const GERMAN_PAGE: &str = "de: Hallo 1. März 2026 1234,5 2 Briefe";

#[tokio::test]
async fn a_page_is_in_the_language_of_the_site() {
    assert_eq!(ask("", "/", &[]).await.1, ENGLISH_PAGE);
    let german = "language_code = 'de'\n";
    assert_eq!(ask(german, "/", &[]).await.1, GERMAN_PAGE);
    assert_eq!(ask(german, "/code/", &[]).await.1, "de Hallo");
    let grouped = format!("{german}use_thousand_separator = true\n");
    assert!(ask(&grouped, "/", &[]).await.1.contains("1.234,5"));
}

#[tokio::test]
async fn a_visitor_chooses_the_language_only_where_the_site_says_so() {
    let wanted = [("accept-language", "de-AT, en;q=0.5")];
    let (response, body) = ask("", "/", &wanted).await;
    assert_eq!(body, ENGLISH_PAGE);
    assert!(!response.headers().contains_key("content-language"));

    let on = "language_from_request = true\n";
    let (response, body) = ask(on, "/", &wanted).await;
    assert_eq!(body, GERMAN_PAGE);
    assert_eq!(response.headers()["content-language"], "de");
    let varies = response.headers().get_all("vary").iter();
    let varies: Vec<&str> = varies.filter_map(|value| value.to_str().ok()).collect();
    assert!(varies.join(", ").contains("Accept-Language"), "{varies:?}");

    let cookie = [
        ("cookie", "django_language=de"),
        ("accept-language", "en-us"),
    ];
    assert_eq!(ask(on, "/", &cookie).await.1, GERMAN_PAGE);
    // HTTP/2 sends cookies in several lines, and proxies may split any list.
    let split = [("cookie", "é=1; a=b"), ("cookie", "django_language=de")];
    assert_eq!(ask(on, "/", &split).await.1, GERMAN_PAGE);
    let lists = [
        ("accept-language", "it"),
        ("accept-language", "de, en-us;q=0.9"),
    ];
    assert_eq!(ask(on, "/", &lists).await.1, GERMAN_PAGE);
    let unknown = [("cookie", "django_language=../../etc/passwd")];
    assert_eq!(ask(on, "/", &unknown).await.1, ENGLISH_PAGE);
}

#[tokio::test]
async fn a_chosen_language_is_kept_and_nobody_is_sent_away() {
    let choose = async |body: &'static str| {
        let (response, _) = send("", "/setlang/", &[], Some(body)).await;
        let header = |name: &str| {
            let value = response.headers().get(name);
            value.map_or(String::new(), |value| value.to_str().unwrap().to_owned())
        };
        (header("location"), header("set-cookie"))
    };
    let (location, cookie) = choose("language=de&next=/code/").await;
    assert_eq!(location, "/code/");
    assert!(cookie.starts_with("django_language=de; "), "{cookie}");
    let (location, cookie) = choose("language=xx&next=https://evil.example/").await;
    assert_eq!((location.as_str(), cookie.as_str()), ("/", ""));
}

#[tokio::test]
async fn a_script_that_chooses_a_language_is_not_sent_on() {
    let choose = async |accept: &'static str, body: &'static str| {
        let headers = [("accept", accept)];
        let (response, _) = send("", "/setlang/", &headers, Some(body)).await;
        let location = response.headers().get("location");
        let location = location.map(|value| value.to_str().unwrap().to_owned());
        let is_kept = response.headers().contains_key("set-cookie");
        (response.status().as_u16(), location, is_kept)
    };
    let to = |path: &str| Some(path.to_owned());
    let json = "application/json";
    assert_eq!(choose(json, "language=de").await, (204, None, true));
    assert_eq!(choose(json, "language=de&next=").await, (204, None, true));
    assert_eq!(choose(json, "language=xx").await, (204, None, false));
    let named = choose(json, "language=de&next=/code/").await;
    assert_eq!(named, (302, to("/code/"), true));
    let elsewhere = choose(json, "language=de&next=https://evil.example/").await;
    assert_eq!(elsewhere, (302, to("/"), true));
    let browser = choose("text/html", "language=de").await;
    assert_eq!(browser, (302, to("/"), true));
}

#[tokio::test]
async fn the_cookie_of_a_language_is_as_the_settings_say() {
    let cookie = async |more: &str| {
        let (response, _) = send(more, "/setlang/", &[], Some("language=de")).await;
        response.headers()["set-cookie"]
            .to_str()
            .unwrap()
            .to_owned()
    };
    let usual = cookie("").await;
    assert!(usual.contains("Max-Age=31536000"), "{usual}");
    assert!(usual.ends_with("Path=/; SameSite=Lax"), "{usual}");
    let more = "language_cookie_name = 'tongue'\nlanguage_cookie_age = 60\n\
        language_cookie_domain = '.example.com'\nlanguage_cookie_httponly = true\n\
        language_cookie_path = '/app/'\nlanguage_cookie_samesite = 'Strict'\n\
        language_cookie_secure = true\n";
    let chosen = cookie(more).await.to_lowercase();
    let parts = [
        "tongue=de; ",
        "max-age=60;",
        "domain=.example.com",
        "httponly",
        "path=/app/",
        "samesite=strict",
        "secure",
    ];
    for part in parts {
        assert!(chosen.contains(part), "{part} in {chosen}");
    }
}

#[tokio::test]
async fn the_folders_of_the_site_win_over_the_apps() {
    let folder = std::env::temp_dir().join(format!("nuages-locale-{}", std::process::id()));
    let messages = folder.join("de/LC_MESSAGES");
    std::fs::create_dir_all(&messages).unwrap();
    std::fs::write(
        messages.join("django.po"),
        "msgid \"Hello\"\nmsgstr \"Grüezi\"\n",
    )
    .unwrap();
    let more = format!(
        "language_code = 'de'\nlocale_paths = ['{}']\n",
        folder.display()
    );
    let body = ask(&more, "/", &[]).await.1;

    std::fs::write(messages.join("django.po"), "msgid \"Hello\n").unwrap();
    let broken = Site::new().with_settings(settings(&more)).build();
    std::fs::remove_dir_all(&folder).unwrap();
    assert_eq!(body, GERMAN_PAGE.replace("Hallo", "Grüezi"));
    let Err(error @ BuildError::Translations(_)) = broken else {
        panic!("a broken catalogue should stop the start");
    };
    assert!(error.to_string().contains("django.po: line 1"), "{error}");
}

#[tokio::test]
async fn a_language_that_cannot_be_is_named_by_the_checks() {
    let site = Site::new().with_settings(settings("language_code = 'de_DE'\n"));
    let checks = site.build().unwrap().checks(false);
    assert!(checks.iter().any(|check| check.id == "translation.E001"));
}
