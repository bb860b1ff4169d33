//! The runs of the test runner: nextest or libtest, and the doctests.

use std::io::IsTerminal;
use std::process::Command;

use super::Options;
use super::summary::{Counts, parse};
use crate::process::{cargo, shown};

/// One run of a test runner.
pub(super) struct Step {
    name: &'static str,
    command: Command,
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
            if let Some(found) = parse(line) {
                counts.add(found);
                if found != Counts::default() {
                    closing.push(line.clone());
                }
            }
        }
        if status != 0 {
            closing.push(format!("{} ended with exit status {status}", self.name));
            if counts.failed == 0 {
                // A build that broke ran no test, and must not read as if nothing had failed.
                counts.failed = 1;
            }
        }
        // A workspace under libtest has one line a binary: the sum says it shorter.
        if closing.len() > 5 {
            closing = vec![format!("{}: {counts}", self.name)];
        }
        Ok(Ended {
            status,
            counts,
            closing,
        })
    }
}
