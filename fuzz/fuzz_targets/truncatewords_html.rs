//! `truncatewords_html`: nothing is left of nothing, and closing what is open does not make it long.
#![no_main]

use libfuzzer_sys::fuzz_target;
use nuages_template::text::Truncator;

fuzz_target!(|input: (i16, &str)| {
    let (limit, text) = input;
    let short = Truncator::new(text).html().words(i64::from(limit));
    if limit < 1 {
        assert_eq!(short, "");
    }
    assert!(
        short.len() <= 8 * text.len() + 8,
        "{text:?} gives {short:?}"
    );
});
