//! `urlize`: of a visitor's text there are links and nothing else, and none runs a script.
#![no_main]

use libfuzzer_sys::fuzz_target;
use nuages_template::html::Urlizer;

fuzz_target!(|input: (u8, &str)| {
    let (limit, text) = input;
    let long = Urlizer::new().nofollow();
    for html in [
        long.urlize(text, false),
        long.trim_url_limit(limit.into()).urlize(text, false),
    ] {
        let mut open = false;
        for (at, _) in html.match_indices('<') {
            let tag = html[at..].split('>').next().unwrap_or_default();
            if open {
                assert_eq!(tag, "</a", "{text:?} gives {html:?}");
            } else {
                let url = tag.strip_prefix("<a href=\"").expect("only links");
                let known = ["http://", "https://", "mailto:"];
                assert!(
                    known.iter().any(|scheme| {
                        url.get(..scheme.len())
                            .is_some_and(|start| start.eq_ignore_ascii_case(scheme))
                    }),
                    "{text:?} gives {html:?}"
                );
                assert!(tag.matches('"').count() <= 4, "{text:?} gives {html:?}");
            }
            open = !open;
        }
        assert!(!open, "{text:?} gives {html:?}");
    }
});
