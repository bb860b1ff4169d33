//! What visitors say of their language is looked at up to a length, and nothing of it is remembered.

use std::collections::HashSet;

use nuages::prelude::*;
use nuages::template::i18n::{choose_language, parse_accept_lang_header, supported_language};
use nuages::testing::TestSite;
use nuages::web::{Language, set_language};

use super::linear::is_linear;
use super::wire::raw::peak_memory;

const KNOWN: [&str; 3] = ["en-us", "de", "en"];

/// Django's bound on what a thousand distinct headers may leave behind, in KiB.
const MAY_GROW: u64 = 5 * 1024;

async fn site() -> TestSite {
    let code = async |language: Language| language.code().to_owned();
    let urls = Urls::new().path("", get(code), "code").path(
        "setlang/",
        post(set_language),
        "set_language",
    );
    let change = |settings: &mut Settings| {
        settings.set("language_from_request", true).unwrap();
        settings.set("language_code", "en-us").unwrap();
        settings.set("languages", KNOWN.to_vec()).unwrap();
    };
    TestSite::with(Site::new().urls(urls), change).await
}

/// How far the memory of this process grows.
async fn growth(work: impl AsyncFnOnce()) -> u64 {
    let before = peak_memory();
    work().await;
    peak_memory().saturating_sub(before)
}

#[tokio::test]
async fn cve_2007_5712_cve_2023_23969_distinct_headers_of_languages_leave_nothing_behind() {
    let site = site().await;
    let mut client = site.client();
    let mut ask = async |number: usize, length: usize| {
        let header = format!("x{number},{}", "de;q=0.1,".repeat(length / 9));
        let answer = client.get("/").header("accept-language", header).await;
        assert_eq!(answer.status(), 200);
    };
    // Whatever grows once has grown before it counts.
    for number in 0..20 {
        ask(number, 100_000).await;
    }
    let grown = growth(async || {
        for number in 20..1_020 {
            ask(number, 100_000).await;
        }
        for number in 1_020..11_020 {
            ask(number, 90).await;
        }
    });
    let grown = grown.await;
    assert!(grown < MAY_GROW, "{grown} KiB");
}

#[tokio::test]
async fn cve_2023_23969_pair_a_memory_of_headers_grows_without_bound() {
    let mut remembered = HashSet::new();
    let grown = growth(async || {
        for number in 0..1_000 {
            remembered.insert(format!("x{number},{}", "de;q=0.1,".repeat(11_111)));
        }
    });
    let grown = grown.await;
    assert!(grown > 10 * MAY_GROW, "{grown} KiB");
}

#[test]
fn cve_2023_23969_a_long_header_is_cut_at_the_last_whole_entry() {
    // As Django's own test has it: 500 characters hold 45 entries.
    assert_eq!(
        parse_accept_lang_header(&"en; q=1.0, ".repeat(500)).len(),
        45
    );
    assert_eq!(parse_accept_lang_header(&"en".repeat(300)).len(), 0);
    assert!(is_linear(
        10_000,
        |size| "en; q=1.0,".repeat(size),
        |header| choose_language(None, header, &KNOWN),
    ));
}

#[test]
fn cve_2024_39614_cve_2026_77050_a_code_of_many_dashes_is_cut_before_it_is_walked() {
    assert_eq!(supported_language(&"en-".repeat(167), &KNOWN), Some("en"));
    let found = supported_language(&"en-".repeat(30_000), &KNOWN);
    assert_eq!(found, Some("en"));
    assert_eq!(supported_language(&"x-".repeat(30_000), &KNOWN), None);
    assert!(is_linear(
        10_000,
        |size| "en-".repeat(size),
        |code| supported_language(code, &KNOWN),
    ));
}

#[tokio::test]
async fn cve_2026_15337_a_language_of_two_megabytes_is_nobody_s() {
    let site = site().await;
    let mut client = site.client();
    let mut choose = async |language: String| {
        let form = [("language", language.as_str()), ("next", "/")];
        client.post("/setlang/").form(&form).await
    };
    for number in 0..3 {
        choose(format!("{number}{}", "x".repeat(2_000_000))).await;
    }
    let grown = growth(async || {
        for number in 3..53 {
            let answer = choose(format!("{number}{}", "x".repeat(2_000_000))).await;
            assert_eq!(answer.status(), 302);
            assert!(!answer.header("set-cookie").contains("django_language"));
        }
    });
    let grown = grown.await;
    assert!(grown < MAY_GROW, "{grown} KiB");
    // The pair: a language that there is can be chosen.
    let answer = choose("de".to_owned()).await;
    assert!(answer.header("set-cookie").contains("django_language=de"));
}

#[tokio::test]
async fn cve_2022_41323_no_language_is_a_pattern() {
    let site = site().await;
    let mut client = site.client();
    for hostile in ["d.", "(de|en)", "((((((((((", "[", "de*", ".*", "\\w+"] {
        let answer = client.get("/").header("accept-language", hostile).await;
        assert_eq!(
            (answer.status().as_u16(), answer.text()),
            (200, "en-us".into())
        );
        let path = format!("/{hostile}/");
        let answer = client
            .get(&path.replace('\\', "%5C").replace('[', "%5B"))
            .await;
        assert_eq!(answer.status(), 404);
    }
    assert!(is_linear(
        10_000,
        |size| "(".repeat(size),
        |code| choose_language(Some(code), code, &KNOWN),
    ));
}
