//! `linebreaks`: of a visitor's text there are whole paragraphs and line breaks, and nothing else.
#![no_main]

use libfuzzer_sys::fuzz_target;
use nuages_template::html::linebreaks;

fuzz_target!(|text: &str| {
    let html = linebreaks(text, true);
    for paragraph in html.split("</p>\n\n") {
        let paragraph = paragraph.strip_suffix("</p>").unwrap_or(paragraph);
        let inner = paragraph.strip_prefix("<p>").expect("only paragraphs");
        assert!(!inner.replace("<br>", "").contains(['<', '>', '"', '\'']));
    }
    // What is HTML already is not changed.
    let inner: String = linebreaks(text, false);
    assert!(inner.starts_with("<p>") && inner.ends_with("</p>"));
});
