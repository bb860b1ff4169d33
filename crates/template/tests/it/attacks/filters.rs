//! T9 to T12 and the holes that Django's filters had: what a visitor's text costs, and what becomes of it.

use nuages_template::{ErrorKind, Value};

use super::linear::{WORST, check_linear, ratio, text};
use super::{filter, render, try_render};

/// `{{ v|filters }}` without autoescaping: what the filter itself gives.
fn raw<'v>(filters: &str, value: impl Into<Value<'v>>) -> String {
    render(
        &format!("{{% autoescape off %}}{{{{ v|{filters} }}}}{{% endautoescape %}}"),
        value,
    )
}

fn refused(filters: &str, value: &str) {
    let error = try_render(&format!("{{{{ v|{filters} }}}}"), value).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Suspicious, "{filters}");
}

fn check(filters: &str, make: impl Fn(usize) -> String) {
    check_linear(&format!("{{{{ v|{filters} }}}}"), &text(make));
}

#[test]
fn t9_cve_2024_53907_x7_striptags_refuses_tags_out_of_tags_past_fifty_levels() {
    refused("striptags", &("<".repeat(51) + &"a>".repeat(51)));
    assert_eq!(raw("striptags", "<".repeat(50) + &"a>".repeat(50)), "");
    check("striptags", |n| "<".repeat(n) + &"a>".repeat(n));
}

#[test]
fn t9_cve_2025_32873_striptags_refuses_long_open_tags() {
    refused("striptags", &(">".to_owned() + &"<a".repeat(501)));
    refused("striptags", &("<a".repeat(50) + &"a".repeat(950)));
    // Fewer or shorter ones are text.
    assert!(try_render("{{ v|striptags }}", "<a".repeat(49) + &"a".repeat(2000)).is_ok());
    check("striptags", |n| "<a".repeat(n));
    check("striptags", |n| ">".to_owned() + &"<a".repeat(n));
}

#[test]
fn t9_cve_2019_14233_cve_2015_2316_striptags_ends_for_broken_entities() {
    assert_eq!(raw("striptags", "&gotcha&#;<>"), "&gotcha&#;<>");
    check("striptags", |n| format!("><!{}D", "&".repeat(n)));
    check("striptags", |n| "&gotcha&#;<>".repeat(n));
}

#[test]
fn t9_what_striptags_leaves_is_not_safe() {
    assert_eq!(
        filter("striptags", "<b>1 < 2</b> &lt;script>"),
        "1 &lt; 2 &amp;lt;script&gt;"
    );
    assert_eq!(
        filter("striptags", "<<b>script>alert(1)<</b>/script>")
            .matches('<')
            .count(),
        0
    );
}

#[test]
fn t10_cve_2024_27351_truncatewords_html_of_openers() {
    assert!(raw("truncatewords_html:1", "<".repeat(60_000)) == "&lt; …");
    check("truncatewords_html:1", |n| "<".repeat(n));
}

#[test]
fn t10_x3_cve_2026_1285_end_tags_that_end_nothing() {
    assert_eq!(
        raw(
            "truncatewords_html:3",
            "<i>".to_owned() + &"</a>".repeat(10)
        ),
        "<i>".to_owned() + &"</a>".repeat(10)
    );
    check("truncatewords_html:100", |n| {
        "<i>".to_owned() + &"</a>".repeat(n)
    });
    check("truncatechars_html:100", |n| {
        "<i>".to_owned() + &"</a>".repeat(n)
    });
}

#[test]
fn t10_x4_cve_2026_1285_end_tags_that_end_something_else() {
    let source = "<b>".repeat(3) + "x" + &"</a>".repeat(3);
    assert_eq!(raw("truncatewords_html:100", source.as_str()), source);
    check("truncatewords_html:100", |n| {
        "<b>".repeat(n) + "x" + &"</a>".repeat(n)
    });
    check("truncatechars_html:100", |n| {
        "<b>".repeat(n) + "x" + &"</a>".repeat(n)
    });
}

