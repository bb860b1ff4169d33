//! The runs of the test runner: nextest or libtest, and the doctests.

use std::io::IsTerminal;
use std::process::Command;

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

/// Doctests first, so that the larger run's summary comes last.
pub(super) fn steps(nextest: bool, filters: &[String]) -> Vec<Step> {
    let mut steps = Vec::new();
    if filters.is_empty() {
        let mut command = cargo();
        command.args(["test", "--doc", "--workspace", "--no-fail-fast", "--quiet"]);
        steps.push(Step {
            name: "doctests",
            command,
        });
    }
    let mut command = cargo();
    if nextest {
        command.args(["nextest", "run", "--workspace", "--no-fail-fast"]);
        command.args(["--no-tests=pass", "--status-level=slow"]);
        if std::io::stderr().is_terminal() {
            command.arg("--color=always");
        }
        command.args(filters);
    } else {
        command.args(["test", "--workspace", "--no-fail-fast"]);
        command.args(["--lib", "--bins", "--tests", "--examples"]);
        command.arg("--").args(filters);
    }
    steps.push(Step {
        name: if nextest {
            "cargo nextest"
        } else {
            "cargo test"
        },
        command,
    });
    steps
}

impl Step {
    /// Runs it with the variables that the tests look at.
    pub(super) fn run(mut self, variables: &[(&str, String)]) -> Result<Ended, String> {
        println!("== {}", self.name);
        for (name, value) in variables {
            self.command.env(name, value);
        }
        let (status, lines) = shown(&mut self.command)?;
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
