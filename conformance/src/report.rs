//! The counts, by file and in total, and the lists.

use crate::exceptions::Exceptions;
use crate::records::Record;
use std::collections::{BTreeMap, BTreeSet};

#[derive(Debug, Default, Clone, Copy)]
struct Counts {
    passed: usize,
    failed: usize,
    skipped: usize,
    excepted: usize,
}

impl std::fmt::Display for Counts {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (passed, failed, skipped) = (self.passed, self.failed, self.skipped);
        write!(f, "passed {passed}, failed {failed}, skipped {skipped}")?;
        if self.excepted > 0 {
            write!(f, " (and excepted {})", self.excepted)?;
        }
        Ok(())
    }
}

/// What has been counted so far.
pub(crate) struct Report {
    exceptions: Exceptions,
    list_failures: bool,
    file: Option<(String, Counts)>,
    total: Counts,
    failures: BTreeMap<String, usize>,
    skips: BTreeMap<String, usize>,
    seen: BTreeSet<String>,
}

impl Report {
    pub(crate) fn new(exceptions: Exceptions, list_failures: bool) -> Self {
        Self {
            exceptions,
            list_failures,
            file: None,
            total: Counts::default(),
            failures: BTreeMap::new(),
            skips: BTreeMap::new(),
            seen: BTreeSet::new(),
        }
    }

    /// Begins a file, and prints the line of the one before.
    pub(crate) fn file(&mut self, name: &str) {
        self.close_file();
        self.file = Some((name.to_owned(), Counts::default()));
    }

    /// Counts one record, by what a room has told of it.
    pub(crate) fn count(&mut self, record: &Record, told: Option<&(String, String)>) {
        let mut here = Counts::default();
        self.seen.insert(record.id.clone());
        match told.map(|(outcome, why)| (outcome.as_str(), why)) {
            Some(("passed", _)) => here.passed = 1,
            Some(("excepted", why)) if self.exceptions.catch(&record.id, why) => here.excepted = 1,
            Some(("excepted", why)) => {
                here.failed = 1;
                self.fail(
                    record,
                    &format!("excepted for a reason that is not listed: {why}"),
                );
            }
            Some(("failed", why)) => {
                here.failed = 1;
                self.fail(record, why);
            }
            Some((_, why)) => {
                here.skipped = 1;
                let reason = format!("kind {}: {why}", record.kind);
                *self.skips.entry(reason).or_default() += 1;
            }
            None => {
                here.skipped = 1;
                let reason = format!("kind {} is not replayed yet", record.kind);
                *self.skips.entry(reason).or_default() += 1;
            }
        }
        self.total.add(here);
        if let Some((_, counts)) = &mut self.file {
            counts.add(here);
        }
    }

    /// Prints the last file, the reasons, and the total.
    pub(crate) fn finish(&mut self, list_skips: bool) {
        self.close_file();
        println!();
        let seen = self.seen.iter().map(String::as_str).collect();
        let findings = self.exceptions.findings(&seen);
        for (reason, excepted, new) in findings.by_reason {
            match new {
                0 => println!("excepted {excepted}: {reason}"),
                new => println!("excepted {excepted} ({new} not in exceptions.toml): {reason}"),
            }
        }
        for id in findings.stale {
            println!("stale exception: {id}");
        }
        for (kind, failed) in &self.failures {
            println!("failed {failed} of kind {kind}");
        }
        if list_skips || self.skips.len() <= 12 {
            for (reason, skipped) in &self.skips {
                println!("skipped {skipped}: {reason}");
            }
        } else {
            println!(
                "skipped for {} reasons: --list-skips names them",
                self.skips.len()
            );
        }
        println!("total: {}", self.total);
    }

    /// The exceptions, with what was caught.
    pub(crate) fn exceptions(&self) -> &Exceptions {
        &self.exceptions
    }

    fn fail(&mut self, record: &Record, why: &str) {
        *self.failures.entry(record.kind.clone()).or_default() += 1;
        if self.list_failures {
            println!("FAILED {}: {why}", record.id);
        }
    }

    pub(crate) fn nothing_failed(&self) -> bool {
        self.total.failed == 0
    }

    fn close_file(&mut self) {
        if let Some((name, counts)) = self.file.take() {
            println!("{name}: {counts}");
        }
    }
}

impl Counts {
    fn add(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
        self.skipped += other.skipped;
        self.excepted += other.excepted;
    }
}
