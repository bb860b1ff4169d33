//! Do two ways take the same time? Medians, and the test of Mann and Whitney.

use crate::table::median;

/// What two rows of times say of each other.
#[derive(Debug, Clone, Copy)]
pub struct Comparison {
    /// The difference of the medians, in the unit of the times.
    pub difference: f64,
    /// The greater of the medians.
    pub median: f64,
    /// How likely it is that the same way gives two rows that differ as much (two-sided).
    pub p: f64,
}

impl Comparison {
    /// Compares two rows of times.
    pub fn of(one: &[f64], two: &[f64]) -> Self {
        let (first, second) = (median(one), median(two));
        Self {
            difference: (first - second).abs(),
            median: first.max(second),
            p: mann_whitney(one, two),
        }
    }

    /// True when nobody can tell the two ways apart: the medians differ by a twentieth at most, or by `least` where that is
    /// more, and chance explains the rest.
    pub fn is_same(&self, least: f64) -> bool {
        self.difference <= (self.median / 20.0).max(least) && self.p > 0.01
    }
}

/// The two-sided p of the test of Mann and Whitney, by its normal approximation with ties: good for more than twenty times.
///
/// ```
/// use nuages_bench::timing::mann_whitney;
///
/// let low: Vec<f64> = (0..50).map(f64::from).collect();
/// let high: Vec<f64> = (25..75).map(f64::from).collect();
/// assert!(mann_whitney(&low, &high) < 0.001);
/// assert!(mann_whitney(&low, &low) > 0.9);
/// ```
pub fn mann_whitney(one: &[f64], two: &[f64]) -> f64 {
    let mut all: Vec<(f64, bool)> = one.iter().map(|time| (*time, true)).collect();
    all.extend(two.iter().map(|time| (*time, false)));
    all.sort_by(|left, right| left.0.total_cmp(&right.0));
    let (mut ranks_of_one, mut ties, mut rank) = (0.0, 0.0, 1.0);
    for equal in all.chunk_by(|left, right| left.0.total_cmp(&right.0).is_eq()) {
        let count = length(equal);
        // Equal times share the mean of their ranks.
        let mean = rank + (count - 1.0) / 2.0;
        for _ in equal.iter().filter(|(_, is_one)| *is_one) {
            ranks_of_one += mean;
        }
        ties += count.powi(3) - count;
        rank += count;
    }
    let (n, m) = (length(one), length(two));
    let total = n + m;
    let u = ranks_of_one - n * (n + 1.0) / 2.0;
    let variance = n * m / 12.0 * (total + 1.0 - ties / (total * (total - 1.0)));
    if variance <= 0.0 {
        return 1.0;
    }
    let distance = ((u - n * m / 2.0).abs() - 0.5).max(0.0);
    two_sided(distance / variance.sqrt())
}

#[expect(clippy::cast_precision_loss, reason = "a count of requests")]
fn length<T>(list: &[T]) -> f64 {
    list.len() as f64
}

/// How much of the normal distribution lies beyond `z` on both sides (Abramowitz and Stegun 7.1.26).
fn two_sided(z: f64) -> f64 {
    let x = z / std::f64::consts::SQRT_2;
    let t = 1.0 / 0.327_591_1_f64.mul_add(x, 1.0);
    let factors = [
        1.061_405_429,
        -1.453_152_027,
        1.421_413_741,
        -0.284_496_736,
        0.254_829_592,
    ];
    let sum = factors
        .iter()
        .fold(0.0_f64, |sum, factor| sum.mul_add(t, *factor));
    (sum * t * (-x * x).exp()).clamp(0.0, 1.0)
}

#[cfg(test)]
mod tests {
    use super::{Comparison, mann_whitney, two_sided};

    #[test]
    fn the_known_values_come_out() {
        assert!((two_sided(1.959_964) - 0.05).abs() < 1e-5);
        assert!((two_sided(0.0) - 1.0).abs() < 1e-6);
        // U = 0 of five and five: z = 12 / 4.787.
        let p = mann_whitney(&[1.0, 2.0, 3.0, 4.0, 5.0], &[6.0, 7.0, 8.0, 9.0, 10.0]);
        assert!((p - 0.012_186).abs() < 1e-4, "{p}");
        // All alike: nothing to tell apart.
        assert!((mann_whitney(&[1.0; 30], &[1.0; 30]) - 1.0).abs() < 1e-9);
    }

    #[test]
    fn a_tenth_more_is_told_apart_and_noise_is_not() {
        let noise = |seed: u32| -> Vec<f64> {
            let mut state = seed;
            let mut next = || {
                state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                f64::from(state >> 16) / 65_536.0
            };
            (0..300).map(|_| 20.0 + next()).collect()
        };
        let (one, two) = (noise(1), noise(2));
        assert!(Comparison::of(&one, &two).is_same(1.0));
        let slower: Vec<f64> = two.iter().map(|time| time * 1.1).collect();
        let told = Comparison::of(&one, &slower);
        assert!(!told.is_same(1.0) && told.p < 1e-6, "{told:?}");
    }
}
