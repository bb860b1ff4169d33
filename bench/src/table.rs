//! Medians, and the table that is printed.

/// The rounds of one server.
#[derive(Debug, Default, Clone)]
pub struct Rounds {
    /// Microseconds of server CPU a request, one entry a round.
    pub cpu: Vec<f64>,
    /// Requests a second, one entry a round.
    pub rate: Vec<f64>,
}

/// The value in the middle; of an even number the mean of both.
pub fn median(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let middle = sorted.len() / 2;
    match sorted.len() {
        0 => f64::NAN,
        length if length % 2 == 1 => sorted[middle],
        _ => f64::midpoint(sorted[middle - 1], sorted[middle]),
    }
}

/// One line: name, median with the smallest and the greatest round, ratio to the limit.
pub fn line(name: &str, rounds: &Rounds, limit: f64) -> String {
    let cpu = median(&rounds.cpu);
    let least = rounds.cpu.iter().copied().fold(f64::INFINITY, f64::min);
    let most = rounds.cpu.iter().copied().fold(0.0, f64::max);
    format!(
        "{name:<10} {cpu:>8.1} us CPU/request ({least:.1} to {most:.1}) {:>8.0} requests/s   {:.2} x",
        median(&rounds.rate),
        cpu / limit
    )
}

#[cfg(test)]
mod tests {
    use super::median;

    #[test]
    fn the_median_is_in_the_middle() {
        assert!((median(&[3.0, 1.0, 2.0]) - 2.0).abs() < 1e-9);
        assert!((median(&[4.0, 1.0, 2.0, 3.0]) - 2.5).abs() < 1e-9);
    }
}
