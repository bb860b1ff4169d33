//! Errors, panics and their pages.

use nuages_template::context;
use nuages_web::{Error, Page, Result, Urls, get};

use super::{get_text, serve, site};

const SECRET: &str = "postgres://user:hunter2@db";

fn failing() -> Urls {
    Urls::new()
        .path(
            "fails/",
            get(async || Err::<(), _>(Error::server(SECRET))),
            "fails",
        )
        .path(
            "question/",
            get(async || -> Result<&'static str> {
                let _: u8 = "<b>".parse()?;
                Ok("")
            }),
            None,
        )
        .path(
            "panics/",
            get(async || -> () { std::panic::panic_any(SECRET) }),
            None,
        )
        .path(
            "denied/",
            get(async || Error::permission_denied("<script>no")),
            None,
        )
        .path(
            "gone/",
            get(async || Error::not_found("<script>gone")),
            None,
        )
        .path("bad/", get(async || Error::bad_request("bad")), None)
        .path(
            "broken/",
            get(async |page: Page| page.render("broken.html", context! {}).await),
            None,
        )
        .path("fine/", get(async || "fine"), None)
}

const BROKEN: (&str, &str) = ("broken.html", "<p>\n{% url 'nowhere' %}</p>");

#[tokio::test]
async fn visitors_see_fixed_words_only() {
    let service = serve(site(&[BROKEN], failing()));
    for (path, status, title) in [
        ("/fails/", 500, "<h1>Server Error (500)</h1>"),
        ("/question/", 500, "<h1>Server Error (500)</h1>"),
        ("/panics/", 500, "<h1>Server Error (500)</h1>"),
        ("/broken/", 500, "<h1>Server Error (500)</h1>"),
        ("/denied/", 403, "<h1>403 Forbidden</h1>"),
        ("/gone/", 404, "<h1>Not Found</h1>"),
        ("/nothing/", 404, "<h1>Not Found</h1>"),
        ("/bad/", 400, "<h1>Bad Request (400)</h1>"),
    ] {
        let (found, page) = get_text(&service, path).await;
        assert_eq!(found, status, "{path}");
        assert!(page.contains(title), "{path}: {page}");
        assert!(
            !page.contains("hunter2") && !page.contains("script") && !page.contains("nowhere"),
            "{page}"
        );
    }
    // The server lives on after panics.
    assert_eq!(get_text(&service, "/fine/").await.1, "fine");
}

#[tokio::test]
async fn debug_mode_shows_what_went_wrong_and_escapes_it() {
    let service = serve(site(&[BROKEN], failing()).with_debug(true));
    let (status, page) = get_text(&service, "/question/").await;
    assert_eq!(status, 500);
    assert!(page.contains("invalid digit found in string"), "{page}");
    let (_, page) = get_text(&service, "/broken/").await;
    assert!(
        page.contains("In template <code>broken.html</code>, error at line 2"),
        "{page}"
    );
    assert!(
        page.contains("Reverse for &#x27;nowhere&#x27; not found."),
        "{page}"
    );
    let (_, page) = get_text(&service, "/gone/").await;
    assert!(page.contains("&lt;script&gt;gone"), "{page}");
    let (_, page) = get_text(&service, "/panics/").await;
    assert!(page.contains("panicked"), "{page}");
}

#[tokio::test]
async fn debug_mode_lists_the_patterns_that_were_tried() {
    let service = serve(site(&[], failing()).with_debug(true));
    let (status, page) = get_text(&service, "/%3Cscript%3E/").await;
    assert_eq!(status, 404);
    assert!(
        page.contains("<code>fails/ [name=&#x27;fails&#x27;]</code>")
            || page.contains("<code>fails/ [name='fails']</code>"),
        "{page}"
    );
    assert!(
        page.contains("The current path, <code>&lt;script&gt;/</code>, didn’t match any of these."),
        "{page}"
    );
    assert!(!page.contains("<script>"), "{page}");
}

#[tokio::test]
async fn the_site_s_own_error_pages_are_used() {
    let own = [
        (
            "404.html",
            "lost: {{ request_path }} {{ exception }} {{ request.method }}",
        ),
        ("403.html", "no: {{ exception }}"),
        ("500.html", "sorry{{ exception }}"),
    ];
    let service = serve(site(&own, failing()));
    assert_eq!(
        get_text(&service, "/gone/").await.1,
        "lost: /gone/ &lt;script&gt;gone GET"
    );
    assert_eq!(
        get_text(&service, "/denied/").await.1,
        "no: &lt;script&gt;no"
    );
    assert_eq!(get_text(&service, "/fails/").await.1, "sorry");
    let (status, page) = get_text(&service, "/n%C3%A9/").await;
    assert_eq!(status, 404);
    assert!(page.starts_with("lost: /n%C3%A9/ "), "{page}");
    // A broken one does not make things worse.
    let service = serve(site(&[("500.html", "{% url 'nowhere' %}")], failing()));
    assert!(
        get_text(&service, "/fails/")
            .await
            .1
            .contains("Server Error (500)")
    );
}
