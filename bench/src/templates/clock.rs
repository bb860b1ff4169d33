//! CPU time of this process, and how long one call takes.

use std::hint::black_box;

use rustix::time::{ClockId, clock_gettime};

use crate::table::median;

/// Seconds of CPU that this process has used.
#[expect(
    clippy::cast_precision_loss,
    reason = "a clock of 52 bits is fine enough"
)]
pub fn cpu() -> f64 {
    let now = clock_gettime(ClockId::ProcessCPUTime);
    now.tv_sec as f64 + now.tv_nsec as f64 / 1e9
}

/// How often to call for about so many seconds of CPU; warms up meanwhile.
pub fn calls_in(seconds: f64, run: &mut dyn FnMut() -> String) -> u32 {
    let (start, mut calls) = (cpu(), 0);
    while cpu() - start < seconds {
        black_box(run());
        calls += 1;
    }
    calls
}

/// Seconds of CPU a call takes, over so many calls.
pub fn once(calls: u32, run: &mut dyn FnMut() -> String) -> f64 {
    let calls = calls.max(1);
    let start = cpu();
    for _ in 0..calls {
        black_box(run());
    }
    (cpu() - start) / f64::from(calls)
}

/// The median of fifteen measurements of ten milliseconds, as the benchmark's peers measure.
pub fn measure(run: &mut dyn FnMut() -> String) -> f64 {
    let calls = calls_in(0.15, run) / 10;
    let rounds: Vec<f64> = (0..15).map(|_| once(calls, run)).collect();
    median(&rounds)
}
