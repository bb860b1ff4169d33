//! The CVEs of Django that concern validators and fields, each by its name.
//! Those of formsets and of fields with rows to choose from are in `formsets.rs` and in `models/`.

use std::hint::black_box;
use std::net::TcpListener;
use std::time::{Duration, Instant};

use nuages_forms::validators::{
    DomainNameValidator, EmailValidator, Ipv6Cleaner, Regex, RegexValidator, UrlValidator,
    Validator, validate_ipv4_address, validate_ipv6_address, validate_ipv46_address,
};
use nuages_forms::{EmailField, Field, UrlField, Value};

fn is_email(text: &str) -> bool {
    EmailValidator::new().validate(&text.into()).is_ok()
}

fn is_url(text: &str) -> bool {
    UrlValidator::new().validate(&text.into()).is_ok()
}

fn is_domain(text: &str) -> bool {
    DomainNameValidator::new().validate(&text.into()).is_ok()
}

/// The least of five measurements: other programs only make it longer.
fn least(work: &dyn Fn()) -> Duration {
    work();
    let measure = |()| {
        let began = Instant::now();
        work();
        began.elapsed()
    };
    [(); 5].into_iter().map(measure).min().unwrap_or_default()
}

/// Ten times the text may cost twenty times as much; what is over before a clock can see it is right.
fn check_linear(name: &str, make: impl Fn(usize) -> String, work: impl Fn(&Value)) {
    const SHORTEST: Duration = Duration::from_micros(50);
    let (small, large) = (Value::from(make(20_000)), Value::from(make(200_000)));
    let is_linear = || least(&|| work(&large)) <= least(&|| work(&small)).max(SHORTEST) * 20;
    assert!((0..3).any(|_| is_linear()), "{name}");
}

#[test]
fn cve_2026_25673_a_url_field_normalizes_nothing() {
    let field = Field::new(UrlField::new());
    let bad = |text: &str| field.clean(text).is_err();
    assert!(bad(&format!("http://{}", "¾".repeat(2_000_000))));
    assert!(bad(&"¾".repeat(2_000_000)));
    assert!(
        bad("http://example.com\u{ff0f}.evil.org"),
        "a slash only to some"
    );
    assert!(!bad("http://example.com/¾"), "the pair");
    for begin in ["http://", "", "¾", "//"] {
        let make = |size: usize| format!("{begin}{}", "¾".repeat(size));
        check_linear(begin, make, |value| {
            black_box(field.clean(value.clone()).is_err());
        });
    }
}

#[test]
fn cve_2026_53878_a_domain_name_has_no_line_end_anywhere() {
    assert!(
        is_domain("example.com") && is_domain("exämple.com"),
        "the pair"
    );
    for end in [
        '\n', '\r', '\t', '\0', '\u{b}', '\u{c}', ' ', '\u{85}', '\u{a0}', '\u{2028}', '\u{2029}',
        '\u{3000}',
    ] {
        for text in [
            format!("example.com{end}"),
            format!("{end}example.com"),
            format!("exam{end}ple.com"),
            format!("example.{end}com"),
            format!("example.com.{end}"),
        ] {
            assert!(!is_domain(&text), "{text:?}");
            assert!(!is_url(&format!("http://{text}/")), "{text:?}");
            assert!(!is_email(&format!("a@{text}")), "{text:?}");
        }
        let ascii = DomainNameValidator::new().ascii_only();
        assert!(ascii.validate(&format!("example.com{end}").into()).is_err());
    }
}

#[test]
fn cve_2024_56374_an_address_longer_than_any_is_none() {
    let cleaner = Ipv6Cleaner::default();
    let longest = "0000:0000:0000:0000:0000:ffff:192.168.1.1";
    for text in [
        ":".repeat(1_000_000),
        "1:".repeat(500_000),
        format!("::{}", "0".repeat(1_000_000)),
        format!("{longest}{longest}"),
    ] {
        let value = Value::from(text.as_str());
        assert!(validate_ipv6_address(&value).is_err());
        assert!(validate_ipv46_address(&value).is_err());
        let message = cleaner.clean(&text).unwrap_err().to_string();
        assert!(message.len() < 200, "{}", message.len());
    }
    assert_eq!(
        cleaner.clean("::ffff:0:1").unwrap(),
        "::ffff:0.0.0.1",
        "the pair"
    );
    for shape in [":", "1:", "0", "%", "."] {
        check_linear(
            shape,
            |size| shape.repeat(size),
            |value| {
                black_box(validate_ipv6_address(value).is_err());
                black_box(value.as_str().map(|text| cleaner.clean(text).is_err()));
            },
        );
    }
}

#[test]
fn cve_2023_36053_labels_without_end_are_refused_at_once() {
    let labels = |count: usize| format!("{}.", "a".repeat(63)).repeat(count);
    for count in [10, 100, 1000] {
        let (email, url) = (
            format!("example@{}com", labels(count)),
            format!("http://{}com", labels(count * 10)),
        );
        let time = least(&|| {
            assert!(!is_email(&email));
            assert!(!is_url(&url));
        });
        assert!(time < Duration::from_millis(20), "{count}: {time:?}");
    }
    // The pair: what is just within the limits.
    let email = format!("{}@{}com", "a".repeat(60), labels(4));
    assert!(email.len() <= 320 && is_email(&email), "{}", email.len());
    assert!(!is_email(&format!("{}{email}", "a".repeat(320))));
    let url = format!("http://example.com/{}", "a".repeat(2048 - 19));
    assert!(is_url(&url) && !is_url(&format!("{url}a")));
}

