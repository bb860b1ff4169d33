//! The counts, by file and in total, and the lists.

use crate::exceptions::Exceptions;
use crate::records::Record;
use std::collections::BTreeMap;

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
    excepted: BTreeMap<String, usize>,
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
            excepted: BTreeMap::new(),
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
        match told.map(|(outcome, why)| (outcome.as_str(), why)) {
            Some(("passed", _)) => here.passed = 1,
            Some(("excepted", why)) => {
                here.excepted = 1;
                *self.excepted.entry(why.clone()).or_default() += 1;
            }
            Some(("failed", _)) if self.exceptions.catch(record) => here.excepted = 1,
            Some(("failed", why)) => {
                here.failed = 1;
                *self.failures.entry(record.kind.clone()).or_default() += 1;
                if self.list_failures {
                    println!("FAILED {}: {why}", record.id);
                }
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
        for exception in &self.exceptions.0 {
            match exception.caught {
                0 => println!("stale exception, catches nothing: {}", exception.reason),
                caught => println!("excepted {caught}: {}", exception.reason),
            }
        }
        for (reason, excepted) in &self.excepted {
            println!("excepted {excepted}: {reason}");
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
