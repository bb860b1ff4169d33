//! Reports, read and made fit for a log.

use std::fmt;

use http::StatusCode;
use serde::Deserialize;
use serde_json::Value;
use url::Url;

/// So many violations of one request are looked at.
const MAX_REPORTS: usize = 20;
/// So many characters of a text are kept.
const MAX_CHARS: usize = 200;

/// A violation as a browser tells of it, without what may be a secret.
///
/// Each text is one printable line of at most 200 characters. URLs have no query, no fragment, no user.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Violation {
    /// The page.
    pub document: String,
    /// What was not loaded or run: a URL, or a word such as `inline`.
    pub blocked: String,
    /// The directive that forbade it.
    pub directive: String,
    /// Where the code is that wanted it.
    pub source: String,
    /// The line there; 0 when it is not known.
    pub line: u32,
    /// True when it was forbidden, false when it was only reported.
    pub is_enforced: bool,
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            document,
            blocked,
            directive,
            source,
            line,
            is_enforced,
        } = self;
        let how = if *is_enforced { "blocked" } else { "reported" };
        write!(f, "{directive} {how} {blocked} on {document}")?;
        if !source.is_empty() {
            write!(f, " (wanted by {source}:{line})")?;
        }
        Ok(())
    }
}

/// Both forms name the same things differently.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Body {
    #[serde(alias = "document-uri", alias = "documentURL")]
    document: Value,
    #[serde(alias = "blocked-uri", alias = "blockedURL")]
    blocked: Value,
    #[serde(alias = "effective-directive")]
    effective_directive: Value,
    #[serde(alias = "violated-directive")]
    violated_directive: Value,
    #[serde(alias = "source-file")]
    source_file: Value,
    #[serde(alias = "line-number")]
    line_number: Value,
    disposition: Value,
}

#[derive(Debug, Deserialize)]
struct Old {
    #[serde(rename = "csp-report")]
    report: Body,
}

#[derive(Debug, Deserialize)]
struct New {
    #[serde(rename = "type", default)]
    kind: String,
    #[serde(default)]
    body: Value,
}

/// Reads a report of either kind: that of `report-uri`, and that of the Reporting API, which may hold many
/// and of other kinds than ours; those are left out.
///
/// ```
/// use nuages_security::csp::parse_reports;
///
/// let report = br#"{"csp-report": {"document-uri": "https://example.com/reset/?token=secret",
///     "violated-directive": "script-src-elem", "blocked-uri": "https://evil.example/x.js#y"}}"#;
/// let found = parse_reports("application/csp-report", report).unwrap();
/// assert_eq!(
///     found[0].to_string(),
///     "script-src-elem blocked https://evil.example/x.js on https://example.com/reset/"
/// );
/// ```
///
/// # Errors
/// The status to answer with: 415 for another content type, 400 for what is no report.
pub fn parse_reports(content_type: &str, bytes: &[u8]) -> Result<Vec<Violation>, StatusCode> {
    let essence = content_type.split(';').next().unwrap_or("").trim();
    let is = |name: &str| essence.eq_ignore_ascii_case(name);
    let bad = |_| StatusCode::BAD_REQUEST;
    if is("application/reports+json") {
        let reports: Vec<New> = serde_json::from_slice(bytes).map_err(bad)?;
        let ours = reports
            .into_iter()
            .filter(|one| one.kind == "csp-violation");
        let bodies = ours
            .take(MAX_REPORTS)
            .map(|one| serde_json::from_value(one.body));
        let bodies: Result<Vec<Body>, _> = bodies.collect();
        return Ok(bodies.map_err(bad)?.iter().map(violation).collect());
    }
    // Old browsers call it plain JSON.
    if is("application/csp-report") || is("application/json") {
        let old: Old = serde_json::from_slice(bytes).map_err(bad)?;
        return Ok(vec![violation(&old.report)]);
    }
    Err(StatusCode::UNSUPPORTED_MEDIA_TYPE)
}

fn violation(body: &Body) -> Violation {
    let text = |value: &Value| value.as_str().unwrap_or("").to_owned();
    let effective = text(&body.effective_directive);
    let directive = if effective.is_empty() {
        text(&body.violated_directive)
    } else {
        effective
    };
    // The old form repeats the whole directive.
    let directive = directive.split(' ').next().unwrap_or("");
    let line = body.line_number.as_u64().unwrap_or(0);
    Violation {
        document: place(&text(&body.document)),
        blocked: place(&text(&body.blocked)),
        directive: printable(directive),
        source: place(&text(&body.source_file)),
        line: u32::try_from(line).unwrap_or(0),
        is_enforced: body.disposition.as_str() != Some("report"),
    }
}

