//! A test that cannot run says so in a way that reaches the reader.
//!
//! A runner such as nextest hides what a passing test prints.
//! So the reason is printed, and also appended to the file named by `NUAGES_TEST_SKIPS`,
//! which `cargo xtask test` reads out at the end.
//! This file uses nothing but `std`: a crate below may take it in with `#[path]`.

use std::io::Write;

/// Says that the test `name` was skipped, and why.
///
/// ```no_run
/// # fn driver() -> Option<&'static str> { None }
/// let Some(driver) = driver() else {
///     return nuages_tests::skip("browser_logs_in", "there is no WebDriver server");
/// };
/// # unreachable!("{driver}");
/// ```
#[expect(
    clippy::print_stdout,
    reason = "the line is for whoever runs the tests by hand"
)]
pub fn skip(name: &str, reason: &str) {
    println!("skipped: {name}: {reason}");
    let Some(file) = std::env::var_os("NUAGES_TEST_SKIPS") else {
        return;
    };
    // A reason that cannot be written must not fail the test: it has been printed.
    if let Ok(mut file) = std::fs::OpenOptions::new().append(true).open(file) {
        let _ = writeln!(file, "{name}: {reason}");
    }
}
