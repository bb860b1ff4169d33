//! How much memory a piece of work takes at its peak.
//!
//! Other tests in the same process would be measured too, so nothing is told where a process runs more than one of them
//! (`cargo test`; nextest gives each test a process of its own), nor where the system does not count.
//! This file uses nothing but `std`: a crate below may take it in with `#[path]`.

/// The beginning of a measurement.
#[derive(Debug)]
pub struct Peak(Option<u64>);

impl Peak {
    /// Begins: what was used at a peak before this is forgotten.
    ///
    /// ```
    /// let peak = nuages_tests::Peak::mark();
    /// let work = vec![1_u8; 1000];
    /// assert!(peak.growth_in_kib().is_none_or(|kib| kib < 8 * 1024), "{work:?}");
    /// ```
    pub fn mark() -> Self {
        let alone = std::env::var_os("NEXTEST").is_some();
        // "5" sets the peak back to what is used now.
        let reset = alone && std::fs::write("/proc/self/clear_refs", "5").is_ok();
        Self(reset.then(peak).flatten())
    }

    /// How far the peak has risen since; `None` where that cannot be told.
    pub fn growth_in_kib(&self) -> Option<u64> {
        Some(peak()?.saturating_sub(self.0?))
    }
}

fn peak() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.split_whitespace().next()?.parse().ok()
}
