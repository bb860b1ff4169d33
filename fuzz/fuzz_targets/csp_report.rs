//! Reports of the Content-Security-Policy: what is logged is one short printable line.
#![no_main]

use libfuzzer_sys::fuzz_target;
use nuages_security::csp::parse_reports;

fuzz_target!(|data: &[u8]| {
    for content_type in ["application/csp-report", "application/reports+json"] {
        for violation in parse_reports(content_type, data).unwrap_or_default() {
            let line = violation.to_string();
            assert!(!line.chars().any(char::is_control), "{line:?}");
            assert!(line.chars().count() < 1000);
            assert!(!violation.document.contains(['?', '#']), "{line:?}");
        }
    }
});
