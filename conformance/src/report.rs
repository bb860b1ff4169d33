//! The counts, by file and in total, and the lists.

use std::collections::BTreeMap;
use std::path::Path;

use crate::case::{Case, Miss, Outcome};
use crate::exceptions::Exceptions;

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
        }
    }

    /// Begins a file, and prints the line of the one before.
    pub(crate) fn file(&mut self, path: &Path) {
        self.close_file();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        self.file = Some((name.into_owned(), Counts::default()));
    }

    /// Counts one record.
    pub(crate) fn count(&mut self, case: &Case, outcome: Outcome) {
        let excepted = matches!(outcome, Err(Miss::Failed(_))) && self.exceptions.catch(case);
        let mut here = Counts::default();
        match outcome {
            Ok(()) => here.passed = 1,
            Err(Miss::Failed(_)) if excepted => here.excepted = 1,
            Err(Miss::Failed(why)) => {
                here.failed = 1;
                *self.failures.entry(case.kind.clone()).or_default() += 1;
                if self.list_failures {
                    println!("FAILED {}: {why}", case.id);
                }
            }
            Err(Miss::Skipped(why)) => {
                here.skipped = 1;
                *self.skips.entry(why).or_default() += 1;
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
