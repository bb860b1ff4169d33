//! Tags and dates.

use jiff::Timestamp;
use nuages_security::date::parse_http_date;
use nuages_web::conditional::{parse_etags, quote_etag};
use serde_json::json;

use super::{replay, text};
use crate::conformance::http::now;
use crate::conformance::{Outcome, compare};

const FILE: &str = "security_headers.jsonl";

#[test]
fn tags_are_quoted_as_by_django() {
    replay(FILE, "quote_etag", |record| {
        let found = quote_etag(text(&record["inputs"]["value"]));
        compare(&json!({"value": found}), &record["expected"])
    });
}

#[test]
fn tags_are_read_as_by_django() {
    replay(FILE, "parse_etags", |record| {
        let found = parse_etags(text(&record["inputs"]["value"]));
        compare(&json!({"etags": found}), &record["expected"])
    });
}

#[test]
fn dates_are_read_as_by_django() {
    replay(FILE, "parse_http_date", |record| {
        let found = parse_http_date(text(&record["inputs"]["value"]), now(record));
        let found = found.map(Timestamp::as_second);
        let wanted = record["expected"]["epoch"].as_i64();
        if found.is_none() && wanted > Some(Timestamp::MAX.as_second()) {
            return Outcome::Excepted(
                "moments end at 9999-12-30T22:00Z, the last that any zone can show",
            );
        }
        compare(&json!({"epoch": found}), &record["expected"])
    });
}
