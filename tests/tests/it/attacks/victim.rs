//! The site under attack: a counter that only a POST may move, and the login pages.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use nuages::Onion;
use nuages::prelude::*;
use nuages::testing::{Client, TestSite};

use super::over::Running;

/// A password that the validators accept.
pub(crate) const PASSWORD: &str = "correct horse battery";

const TEMPLATES: &[(&str, &str)] = &[
    ("page.html", "<form method=post>{% csrf_token %}</form>"),
    (
        "fragment.html",
        "{% load cache %}{% cache 300 form %}<form method=post>{% csrf_token %}</form>{% endcache %}",
    ),
];

/// A running site, and how often its dangerous view has run.
pub(crate) struct Victim {
    pub(crate) site: TestSite,
    running: Running,
    bumps: Arc<AtomicUsize>,
}

impl Victim {
    /// The site with every protection on.
    pub(crate) async fn protected() -> Self {
        Self::with(|_| (), &[]).await
    }

    /// The site with other settings and without some layers.
    pub(crate) async fn with(change: impl FnOnce(&mut Settings), without: &[Onion]) -> Self {
        let bumps = Arc::new(AtomicUsize::new(0));
        let count = bumps.clone();
        let bump = move || {
            count.fetch_add(1, Ordering::SeqCst);
            async { "bumped" }
        };
        let urls = Urls::new()
            .include("accounts/", nuages::auth::urls())
            .path("bump/", post(bump.clone()), "bump")
            .path(
                "change/",
                post(bump.clone())
                    .put(bump.clone())
                    .patch(bump.clone())
                    .delete(bump.clone()),
                "change",
            )
            .path("order/", post(bump).login_required(), "order")
            .path("page/", get(page), "page")
            .path("fragment/", get(fragment), "fragment")
            .path("naive-form/", get(naive_form), "naive-form")
            .path("form/", get(form), "form")
            .path("whoami/", get(whoami), "whoami")
            .path("remember/<str:word>/", get(remember), "remember")
            .path("recall/", get(recall), "recall")
            .path("linger/", get(linger), "linger")
            .path("put/<str:word>/", get(put), "put")
            .path("count-up/", get(count_up), "count-up")
            .path("names/", get(names), "names")
            .path("stored/", get(stored), "stored")
            .path(
                "forget-cookie-only/",
                post(forget_cookie_only),
                "forget-cookie-only",
            )
            .path(
                "login-without-cycling/<int:pk>/",
                post(login_without_cycling),
                "login-without-cycling",
            )
            .path("careless-login/", post(careless_login), "careless-login")
            .path("logout-by-get/", get(logout_by_get), "logout-by-get");
        let mut site = Site::new()
            .install(nuages::auth::app())
            .install(App::new("victim").templates(TEMPLATES))
            .urls(urls);
        for layer in without {
            site = site.insecure_without(*layer);
        }
        let site = TestSite::with(site, change).await;
        let running = Running::of(&site).await;
        Self {
            site,
            running,
            bumps,
        }
    }

    /// How often the dangerous view has run.
    pub(crate) fn bumps(&self) -> usize {
        self.bumps.load(Ordering::SeqCst)
    }

    /// A browser at the other end of a socket.
    pub(crate) fn browser(&self) -> Client {
        self.running.browser()
    }

    /// A browser without a socket, which can have any address.
    pub(crate) fn near_browser(&self) -> Client {
        self.site.client().enforce_csrf_checks()
    }

    /// A browser of a user who has logged in through the login page.
    pub(crate) async fn logged_in(&self, username: &str) -> Client {
        let mut browser = self.browser();
        let answer = log_in(&mut browser, username, PASSWORD).await;
        assert_eq!(answer.status(), 302, "{}", answer.text());
        browser
    }
}

/// A fresh token of this browser, from the form page.
pub(crate) async fn token(browser: &mut Client) -> String {
    browser.get("/form/").await.text()
}