#[test]
fn t10_cve_2023_43665_cve_2019_14232_malformed_html() {
    for filters in [
        "truncatechars_html:5",
        "truncatewords_html:5",
        "truncatechars_html:999999",
    ] {
        check(filters, |n| format!("</p{}//>", "\t".repeat(n)));
        check(filters, |n| "&".repeat(n));
        check(filters, |n| format!("<p{}", " a".repeat(n)));
        check(filters, |n| format!("<p{}>abc", " a".repeat(n)));
    }
}

#[test]
fn t10_cve_2018_7537_text_with_openers() {
    assert_eq!(
        raw("truncatechars_html:5", "X".to_owned() + &"<".repeat(500)),
        "X&lt;&lt;&lt;…"
    );
    check("truncatechars_html:5", |n| "X".to_owned() + &"<".repeat(n));
    check("truncatewords_html:5", |n| "X".to_owned() + &"&".repeat(n));
}

/// Text of the size `n`.
type Make = fn(usize) -> String;

/// `urlize` gives each of them back as it came, since nothing in it is an address, and in linear time.
fn check_no_addresses(texts: &[Make]) {
    for make in texts {
        for size in [3, 1000] {
            let text = make(size);
            for filters in ["urlize", "urlizetrunc:5"] {
                assert_eq!(raw(filters, text.as_str()), text);
            }
        }
        for filters in ["urlize", "urlizetrunc:5"] {
            check(filters, make);
        }
    }
}

#[test]
fn t11_cve_2018_7536_urlize_of_at_signs_and_full_stops() {
    check_no_addresses(&[
        |n| format!("a{}a", "@a".repeat(n)),
        |n| format!("a{}a", ".".repeat(n)),
    ]);
}

#[test]
fn t11_cve_2024_38875_urlize_of_brackets() {
    check_no_addresses(&[
        |n| "(".repeat(n) + ":" + &")".repeat(n),
        |n| "(".repeat(n) + "&:" + &")".repeat(n),
        |n| "([".repeat(n) + ":" + &"])".repeat(n),
        |n| "[(".repeat(n) + ":" + &")]".repeat(n),
        |n| "([[".repeat(n) + ":" + &"]])".repeat(n),
    ]);
}

#[test]
fn t11_cve_2024_41990_urlize_of_full_stops_and_semicolons() {
    check_no_addresses(&[|n| "&.;".repeat(n), |n| ".;".repeat(n)]);
}

#[test]
fn t11_cve_2024_41991_urlize_of_hosts_in_other_scripts() {
    check_no_addresses(&[
        |n| format!("a@{}a", "한.글.".repeat(n + 1000)),
        |n| format!("http://{}com", "한.글.".repeat(n + 1000)),
        |n| format!("www.{}com", "한.글.".repeat(n + 1000)),
    ]);
}

#[test]
fn t11_cve_2024_45230_urlize_of_punctuation_behind() {
    check_no_addresses(&[
        |n| format!("&:{}", ";".repeat(n)),
        |n| format!("&{}", ";:".repeat(n)),
    ]);
}

#[test]
fn t11_urlize_leaves_what_is_nearly_an_address() {
    check_no_addresses(&[
        |_| "foo@".to_owned(),
        |_| "@foo.com".to_owned(),
        |_| "foo@.example.com".to_owned(),
        |_| "foo@localhost".to_owned(),
        |_| "foo@localhost.".to_owned(),
        |_| "test@example?;+!.com".to_owned(),
        |_| "write to me@example.com,then wait".to_owned(),
        |_| "[a link](https://www.example.com/)".to_owned(),
    ]);
}

#[test]
fn t11_urlize_is_linear_in_what_stands_behind_an_address() {
    // Punctuation behind an address is taken off piece by piece.
    for behind in [").", "].", ";.", ".;", ")]", "!)", "&;.", ";"] {
        check("urlize", move |n| {
            format!("http://a.b/{}", behind.repeat(n))
        });
        check("urlize", move |n| {
            format!("http://a.b/&{}", behind.repeat(n))
        });
        check("urlize", move |n| {
            format!("{}http://a.b/{}", "([".repeat(n), behind.repeat(n))
        });
    }
}