#[test]
fn cve_2009_3695_names_with_many_dots_cost_what_they_should() {
    let email = Field::new(EmailField::new());
    let text = "viewx3dtextx26qx3d@yahoo.comx26latlngx3d15854521645943074058";
    assert!(email.clean(text).is_err());
    assert!(email.clean("view@yahoo.com").is_ok(), "the pair");
    for shape in ["a.", "a", "-", "a-", ".", "@", "a@"] {
        for begin in ["a@", "", "http://", "http://a.b:80/"] {
            let make = |size: usize| format!("{begin}{}", shape.repeat(size / shape.len()));
            check_linear(&format!("{begin}{shape}"), make, |value| {
                black_box(EmailValidator::new().validate(value).is_ok());
                black_box(UrlValidator::new().validate(value).is_ok());
                black_box(DomainNameValidator::new().validate(value).is_ok());
            });
        }
    }
}

#[test]
fn cve_2021_33571_an_octal_number_is_no_part_of_an_address() {
    for address in [
        "0177.0.0.1",
        "01.2.3.4",
        "1.02.3.4",
        "1.2.03.4",
        "1.2.3.04",
        "192.168.000.001",
        "010.8.8.8",
        "00.0.0.0",
        "127.1",
        "0x7f.0.0.1",
        "2130706433",
    ] {
        let value = Value::from(address);
        assert!(validate_ipv4_address(&value).is_err(), "{address}");
        assert!(validate_ipv46_address(&value).is_err(), "{address}");
        let mapped = Value::from(format!("::ffff:{address}"));
        assert!(
            validate_ipv6_address(&mapped).is_err() || !address.contains('.'),
            "{address}"
        );
        for scheme in ["http", "https", "ftp"] {
            assert!(!is_url(&format!("{scheme}://{address}/")), "{address}");
            assert!(!is_url(&format!("{scheme}://{address}:80/")), "{address}");
        }
        assert!(!is_email(&format!("a@[{address}]")), "{address}");
    }
    for address in ["127.0.0.1", "0.0.0.0", "10.20.30.40", "255.255.255.255"] {
        assert!(
            validate_ipv4_address(&address.into()).is_ok(),
            "the pair: {address}"
        );
        assert!(is_url(&format!("http://{address}/")), "the pair: {address}");
    }
}

#[test]
fn cve_2021_32052_a_line_end_is_refused_and_never_dropped() {
    for end in ['\n', '\r', '\t'] {
        for url in [
            format!("http://www.django{end}project.com/"),
            format!("http://[::{end}ffff:192.9.5.5]"),
            format!("http://www.djangoproject.com/{end}"),
            format!("{end}http://www.djangoproject.com/"),
            format!("http{end}://www.djangoproject.com/"),
            format!("http://www.djangoproject.com/a{end}b"),
            format!("http://www.djangoproject.com{end}"),
        ] {
            assert!(!is_url(&url), "{url:?}");
        }
        // A field takes the white space around a text away before anything is looked at.
        let field = Field::new(UrlField::new());
        assert!(field.clean(format!("http://a{end}b.com/")).is_err());
        assert_eq!(
            field.clean(format!("http://a.com/{end}")).unwrap(),
            Value::from("http://a.com/")
        );
    }
    assert!(is_url("http://www.djangoproject.com/a%0Ab"), "the pair");
}

#[test]
fn cve_2015_5145_a_space_in_a_url_is_found_at_once() {
    for url in [
        "http://www.asdasdasdasdsadfm.com.br ",
        "http://www.asdasdasdasdsadfm.com.br z",
    ] {
        assert!(!is_url(url), "{url:?}");
    }
    assert!(is_url("http://www.asdasdasdasdsadfm.com.br"), "the pair");
    let make = |size: usize| format!("http://www.{}.com.br z", "asd".repeat(size / 3));
    check_linear("a space at the end", make, |value| {
        black_box(UrlValidator::new().validate(value).is_ok());
    });
}

#[test]
fn cve_2011_4137_and_cve_2011_4138_validation_asks_nobody() {
    // Somebody who takes a connection and never answers.
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.set_nonblocking(true).unwrap();
    let port = listener.local_addr().unwrap().port();
    let field = Field::new(UrlField::new());
    let began = Instant::now();
    for url in [
        format!("http://127.0.0.1:{port}/"),
        format!("http://localhost:{port}/file"),
        format!("ftp://127.0.0.1:{port}/x"),
    ] {
        assert!(is_url(&url) && field.clean(url.as_str()).is_ok(), "{url}");
    }
    assert!(!is_url("file:///etc/passwd") && field.clean("file:///etc/passwd").is_err());
    assert!(is_email("a@[127.0.0.1]"));
    assert!(
        began.elapsed() < Duration::from_millis(200),
        "{:?}",
        began.elapsed()
    );
    assert!(listener.accept().is_err(), "nobody has connected");
    // The pair: somebody who connects is seen.
    let _client = std::net::TcpStream::connect(("127.0.0.1", port)).unwrap();
    std::thread::sleep(Duration::from_millis(50));
    assert!(listener.accept().is_ok());
}

#[test]
fn cve_2022_24713_an_expression_that_is_nothing_many_times_is_refused_at_once() {
    let began = Instant::now();
    for source in [
        "(?:){4294967295}",
        "(?:){64}{64}{64}{64}{64}{64}",
        "((a{1000}){1000}){1000}",
    ] {
        // What comes from a user is compiled by whoever hands it over, and has a limit there.
        if let Ok(regex) = Regex::new(source) {
            black_box(RegexValidator::new(regex).validate(&"aaaa".into()).is_ok());
        }
    }
    assert!(
        began.elapsed() < Duration::from_secs(2),
        "{:?}",
        began.elapsed()
    );
    let regex = Regex::new("^a{3}$").unwrap();
    assert!(
        RegexValidator::new(regex).validate(&"aaa".into()).is_ok(),
        "the pair"
    );
}
