//! What a test runner says in the end, as numbers.

use std::fmt;

/// Tests by outcome.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Counts {
    pub(super) passed: usize,
    pub(super) failed: usize,
    pub(super) skipped: usize,
}

impl Counts {
    /// Adds those of another run.
    pub(super) fn add(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
        self.skipped += other.skipped;
    }

    /// A test that finds no browser passes, for its runner; to us it was skipped.
    pub(super) fn skipped_inside(&mut self, tests: usize) {
        let moved = tests.min(self.passed);
        self.passed -= moved;
        self.skipped += moved;
    }
}

impl fmt::Display for Counts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            passed,
            failed,
            skipped,
        } = self;
        write!(f, "{passed} passed, {failed} failed, {skipped} skipped")
    }
}

/// Reads a summary line of nextest or of libtest; any other line is `None`.
pub(super) fn parse(line: &str) -> Option<Counts> {
    let line = without_colours(line);
    let line = line.trim();
    if let Some((head, rest)) = line.split_once(" run: ")
        && head.starts_with("Summary [")
    {
        return Some(count(rest.split(", ")));
    }
    let rest = line.strip_prefix("test result: ")?;
    let (_, rest) = rest.split_once(". ")?;
    Some(count(rest.split("; ")))
}

fn count<'a>(parts: impl Iterator<Item = &'a str>) -> Counts {
    let mut counts = Counts::default();
    for part in parts {
        let Some((number, word)) = part.trim().split_once(' ') else {
            continue;
        };
        let Ok(number) = number.parse::<usize>() else {
            continue;
        };
        // "9 passed (1 slow)" counts nine; "filtered out" was not asked for, so it is no skip.
        match word.split(" (").next().unwrap_or(word) {
            "passed" => counts.passed += number,
            "failed" | "timed out" | "exec failed" => counts.failed += number,
            "skipped" | "ignored" => counts.skipped += number,
            _ => {}
        }
    }
    counts
}

/// The line as it would be without a terminal.
pub(super) fn without_colours(line: &str) -> String {
    let mut text = String::with_capacity(line.len());
    let mut rest = line;
    while let Some((before, escape)) = rest.split_once("\u{1b}[") {
        text.push_str(before);
        rest = escape.split_once('m').map_or("", |(_, after)| after);
    }
    text.push_str(rest);
    text
}

#[cfg(test)]
mod tests {
    use super::{Counts, parse};

    fn check(line: &str, expected: Option<(usize, usize, usize)>) {
        let expected = expected.map(|(passed, failed, skipped)| Counts {
            passed,
            failed,
            skipped,
        });
        assert_eq!(parse(line), expected, "{line}");
    }

    #[test]
    fn both_runners_are_understood() {
        check(
            "     Summary [   1.234s] 10 tests run: 8 passed (1 slow), 1 failed, 1 timed out, 2 skipped",
            Some((8, 2, 2)),
        );
        check(
            "     Summary [   0.004s] 1 test run: 1 passed, 0 skipped",
            Some((1, 0, 0)),
        );
        check(
            "\u{1b}[32;1m     Summary\u{1b}[0m [   0.1s] \u{1b}[1m3\u{1b}[0m tests run: \u{1b}[1m3\u{1b}[0m \u{1b}[32;1mpassed\u{1b}[0m, \u{1b}[1m0\u{1b}[0m \u{1b}[33;1mskipped\u{1b}[0m",
            Some((3, 0, 0)),
        );
        check(
            "test result: FAILED. 5 passed; 1 failed; 2 ignored; 0 measured; 7 filtered out; finished in 0.00s",
            Some((5, 1, 2)),
        );
        check("test result_is_kept ... ok", None);
        check("running 3 tests", None);
    }

    #[test]
    fn a_skip_inside_a_test_is_no_pass() {
        let mut counts = Counts {
            passed: 5,
            failed: 0,
            skipped: 1,
        };
        counts.skipped_inside(2);
        assert_eq!(counts.to_string(), "3 passed, 0 failed, 3 skipped");
    }
}