/// A URL without what may be a secret; of `data:` and its like only the scheme; a word as it is.
fn place(text: &str) -> String {
    let Ok(mut url) = Url::parse(text) else {
        let bare = text.split(['?', '#']).next().unwrap_or("");
        return printable(bare);
    };
    if !matches!(url.scheme(), "http" | "https" | "ws" | "wss") {
        return printable(url.scheme());
    }
    url.set_query(None);
    url.set_fragment(None);
    // These fail for URLs without a host only.
    let _ = url.set_username("");
    let _ = url.set_password(None);
    printable(url.as_str())
}

/// One line of visible characters.
fn printable(text: &str) -> String {
    let visible = |c: char| {
        let is_bidi = matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
        if c.is_control() || is_bidi {
            '\u{fffd}'
        } else {
            c
        }
    };
    text.chars().take(MAX_CHARS).map(visible).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const OLD: &str = "application/csp-report";
    const NEW: &str = "application/reports+json; charset=utf-8";

    #[test]
    fn both_forms_say_the_same() {
        let old = br#"{"csp-report": {"document-uri": "http://a.example/p?x=1", "referrer": "",
            "violated-directive": "script-src 'self'", "original-policy": "...", "blocked-uri": "inline",
            "source-file": "http://a.example/p?x=1", "line-number": 7, "disposition": "report"}}"#;
        let new = br#"[{"type": "deprecation", "body": {"id": "x"}},
            {"type": "csp-violation", "age": 1, "url": "http://a.example/p?x=1", "user_agent": "z",
            "body": {"documentURL": "http://a.example/p?x=1", "effectiveDirective": "script-src",
            "blockedURL": "inline", "sourceFile": "http://a.example/p?x=1", "lineNumber": 7,
            "disposition": "report", "sample": "secret"}}]"#;
        let found = parse_reports(OLD, old).unwrap();
        assert_eq!(found, parse_reports(NEW, new).unwrap());
        assert_eq!(
            found[0].to_string(),
            "script-src reported inline on http://a.example/p (wanted by http://a.example/p:7)"
        );
    }

    #[test]
    fn secrets_and_forged_lines_do_not_get_through() {
        for (uri, expect) in [
            (
                "https://user:pw@a.example:8443/x?token=1#y",
                "https://a.example:8443/x",
            ),
            ("data:text/html;base64,c2VjcmV0", "data"),
            ("blob:https://a.example/secret", "blob"),
            ("eval", "eval"),
            ("/p?token=1", "/p"),
            (
                "a\nFAKE 200 \u{1b}[31m\u{2028}x",
                "a\u{fffd}FAKE 200 \u{fffd}[31m\u{fffd}x",
            ),
        ] {
            assert_eq!(place(uri), expect, "{uri}");
        }
        assert_eq!(place(&"x".repeat(5000)).len(), MAX_CHARS);
    }

    #[test]
    fn what_is_no_report_is_refused() {
        let deep = format!(
            "{{\"csp-report\": {}1{}}}",
            "[".repeat(5000),
            "]".repeat(5000)
        );
        for (content_type, bytes, status) in [
            (OLD, "", 400),
            (OLD, "[]", 400),
            (OLD, "{}", 400),
            (OLD, deep.as_str(), 400),
            (NEW, "{}", 400),
            (NEW, "[1]", 400),
            ("text/plain", "{}", 415),
            ("", "{}", 415),
        ] {
            let found = parse_reports(content_type, bytes.as_bytes());
            assert_eq!(found.unwrap_err(), status, "{content_type} {bytes:.20}");
        }
        let many = format!(
            "[{}]",
            vec![r#"{"type":"csp-violation","body":{}}"#; 500].join(",")
        );
        assert_eq!(
            parse_reports(NEW, many.as_bytes()).unwrap().len(),
            MAX_REPORTS
        );
    }

    proptest! {
        #[test]
        fn whatever_comes_is_one_printable_line_without_a_query(
            uri in "\\PC{0,80}|https?://[a-z@:.]{1,20}/[a-z?#=\r\n]{0,30}",
            line in any::<i64>(),
        ) {
            let report = serde_json::json!({"csp-report": {
                "document-uri": uri, "blocked-uri": uri, "source-file": uri, "line-number": line,
                "violated-directive": uri,
            }});
            let found = parse_reports(OLD, report.to_string().as_bytes()).unwrap();
            let shown = found[0].to_string();
            prop_assert!(!shown.chars().any(char::is_control));
            prop_assert!(!found[0].document.contains(['?', '#']));
        }
    }
}