/// Logs in as a person would: opens the page, takes its token, posts the form.
pub(crate) async fn log_in(
    browser: &mut Client,
    username: &str,
    password: &str,
) -> nuages::testing::TestResponse {
    let token = token(browser).await;
    let fields = [
        ("username", username),
        ("password", password),
        ("csrfmiddlewaretoken", &token),
    ];
    browser.post("/accounts/login/").form(&fields).await
}

async fn form(csrf: CsrfToken) -> String {
    csrf.get()
}

async fn page(page: Page) -> Result {
    page.render("page.html", context! {}).await
}

async fn fragment(page: Page) -> Result {
    page.render("fragment.html", context! {}).await
}

/// What a careless site does: it writes the cookie into the form, as it came.
async fn naive_form(req: nuages::web::RequestInfo) -> String {
    let secret = req.cookie("csrftoken").unwrap_or_default();
    format!("<input type=hidden name=csrfmiddlewaretoken value=\"{secret}\">")
}

async fn whoami(user: Option<CurrentUser>) -> String {
    user.map_or_else(|| "nobody".to_owned(), |user| user.username.clone())
}

async fn remember(session: Session, Path(word): Path<String>) -> Result<String> {
    session.set("word", &word).await?;
    Ok(word)
}

async fn recall(session: Session) -> Result<String> {
    let word: Option<String> = session.get("word").await?;
    Ok(word.unwrap_or_else(|| "nothing".to_owned()))
}

/// Reads the session, takes its time, and writes.
async fn linger(session: Session) -> Result<&'static str> {
    session.contains("word").await?;
    tokio::time::sleep(std::time::Duration::from_millis(400)).await;
    session.set("late", true).await?;
    Ok("late")
}

/// Two of these at once change the same session, each another name of it.
async fn put(session: Session, Path(word): Path<String>) -> Result<&'static str> {
    session.contains(&word).await?;
    tokio::time::sleep(std::time::Duration::from_millis(200)).await;
    session.set(&word, "put").await?;
    Ok("put")
}

/// Two of these at once change the same name.
async fn count_up(session: Session) -> Result<String> {
    let count: Option<u32> = session.get("count").await?;
    tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    session.set("count", count.unwrap_or(0) + 1).await?;
    Ok("counted".to_owned())
}

/// What is in the session.
async fn names(session: Session) -> Result<String> {
    let data = session.read(serde_json::to_string).await?;
    Ok(data.unwrap_or_default())
}

/// How many sessions the site keeps.
async fn stored(sessions: nuages::sessions::Sessions) -> Result<String> {
    let mut count = 0;
    let mut look = |_| count += 1;
    let now = nuages::base::Clock::system().now();
    sessions.store().each(now, &mut look).await?;
    Ok(count.to_string())
}

/// What a careless site does at logout: it deletes the cookie and leaves the row.
async fn forget_cookie_only() -> ([(&'static str, &'static str); 1], &'static str) {
    ([("set-cookie", "sessionid=; Max-Age=0; Path=/")], "bye")
}

/// What a careless site does at login: it writes the user into whatever session there is.
async fn login_without_cycling(
    session: Session,
    db: Db,
    Path(pk): Path<i32>,
) -> Result<&'static str> {
    let user = nuages::auth::User::objects()
        .get(|user| user.id().eq(pk), &db)
        .await?;
    session.set("_auth_user_id", &pk.to_string()).await?;
    session
        .set(
            "_auth_user_backend",
            &"django.contrib.auth.backends.ModelBackend",
        )
        .await?;
    session
        .set(
            "_auth_user_hash",
            &user.session_auth_hash(TestSite::settings().site.secret_key.expose()),
        )
        .await?;
    Ok("in")
}

/// A login page that leaves its protection to the site.
async fn careless_login(req: nuages::auth::AuthRequest, data: PostData) -> Result<&'static str> {
    let text = |name| data.get(name).unwrap_or_default();
    let credentials = nuages::auth::Credentials::password(text("username"), text("password"));
    if let Some(user) = req.authenticate(&credentials).await? {
        req.login(&user).await?;
    }
    Ok("done")
}

async fn logout_by_get(req: nuages::auth::AuthRequest) -> Result<&'static str> {
    req.logout().await?;
    Ok("out")
}
