//! The console of a page, as chromedriver keeps it.

use fantoccini::wd::WebDriverCompatibleCommand;
use http::Method;
use serde_json::Value;
use url::{ParseError, Url};

/// One line of the console.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Line {
    pub(crate) level: String,
    pub(crate) message: String,
}

/// Chromium's own command (it is in no standard): hand over the log of the browser, and empty it.
#[derive(Debug)]
pub(super) struct ReadLog;

impl WebDriverCompatibleCommand for ReadLog {
    fn endpoint(&self, base: &Url, session: Option<&str>) -> Result<Url, ParseError> {
        base.join(&format!("session/{}/se/log", session.unwrap_or_default()))
    }

    fn method_and_body(&self, _: &Url) -> (Method, Option<String>) {
        (Method::POST, Some(r#"{"type":"browser"}"#.to_owned()))
    }
}

/// Reads the answer to [`ReadLog`].
pub(super) fn lines(answer: &Value) -> Vec<Line> {
    let text = |entry: &Value, key: &str| entry[key].as_str().unwrap_or_default().to_owned();
    answer
        .as_array()
        .into_iter()
        .flatten()
        .map(|entry| Line {
            level: text(entry, "level"),
            message: text(entry, "message"),
        })
        .collect()
}

/// The lines that tell of a broken content security policy.
pub(super) fn policy_violations(lines: &[Line]) -> Vec<Line> {
    lines
        .iter()
        .filter(|line| line.message.contains("Content Security Policy"))
        .cloned()
        .collect()
}
