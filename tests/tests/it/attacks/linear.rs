//! Linear time: ten times the input may cost at most twenty times as much.

use std::hint::black_box;
use std::time::Duration;

/// Ten times the input: 10 is linear, 100 quadratic.
const WORST: u32 = 20;

/// Below this, a clock measures itself.
const SHORTEST: Duration = Duration::from_micros(50);

/// The time of the processor: other programs on the machine interrupt the long run, and never the short one.
pub(crate) fn cpu_time() -> Duration {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
    Duration::try_from(time).unwrap_or_default()
}

/// The least of five measurements: what disturbs only makes it longer.
pub(crate) fn least<T>(work: &dyn Fn() -> T) -> Duration {
    let measure = |_| {
        let began = cpu_time();
        black_box(work());
        cpu_time().saturating_sub(began)
    };
    measure(0);
    (0..5).map(measure).min().unwrap_or_default()
}

/// Whether `work` takes linear time in what `make` makes of a size, from `size` on.
pub(crate) fn is_linear<V, T>(
    size: usize,
    make: impl Fn(usize) -> V,
    work: impl Fn(&V) -> T,
) -> bool {
    let mut size = size;
    while size < 1_000_000 && least(&|| work(&make(size))) < SHORTEST {
        size *= 10;
    }
    let (small, large) = (make(size), make(size * 10));
    // What looks too slow is looked at again.
    (0..3).any(|_| least(&|| work(&large)) <= least(&|| work(&small)).max(SHORTEST) * WORST)
}

#[test]
fn the_measure_finds_what_is_quadratic() {
    let sum = |size: &usize| black_box((0..*size).map(black_box).sum::<usize>());
    assert!(is_linear(1000, |size| size, sum));
    let quadratic = |size: &usize| (0..*size).map(|_| sum(size)).max();
    assert!(!is_linear(100, |size| size, quadratic));
}
