//! P8: the time of a comparison does not tell where two signatures differ.

use std::hint::black_box;
use std::time::Duration;

use nuages_crypto::constant_time_compare;
use rustix::time::{ClockId, clock_gettime};

/// Each way of comparing is asked a million times, in turns of a thousand.
const TURNS: usize = 1000;
const CALLS: u32 = 1000;

/// The difference that the catalogue allows, in nanoseconds a call.
const ALLOWED: f64 = 2.0;

fn cpu_time() -> Duration {
    Duration::try_from(clock_gettime(ClockId::ThreadCPUTime)).unwrap_or_default()
}

fn median(mut times: Vec<f64>) -> f64 {
    times.sort_by(f64::total_cmp);
    times.get(times.len() / 2).copied().unwrap_or_default()
}

/// How many nanoseconds more a signature costs that is wrong at its last byte than one that is wrong at its first.
fn last_over_first(compare: fn(&[u8], &[u8]) -> bool) -> f64 {
    let right = [b'a'; 43];
    let (mut first, mut last) = (right, right);
    first[0] = b'b';
    last[42] = b'b';
    let time = |wrong: &[u8]| {
        let began = cpu_time();
        for _ in 0..CALLS {
            black_box(compare(black_box(&right), black_box(wrong)));
        }
        let took = cpu_time().saturating_sub(began);
        took.as_secs_f64() * 1e9 / f64::from(CALLS)
    };
    time(&first);
    // Two that follow each other are disturbed alike.
    let differences = (0..TURNS).map(|turn| {
        if turn % 2 == 0 {
            let first = time(&first);
            time(&last) - first
        } else {
            let last = time(&last);
            last - time(&first)
        }
    });
    median(differences.collect())
}

#[test]
fn p8_a_signature_that_is_wrong_at_its_first_byte_takes_as_long_as_one_wrong_at_its_last() {
    // What looks too different is looked at again: other programs disturb it, and never make it the same.
    let same =
        |_| last_over_first(|left, right| constant_time_compare(left, right)).abs() < ALLOWED;
    assert!((0..5).any(same));
}

#[test]
fn p8_pair_a_comparison_that_stops_at_the_first_difference_tells_where_it_is() {
    let naive =
        |left: &[u8], right: &[u8]| left.iter().zip(right).all(|(left, right)| left == right);
    let found = last_over_first(naive);
    assert!(found > ALLOWED, "{found}");
}
