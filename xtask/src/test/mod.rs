//! `cargo xtask test`: everything a fresh machine needs to run every test, and one honest total.
//!
//! Skips come from two places and are printed together: from here, when something could not be installed,
//! and from tests, which append a line to the file named by `NUAGES_TEST_SKIPS`
//! (a runner such as nextest hides what a passing test prints).

use std::path::{Path, PathBuf};

use crate::process::{cargo, command, quiet, target_dir};

mod browser;
mod django;
mod guard;
mod packages;
mod redis;
mod runner;
mod summary;

use summary::Counts;

/// The long help.
pub(crate) const HELP: &str = "\
On Debian and Ubuntu this installs what is missing with apt-get: Chromium with its driver,
a font, Python's venv, a Redis server (as root directly, else through sudo when it asks for no password).
It makes a Python environment with Django 5.2 under target/, starts chromedriver and a
Redis server on free ports, and runs every test with cargo-nextest where that is installed, else with cargo test,
then the doctests. What it started is stopped, whatever happens.
What could not be had is skipped: each reason is printed. The exit status is the tests'.

Options:
  --no-install   install nothing with apt-get
  -p PACKAGE     test only this package (may be given more than once)
  -- FILTER...   run only the tests whose names match, and no doctests

The tests are told by the environment: NUAGES_TEST_WEBDRIVER (address of a WebDriver
server), NUAGES_TEST_CHROMIUM (the browser, when the driver should not choose),
NUAGES_TEST_PYTHON (a Python with Django and redis),
NUAGES_TEST_REDIS (address of a Redis server whose databases may be emptied), NUAGES_TEST_SKIPS (file for reasons to skip).
A variable that is set already is left as it is.
";

/// What was asked for.
#[derive(Debug, PartialEq, Eq)]
struct Options {
    install: bool,
    packages: Vec<String>,
    filters: Vec<String>,
}

/// Where a run keeps its things, and the reasons to skip that it has gathered.
struct Run {
    folder: PathBuf,
    install: bool,
    skipped: Vec<String>,
}

impl Run {
    /// Keeps the value of an attempt, or the reason why it came to nothing.
    fn attempt<T>(&mut self, what: &str, result: Result<T, String>) -> Option<T> {
        match result {
            Ok(value) => Some(value),
            Err(reason) => {
                println!("skipped: {what}: {reason}");
                self.skipped.push(format!("{what}: {reason}"));
                None
            }
        }
    }
}

/// Prepares, runs, reports.
pub(crate) fn run(arguments: &[String]) -> crate::Outcome {
    let options = parse(arguments)?;
    let folder = target_dir().join("nuages-test");
    std::fs::create_dir_all(&folder)
        .map_err(|error| format!("cannot make {}: {error}", folder.display()))?;
    let mut run = Run {
        folder,
        install: options.install,
        skipped: Vec::new(),
    };

    packages::install_missing(&mut run);
    let guard = guard::Guard::start()?;
    let mut variables: Vec<(&str, String)> = vec![("NUAGES_TEST_RUN", guard.mark().to_owned())];
    if !is_set("NUAGES_TEST_WEBDRIVER") {
        let started = browser::start(&run.folder, guard.mark());
        if let Some(address) = run.attempt("browser tests", started) {
            variables.push(("NUAGES_TEST_WEBDRIVER", address));
        }
    }
    if !is_set("NUAGES_TEST_PYTHON") {
        let made = django::environment(&run.folder);
        if let Some(python) = run.attempt("tests with Django", made) {
            variables.push(("NUAGES_TEST_PYTHON", python.display().to_string()));
        }
    }
    if !is_set("NUAGES_TEST_REDIS") {
        let started = redis::start(&run.folder, guard.mark());
        if let Some(address) = run.attempt("tests with Redis", started) {
            variables.push(("NUAGES_TEST_REDIS", address));
        }
    }
    let skips = run.folder.join("skips.txt");
    write(&skips, "")?;
    variables.push(("NUAGES_TEST_SKIPS", skips.display().to_string()));

    let (mut status, mut counts, mut closing) = (0, Counts::default(), Vec::new());
    let nextest = quiet(cargo().args(["nextest", "--version"])).is_ok();
    for step in runner::steps(nextest, &options) {
        let result = step.run(&variables)?;
        if status == 0 {
            status = result.status;
        }
        counts.add(result.counts);
        closing.extend(result.closing);
    }
    guard.stop();

    let tests: Vec<String> = read(&skips).lines().map(str::to_owned).collect();
    counts.skipped_inside(tests.len());
    let mut lines = reasons(&run.skipped, &tests);
    lines.extend(closing);
    lines.push(counts.to_string());
    let report = lines.join("\n");
    println!("\n{report}");
    write(&run.folder.join("summary.txt"), &format!("{report}\n"))?;
    Ok(status)
}

fn parse(arguments: &[String]) -> Result<Options, String> {
    let mut options = Options {
        install: true,
        packages: Vec::new(),
        filters: Vec::new(),
    };
    let mut rest = arguments.iter();
    while let Some(argument) = rest.next() {
        match argument.as_str() {
            "--no-install" => options.install = false,
            "-p" | "--package" => match rest.next() {
                Some(package) => options.packages.push(package.clone()),
                None => return Err(format!("{argument} needs the name of a package")),
            },
            "--" => options.filters.extend(rest.by_ref().cloned()),
            other => {
                return Err(format!(
                    "test does not know '{other}'\nhint: names of tests come behind `--`; see `cargo xtask help test`"
                ));
            }
        }
    }
    Ok(options)
}

/// All reasons, each once, those of the preparation first.
fn reasons(preparation: &[String], tests: &[String]) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for reason in preparation.iter().chain(tests) {
        let line = format!("skipped: {reason}");
        if !lines.contains(&line) {
            lines.push(line);
        }
    }
    lines
}

fn is_set(name: &str) -> bool {
    std::env::var_os(name).is_some_and(|value| !value.is_empty())
}

fn read(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap_or_default()
}

fn write(path: &Path, text: &str) -> Result<(), String> {
    std::fs::write(path, text).map_err(|error| format!("cannot write {}: {error}", path.display()))
}

/// The Python that venvs are made with.
fn system_python() -> Option<PathBuf> {
    crate::process::which("python3")
}

/// Whether this Python can make an environment with pip in it.
fn makes_environments(python: &Path) -> bool {
    quiet(&mut command(python, &["-c", "import venv, ensurepip"])).is_ok()
}

#[cfg(test)]
mod tests {
    use super::{parse, reasons};

    fn owned(words: &[&str]) -> Vec<String> {
        words.iter().map(|word| (*word).to_owned()).collect()
    }

    #[test]
    fn filters_come_behind_the_dashes() {
        let options = parse(&owned(&["--no-install", "-p", "xtask", "--", "csrf", "-p"])).unwrap();
        assert!(!options.install);
        assert_eq!(options.packages, ["xtask"]);
        assert_eq!(options.filters, ["csrf", "-p"]);
        assert!(
            parse(&owned(&["csrf"]))
                .unwrap_err()
                .contains("behind `--`")
        );
        assert!(
            parse(&owned(&["-p"]))
                .unwrap_err()
                .contains("name of a package")
        );
    }

    #[test]
    fn a_reason_is_printed_once() {
        let lines = reasons(&owned(&["a: x"]), &owned(&["b: y", "b: y"]));
        assert_eq!(lines, ["skipped: a: x", "skipped: b: y"]);
    }
}
