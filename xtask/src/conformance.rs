//! `cargo xtask conformance`: builds and runs `nuages-conformance`.

use crate::process::{cargo, handed_over};

/// The long help.
pub(crate) const HELP: &str = "\
KIND is templates, security, web or forms; DIR is a folder with that corpus (*.jsonl).
Prints a line for each file and a total: `passed N, failed N, skipped N`.
Exit status: 0 when nothing failed, 1 when a record failed, 2 when a file cannot be read.

Options:
  --list-failures   print each failed record: id, what was expected, what came
  --list-skips      print each reason to skip, with the number of records
  --write-exceptions
                    write the corpus's entries of conformance/exceptions.toml anew, from this run

Example:
  cargo xtask conformance templates ../shared/conformance/templates --list-failures
";

/// Runs the runner of conformance records.
pub(crate) fn run(arguments: &[String]) -> crate::Outcome {
    let mut command = cargo();
    command
        .args(["run", "--quiet", "--package", "nuages-conformance", "--"])
        .args(arguments);
    // DIR is relative to where the caller stands.
    if let Ok(here) = std::env::current_dir() {
        command.current_dir(here);
    }
    handed_over(&mut command)
}
