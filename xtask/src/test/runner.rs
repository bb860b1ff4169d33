//! The runs of the test runner: nextest or libtest, and the doctests.

use std::io::IsTerminal;
use std::process::Command;

use super::Options;
use super::summary::{Counts, parse, without_colours};
use crate::process::{cargo, shown};

/// One run of a test runner.
pub(super) struct Step {
    name: &'static str,
    command: Command,
    /// nextest shows the libtest lines of a failing test beside its own: only its own count.
    summary: &'static str,
}

/// How a run ended, with the lines to repeat at the very end.
pub(super) struct Ended {
    pub(super) status: u8,
    pub(super) counts: Counts,
    pub(super) closing: Vec<String>,
}

/// With nextest, which knows no doctests, these come first, so that the larger run's summary is the last.
pub(super) fn steps(nextest: bool, options: &Options) -> Vec<Step> {
    let mut command = cargo();
    if !nextest {
        command
            .args(["test", "--no-fail-fast"])
            .args(scope(options));
        command.arg("--").args(&options.filters);
        return vec![Step {
            name: "cargo test",
            command,
            summary: "test result: ",
        }];
    }
    let mut steps = Vec::new();
    if options.filters.is_empty() {
        let mut command = cargo();
        command.args(["test", "--doc", "--no-fail-fast", "--quiet"]);
        command.args(scope(options));
        steps.push(Step {
            name: "doctests",
            command,
            summary: "test result: ",
        });
    }
    command.args(["nextest", "run", "--no-fail-fast", "--no-tests=pass"]);
    command.arg("--status-level=slow").args(scope(options));
    if std::io::stderr().is_terminal() {
        command.arg("--color=always");
    }
    command.args(&options.filters);
    steps.push(Step {
        name: "cargo nextest",
        command,
        summary: "Summary [",
    });
    steps
}

/// The packages asked for, or all of them.
fn scope(options: &Options) -> Vec<String> {
    if options.packages.is_empty() {
        return vec!["--workspace".to_owned()];
    }
    let named = |package: &String| format!("--package={package}");
    options.packages.iter().map(named).collect()
}

impl Step {
    /// Runs it with the variables that the tests look at.
    pub(super) fn run(mut self, variables: &[(&str, String)]) -> Result<Ended, String> {
        println!("== {}", self.name);
        for (name, value) in variables {
            self.command.env(name, value);
        }
        let (mut status, lines) = shown(&mut self.command)?;
        if lines
            .iter()
            .any(|line| line.contains("no library targets found"))
        {
            // Only asked for packages with a name: a program has no doctests.
            status = 0;
        }
        let mut counts = Counts::default();
        let mut closing = Vec::new();
        for line in &lines {
            let is_summary = line.contains(self.summary);
            if let Some(found) = parse(line).filter(|_| is_summary) {
                counts.add(found);
                if found != Counts::default() {
                    closing.push(line.clone());
                }
            }
        }
        if status != 0 {
            closing.extend(failures(&lines));
            closing.push(format!("{} ended with exit status {status}", self.name));
            if counts.failed == 0 {
                // A build that broke ran no test, and must not read as if nothing had failed.
                counts.failed = 1;
            }
        }
        // A workspace under libtest has one line a binary: the sum says it shorter.
        if closing
            .iter()
            .filter(|line| line.contains(self.summary))
            .count()
            > 3
        {
            closing.retain(|line| !line.contains(self.summary));
            closing.insert(0, format!("{}: {counts}", self.name));
        }
        Ok(Ended {
            status,
            counts,
            closing,
        })
    }
}

/// The lines that name a failed test, each once.
fn failures(lines: &[String]) -> Vec<String> {
    let mut named: Vec<String> = Vec::new();
    for line in lines {
        let plain = without_colours(line);
        let plain = plain.trim();
        let by_nextest = plain.starts_with("FAIL [") || plain.starts_with("TIMEOUT [");
        let by_libtest = plain.starts_with("test ") && plain.ends_with(" ... FAILED")
            || plain.ends_with(" --- FAILED");
        // nextest names each failure twice: as it happens, and at its end.
        let name = plain.split_once(") ").map_or(plain, |(_, name)| name);
        if by_nextest && !named.iter().any(|known| known.ends_with(name)) {
            named.push(format!("failed: {name}"));
        } else if by_libtest && !lines.iter().any(|line| line.contains("Nextest run ID")) {
            named.push(format!("failed: {plain}"));
        }
    }
    named
}

#[cfg(test)]
mod tests {
    use super::failures;

    fn check(output: &str, expected: &[&str]) {
        let lines: Vec<String> = output.lines().map(str::to_owned).collect();
        assert_eq!(failures(&lines), expected);
    }

    #[test]
    fn each_failed_test_is_named_once() {
        let nextest = " Nextest run ID 1\n  FAIL [   0.5s] ( 2/9) demo::it a::b\n    test a::b ... FAILED\n  FAIL [   0.5s] ( 2/9) demo::it a::b";
        check(nextest, &["failed: demo::it a::b"]);
        check(
            "test a::b ... FAILED\nsrc/lib.rs - (line 2) --- FAILED\ntest c ... ok",
            &[
                "failed: test a::b ... FAILED",
                "failed: src/lib.rs - (line 2) --- FAILED",
            ],
        );
    }
}
