//! `escapejs`: nothing ends the string or the script, and the script reads what was written.
#![no_main]

use libfuzzer_sys::fuzz_target;
use nuages_template::html::escapejs;

fuzz_target!(|text: &str| {
    let script = escapejs(text);
    assert!(!script.contains(['<', '>', '&', '\'', '"', '`', '\u{2028}', '\u{2029}']));
    assert!(!script.contains(|c| c < ' '));
    let read: String = serde_json::from_str(&format!("\"{}\"", &*script)).unwrap();
    assert_eq!(read, text);
});
