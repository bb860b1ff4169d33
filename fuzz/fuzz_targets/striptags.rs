//! `striptags`: it ends, and no whole tag is left.
#![no_main]

use libfuzzer_sys::fuzz_target;
use nuages_template::html::strip_tags;

fuzz_target!(|text: &str| {
    if let Ok(plain) = strip_tags(text) {
        assert!(!plain.contains("<b>"), "{text:?} gives {plain:?}");
    }
});
