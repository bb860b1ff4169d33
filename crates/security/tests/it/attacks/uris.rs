//! X6: escapes that are no UTF-8, many of them, cost what their length does.

use std::hint::black_box;
use std::time::Duration;

use nuages_security::uri::{repercent_broken_unicode, uri_to_iri};

/// Ten times the input may cost twenty times as much: 10 is linear, 100 quadratic.
const WORST: f64 = 20.0;

/// CPU time of the least of some runs.
fn cost(work: &dyn Fn()) -> f64 {
    let now = || {
        let time = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
        Duration::try_from(time).unwrap()
    };
    let once = || {
        let start = now();
        work();
        now().saturating_sub(start).as_secs_f64()
    };
    (0..3).map(|_| once()).fold(f64::INFINITY, f64::min)
}

/// The least that ten times the size costs, of three measurements.
fn ratio(size: usize, work: &dyn Fn(usize)) -> f64 {
    (0..3)
        .map(|_| cost(&|| work(size * 10)) / cost(&|| work(size)).max(50e-6))
        .fold(f64::INFINITY, f64::min)
}

#[test]
fn x6_cve_2023_41164_broken_escapes_are_put_back_in_linear_time() {
    assert_eq!(uri_to_iri(&"test%FC".repeat(3)), "test%FC".repeat(3));
    assert_eq!(repercent_broken_unicode(b"test\xfc\xfc"), "test%FC%FC");
    for piece in ["%FC", "test%FC", "%E2%99", "%F0%9F%92", "%C3%A9%FC", "%"] {
        let found = ratio(20_000, &|n| {
            black_box(uri_to_iri(&piece.repeat(n)));
        });
        assert!(found <= WORST, "{piece}: {found}");
    }
    for piece in [&b"test\xfc"[..], b"\xfc", b"\xe2\x99", b"\xc3\xa9\xff"] {
        let found = ratio(20_000, &|n| {
            black_box(repercent_broken_unicode(&piece.repeat(n)));
        });
        assert!(found <= WORST, "{piece:?}: {found}");
    }
}

#[test]
fn x6_cve_2019_14235_a_million_broken_bytes_do_not_recurse() {
    let work = || repercent_broken_unicode(&vec![0xfc; 1_000_000]);
    let small = std::thread::Builder::new().stack_size(128 << 10);
    let text = small.spawn(work).unwrap().join().unwrap();
    assert_eq!(text, "%FC".repeat(1_000_000));
}

/// Begins anew after each broken byte, and copies what it has: Django's way.
fn anew(bytes: &[u8]) -> String {
    let mut bytes = bytes.to_vec();
    loop {
        match str::from_utf8(&bytes) {
            Ok(text) => return text.to_owned(),
            Err(error) => {
                let at = error.valid_up_to();
                let escaped = format!("%{:02X}", bytes[at]);
                bytes = [&bytes[..at], escaped.as_bytes(), &bytes[at + 1..]].concat();
            }
        }
    }
}

#[test]
fn x6_pair_beginning_anew_for_each_byte_is_quadratic() {
    assert_eq!(anew(b"a\xfcb\xfc"), "a%FCb%FC");
    let found = ratio(500, &|n| {
        black_box(anew(&b"test\xfc".repeat(n)));
    });
    assert!(found > WORST, "{found}");
}
