//! One browser window, with the few moves that a journey needs.

use std::cell::RefCell;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use fantoccini::elements::Element;
use fantoccini::error::CmdError;
use fantoccini::{Client, ClientBuilder, Locator};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};

use super::console::{Line, ReadLog, lines};

/// How long a page may take to show what a test waits for.
const PATIENCE: Duration = Duration::from_secs(15);

/// What Chromium is started with: no sandbox, because root has none, and nothing that talks to the network.
const ARGUMENTS: &[&str] = &[
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--window-size=1200,900",
];

/// A browser with a profile of its own. Every move panics with what it looked for when it fails.
#[derive(Debug)]
pub(crate) struct Browser {
    client: Client,
    profile: PathBuf,
    console: RefCell<Vec<Line>>,
}

impl Browser {
    /// Opens a browser with an empty profile; `None` where there is no driver.
    #[expect(
        clippy::disallowed_methods,
        reason = "cargo xtask test speaks to tests through the environment"
    )]
    pub(crate) async fn open(name: &str) -> Option<Self> {
        let driver = std::env::var("NUAGES_TEST_WEBDRIVER").ok()?;
        let profile = fresh_profile(name);
        let mut arguments: Vec<String> = ARGUMENTS.iter().map(|&flag| flag.to_owned()).collect();
        arguments.push(format!("--user-data-dir={}", profile.display()));
        let mut options = json!({ "args": arguments });
        if let Ok(chromium) = std::env::var("NUAGES_TEST_CHROMIUM") {
            options["binary"] = Value::from(chromium);
        }
        let capabilities = json!({
            "browserName": "chrome",
            "goog:chromeOptions": options,
            "goog:loggingPrefs": { "browser": "ALL" },
        });
        let Value::Object(capabilities) = capabilities else {
            unreachable!("the macro was given an object");
        };
        let client = ClientBuilder::new(HttpConnector::new())
            .capabilities(capabilities.into_iter().collect())
            .connect(&driver)
            .await
            .unwrap_or_else(|error| panic!("no browser at {driver}: {error}"));
        Some(Self {
            client,
            profile,
            console: RefCell::default(),
        })
    }

    /// Goes to an address and waits until the page is loaded.
    pub(crate) async fn goto(&self, url: &str) {
        self.keep_console().await;
        done(self.client.goto(url).await, || format!("go to {url}"));
    }

    /// The first element that the selector finds, waited for.
    pub(crate) async fn find(&self, css: &str) -> Element {
        let found = self
            .client
            .wait()
            .at_most(PATIENCE)
            .for_element(Locator::Css(css))
            .await;
        match found {
            Ok(element) => element,
            Err(error) => panic!("no {css} on {}: {error}", self.url().await),
        }
    }

    /// Whether the selector finds anything right now.
    pub(crate) async fn has(&self, css: &str) -> bool {
        let found = self.client.find_all(Locator::Css(css)).await;
        !done(found, || format!("look for {css}")).is_empty()
    }

    /// Types into a field, in place of what is in it.
    pub(crate) async fn fill(&self, css: &str, text: &str) {
        let field = self.find(css).await;
        done(field.clear().await, || format!("empty {css}"));
        done(field.send_keys(text).await, || format!("type into {css}"));
    }

    /// Clicks, as a person does: on something that can be seen.
    pub(crate) async fn click(&self, css: &str) {
        self.keep_console().await;
        let element = self.find(css).await;
        done(element.click().await, || format!("click on {css}"));
    }

    /// The visible text of an element.
    pub(crate) async fn text(&self, css: &str) -> String {
        let element = self.find(css).await;
        done(element.text().await, || format!("read {css}"))
    }

    /// Waits until the visible text of an element has `part` in it.
    pub(crate) async fn wait_for_text(&self, css: &str, part: &str) {
        let deadline = tokio::time::Instant::now() + PATIENCE;
        loop {
            // The element may be replaced between finding and reading: then the next look counts.
            let mut seen = String::new();
            if let Ok(element) = self.client.find(Locator::Css(css)).await {
                seen = element.text().await.unwrap_or_default();
            }
            if seen.contains(part) {
                return;
            }
            assert!(
                tokio::time::Instant::now() < deadline,
                "{css} does not come to say {part:?}; it says {seen:?}"
            );
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// Waits until the path of the address is `path`.
    pub(crate) async fn wait_for_path(&self, path: &str) {
        let deadline = tokio::time::Instant::now() + PATIENCE;
        loop {
            let url = self.url().await;
            if url.path() == path {
                return;
            }
            assert!(
                tokio::time::Instant::now() < deadline,
                "waited for {path}, but stand at {url}"
            );
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// The address.
    pub(crate) async fn url(&self) -> url::Url {
        done(self.client.current_url().await, || {
            "ask for the address".into()
        })
    }

    /// The source of the page as it stands.
    pub(crate) async fn source(&self) -> String {
        done(self.client.source().await, || "read the page".into())
    }

    /// The value of a cookie, also of one that scripts cannot read.
    pub(crate) async fn cookie(&self, name: &str) -> Option<String> {
        let cookies = done(self.client.get_all_cookies().await, || {
            "read cookies".into()
        });
        cookies
            .iter()
            .find(|cookie| cookie.name() == name)
            .map(|cookie| cookie.value().to_owned())
    }

    /// Runs a script as the body of a function; awaits it when it gives a promise.
    pub(crate) async fn script(&self, body: &str, arguments: Vec<Value>) -> Value {
        done(self.client.execute(body, arguments).await, || {
            format!("run {body}")
        })
    }

    /// Sets the size of the window.
    pub(crate) async fn resize(&self, width: u32, height: u32) {
        done(self.client.set_window_size(width, height).await, || {
            "resize the window".into()
        });
    }

    /// Everything that the console has said since the browser was opened.
    pub(crate) async fn console(&self) -> Vec<Line> {
        self.keep_console().await;
        self.console.borrow().clone()
    }

    /// A picture of the page, as PNG.
    pub(crate) async fn screenshot(&self) -> Result<Vec<u8>, CmdError> {
        self.client.screenshot().await
    }

    /// Closes the browser and throws its profile away.
    pub(crate) async fn close(self) {
        // A browser that crashed is closed already, and the profile is only rubbish.
        let _ = self.client.close().await;
        let _ = std::fs::remove_dir_all(&self.profile);
    }

    /// Reading the log empties it, so what was read is kept here.
    async fn keep_console(&self) {
        let answer = done(self.client.issue_cmd(ReadLog).await, || {
            "read the console".into()
        });
        self.console.borrow_mut().extend(lines(&answer));
    }
}

fn done<T>(result: Result<T, CmdError>, what: impl FnOnce() -> String) -> T {
    result.unwrap_or_else(|error| panic!("cannot {}: {error}", what()))
}

/// A folder that no other browser has used.
fn fresh_profile(name: &str) -> PathBuf {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let count = COUNT.fetch_add(1, Ordering::Relaxed);
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR"))
        .join("browser")
        .join(format!("{name}-{}-{count}", std::process::id()));
    std::fs::create_dir_all(&folder)
        .unwrap_or_else(|error| panic!("cannot make {}: {error}", folder.display()));
    folder
}
