//! The site under attack: views that show what they were asked for, behind the page cache, and behind a naive one.

use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use http::{HeaderMap, StatusCode};
use nuages::prelude::*;
use nuages::testing::TestSite;
use nuages::web::{Language, RequestInfo};

pub(super) const AGE: Duration = Duration::from_mins(5);

const TEMPLATES: &[(&str, &str)] = &[
    ("form.html", "<form method=post>{% csrf_token %}</form>"),
    ("script.html", "<script nonce=\"{{ csp_nonce }}\"></script>"),
];

/// How a response is to be: status and headers.
type Spec = Query<Vec<(String, String)>>;

/// A page, not yet a response.
type Draft = (StatusCode, HeaderMap, String);

/// The site, and how often its views have run.
pub(super) struct Target {
    pub(super) site: TestSite,
    pub(super) runs: Arc<AtomicUsize>,
}

impl Target {
    pub(super) async fn new(change: impl FnOnce(&mut Settings)) -> Self {
        let runs = Arc::new(AtomicUsize::new(0));
        let count = runs.clone();
        let draft = move |info: &RequestInfo, spec: &[(String, String)]| {
            draft(count.fetch_add(1, Ordering::SeqCst), info, spec)
        };
        let plain = draft.clone();
        let echo = move |info: RequestInfo, Query(spec): Spec| {
            std::future::ready(respond(plain(&info, &spec)))
        };
        // What a cache does that knows the target only, and keeps whatever it gets.
        let kept: Arc<Mutex<HashMap<String, Draft>>> = Arc::default();
        let naive = move |info: RequestInfo, Query(spec): Spec| {
            let mut kept = kept.lock().unwrap();
            let page = kept.entry(info.uri().to_string());
            let page = page.or_insert_with(|| draft(&info, &spec)).clone();
            std::future::ready(respond(page))
        };
        let count = runs.clone();
        let stream = move || {
            let number = count.fetch_add(1, Ordering::SeqCst);
            let piece = std::future::ready(Ok::<_, std::io::Error>(format!("run {number}")));
            std::future::ready(StreamResponse::new(futures_util::stream::once(piece)))
        };
        let urls = Urls::new()
            .include("accounts/", nuages::auth::urls())
            .path("echo/", any(echo.clone()).cache_page(AGE), "echo")
            .path("p/", any(echo.clone()).cache_page(AGE), "p")
            .path("plain/", any(echo.clone()), "plain")
            .path("never/", any(echo).never_cache(), "never")
            .path("stream/", get(stream).cache_page(AGE), "stream")
            .path("naive/", any(naive), "naive")
            .path("form/", get(form).cache_page(AGE), "form")
            .path("script/", get(script).cache_page(AGE), "script")
            .path("user/", get(user).cache_page(AGE), "user")
            .path("session/", get(session).cache_page(AGE), "session")
            .path("remember/<str:word>/", get(remember), "remember")
            .path(
                "members/",
                get(async || "for members").login_required().cache_page(AGE),
                "members",
            )
            .path("language/", get(language).cache_page(AGE), "language");
        let site = Site::new()
            .install(nuages::auth::app())
            .install(App::new("target").templates(TEMPLATES))
            .urls(urls);
        Self {
            site: TestSite::with(site, change).await,
            runs,
        }
    }

    pub(super) fn runs(&self) -> usize {
        self.runs.load(Ordering::SeqCst)
    }
}

/// Shows what a view may show of a request: each run another number.
fn draft(number: usize, info: &RequestInfo, spec: &[(String, String)]) -> Draft {
    let mut headers = HeaderMap::new();
    let mut status = StatusCode::OK;
    for (name, value) in spec {
        match name.as_str() {
            "status" => status = value.parse().unwrap(),
            "vary" | "cache-control" | "set-cookie" | "content-disposition" => {
                let name: http::HeaderName = name.parse().unwrap();
                headers.append(name, value.parse().unwrap());
            }
            _ => {}
        }
    }
    let shown = |name: &str| {
        let lines = info.headers().get_all(name).iter();
        let lines: Vec<_> = lines
            .map(|line| String::from_utf8_lossy(line.as_bytes()))
            .collect();
        format!("{name}={lines:?}")
    };
    let query: Vec<String> = info
        .query()
        .lists()
        .map(|(name, values)| format!("{name}={values:?}"))
        .collect();
    let body = format!(
        "run {number} of {} {} at {} {query:?} {} {} {} {}",
        info.path(),
        info.full_path(),
        info.own_url().unwrap_or_default(),
        shown("x-a"),
        shown("x-b"),
        shown("authorization"),
        shown("cookie"),
    );
    (status, headers, body)
}

fn respond((status, headers, body): Draft) -> Response {
    let mut res = Response::new(body.into());
    *res.status_mut() = status;
    *res.headers_mut() = headers;
    res
}

async fn form(page: Page) -> Result {
    page.render("form.html", context! {}).await
}

async fn script(page: Page) -> Result {
    page.render("script.html", context! {}).await
}

async fn user(user: Option<CurrentUser>) -> String {
    user.map_or_else(|| "nobody".to_owned(), |user| user.username.clone())
}

async fn session(session: Session) -> Result<String> {
    let word: Option<String> = session.get("word").await?;
    Ok(word.unwrap_or_default())
}

async fn remember(session: Session, Path(word): Path<String>) -> Result<&'static str> {
    session.set("word", word).await?;
    Ok("kept")
}

async fn language(language: Language) -> String {
    language.code().to_owned()
}