#[test]
fn t12_cve_2025_26699_wordwrap_of_long_text() {
    let text = "some words that needs to be wrapped I'm afraid ";
    let line = "some words\nthat needs\nto be\nwrapped\nI'm afraid";
    assert_eq!(
        raw("wordwrap:10", text.repeat(2)),
        format!("{line}\n{line}")
    );
    check("wordwrap:10", move |n| text.repeat(n / 10));
    check("wordwrap:10", |n| "x".repeat(n));
    check("wordwrap:1", |n| " ".repeat(n));
    check("wordwrap:1", |n| "\t".repeat(n));
}

#[test]
fn t12_cve_2024_41989_floatformat_writes_no_exponent_out() {
    for text in [
        "1e10000000000000000",
        "1E200",
        "-1e999",
        "1e-10000000000000000",
    ] {
        assert_eq!(raw("floatformat", text), text);
    }
    let digits = "1".repeat(201);
    assert_eq!(raw("floatformat:2", digits.as_str()), digits);
    let written = raw("floatformat", "1e199");
    assert_eq!(written, "1".to_owned() + &"0".repeat(199));
}

#[test]
fn t12_cve_2024_24680_intcomma_of_a_million_digits() {
    let page = "{% load humanize %}{{ v|intcomma }}";
    assert_eq!(render(page, "1234567"), "1,234,567");
    assert_eq!(render(page, "-1234567.891"), "-1,234,567.891");
    let digits = "1".repeat(1_000_000);
    let html = render(page, digits.as_str());
    assert_eq!(html.len(), 1_000_000 + 333_333);
    assert_eq!(html.replace(',', ""), digits);
    for make in [
        |n: usize| "1".repeat(n),
        |n: usize| "-".to_owned() + &"1".repeat(n),
        |n: usize| "1".repeat(n) + "." + &"1".repeat(n),
        |n: usize| "x".repeat(n) + &"1".repeat(n),
    ] {
        check_linear(page, &text(make));
    }
    check_linear(page, &|n| Value::Decimal("1".repeat(n).into()));
}

/// What the pattern of old did: it went over the text once for each comma.
#[test]
fn t12_cve_2024_24680_pair_a_comma_at_a_time_is_quadratic() {
    fn one_by_one(digits: &str) -> String {
        let mut text = digits.to_owned();
        loop {
            let run = text.bytes().take_while(u8::is_ascii_digit).count();
            if run <= 3 {
                return text;
            }
            text.insert(run - 3, ',');
        }
    }
    assert_eq!(one_by_one("1234567"), "1,234,567");
    let found = ratio(&|n| {
        let digits = "1".repeat(n);
        Box::new(move || {
            std::hint::black_box(one_by_one(&digits));
        })
    });
    assert!(found > WORST, "{found}");
}

#[test]
fn cve_2019_6975_numbers_beyond_two_hundred_digits_have_an_exponent() {
    assert_eq!(
        render("{{ v }}", Value::Decimal("9e9999".into())),
        "9e+9999"
    );
    let thousand = "1".to_owned() + &"0".repeat(300) + ".0";
    let html = render("{{ v }}", Value::Decimal(thousand.into()));
    assert!(
        html.starts_with("1.000") && html.ends_with("e+300"),
        "{html}"
    );
    check_linear("{{ v }}", &|n| Value::Decimal("9".repeat(n).into()));
}

#[test]
fn t12_a_megabyte_goes_through_slugify_title_and_their_like() {
    let make = |n: usize| "Ünï-cødé ½ wörds ".repeat(n / 10);
    for filters in [
        "slugify",
        "title",
        "linebreaks",
        "linenumbers",
        "filesizeformat",
        "capfirst",
        "wordcount",
        "phone2numeric",
        "iriencode",
        "urlencode",
        "escapejs",
        "json_script",
        "pprint",
        "addslashes",
    ] {
        check(filters, make);
    }
}

#[test]
fn t12_unordered_list_of_depth_n_is_refused_in_linear_time() {
    check_linear("{{ v|unordered_list }}", &|n| {
        (0..n).fold(Value::list(vec!["x".into()]), |list, _| {
            Value::list(vec!["y".into(), list])
        })
    });
    check_linear("{{ v|unordered_list }}", &|n| Value::from(vec!["x"; n]));
    check_linear("{% regroup v by 0 as g %}{{ g|length }}", &|n| {
        Value::from(vec!["x"; n])
    });
}
