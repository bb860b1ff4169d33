//! `cargo xtask fuzz`: builds the fuzz targets and runs each for some seconds.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::process::{cargo, quiet, root, target_dir, which};

/// The long help.
pub(crate) const HELP: &str = "\
Builds the targets of fuzz/ with cargo-fuzz, and runs each of them for N seconds, from
fuzz/seeds/TARGET and what was found before in fuzz/corpus/TARGET. Without a TARGET, all.
Prints a line for each target; an input that breaks one is left in fuzz/artifacts/TARGET.
Exit status: 0 when nothing was found, 1 when a target failed.

No nightly compiler is needed: the targets are built with coverage and without a sanitizer,
which finds little in code without `unsafe`. Without cargo-fuzz, or where the compiler
cannot do coverage, it says so and ends with 0. Install it with `cargo install cargo-fuzz`.

Options:
  --seconds N   how long each target runs (default 5)

Example:
  cargo xtask fuzz --seconds 600 template
";

/// One target, as `fuzz/Cargo.toml` has it.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Target {
    name: String,
    /// Does it need other rooms than templates?
    rooms: bool,
}

/// Builds and runs the targets named, or all.
pub(crate) fn run(arguments: &[String]) -> crate::Outcome {
    let (seconds, names) = parse(arguments)?;
    let folder = root().join("fuzz");
    let manifest = std::fs::read_to_string(folder.join("Cargo.toml"))
        .map_err(|error| format!("cannot read fuzz/Cargo.toml: {error}"))?;
    let chosen = choose(targets(&manifest), &names)?;
    if which("cargo-fuzz").is_none() {
        println!("skipped: fuzz: cargo-fuzz is not installed");
        return Ok(0);
    }
    let triple = host()?;
    let builds = target_dir().join("fuzz");
    let rooms = chosen.iter().any(|target| target.rooms);
    let mut failed = false;
    for target in &chosen {
        match build(&target.name, rooms, &triple, &builds) {
            Built::Ready => {}
            Built::Broken(words) => {
                println!("{}: FAILED to build: {words}", target.name);
                failed = true;
                continue;
            }
            Built::Impossible(words) => {
                println!("skipped: fuzz: this toolchain cannot build the targets: {words}");
                return Ok(u8::from(failed));
            }
        }
        let program = builds.join(&triple).join("release").join(&target.name);
        failed |= !attack(&program, &target.name, seconds, &folder)?;
    }
    Ok(u8::from(failed))
}

fn parse(arguments: &[String]) -> Result<(u32, Vec<&str>), String> {
    let (mut seconds, mut names) = (5, Vec::new());
    let mut arguments = arguments.iter();
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--seconds" => {
                seconds = arguments
                    .next()
                    .and_then(|text| text.parse().ok())
                    .filter(|seconds| *seconds > 0)
                    .ok_or("--seconds needs a number above 0")?;
            }
            option if option.starts_with('-') => {
                return Err(format!(
                    "fuzz has no option '{option}'\nhint: see `cargo xtask help fuzz`"
                ));
            }
            name => names.push(name),
        }
    }
    Ok((seconds, names))
}

/// The targets in the order of the manifest.
fn targets(manifest: &str) -> Vec<Target> {
    manifest
        .split("[[bin]]")
        .skip(1)
        .filter_map(|table| {
            let line = table
                .lines()
                .find_map(|line| line.strip_prefix("name = "))?;
            Some(Target {
                name: line.trim().trim_matches('"').to_owned(),
                rooms: table.contains("required-features = [\"rooms\"]"),
            })
        })
        .collect()
}

fn choose(all: Vec<Target>, names: &[&str]) -> Result<Vec<Target>, String> {
    if names.is_empty() {
        return Ok(all);
    }
    let find = |name: &&str| {
        let found = all.iter().find(|target| target.name == *name);
        found.cloned().ok_or_else(|| {
            let known: Vec<&str> = all.iter().map(|target| target.name.as_str()).collect();
            format!(
                "no fuzz target named '{name}'\nhint: there is {}",
                known.join(", ")
            )
        })
    };
    names.iter().map(find).collect()
}

/// The machine that this compiler builds for.
fn host() -> Result<String, String> {
    let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let about = quiet(Command::new(rustc).arg("-vV").current_dir(root()))?;
    about
        .lines()
        .find_map(|line| line.strip_prefix("host: "))
        .map(str::to_owned)
        .ok_or_else(|| "rustc does not say what machine it builds for".to_owned())
}

/// What came of a build.
enum Built {
    Ready,
    /// Our own code does not compile.
    Broken(String),
    /// The compiler or the machine lacks something.
    Impossible(String),
}

fn build(name: &str, rooms: bool, triple: &str, builds: &Path) -> Built {
    let mut command = cargo();
    command.args(["fuzz", "build", "--sanitizer", "none", "--target", triple]);
    command.args(["--codegen-units", "16", "--target-dir"]);
    command.arg(builds);
    if !rooms {
        command.arg("--no-default-features");
    }
    let output = match command.arg(name).output() {
        Ok(output) => output,
        Err(error) => return Built::Impossible(error.to_string()),
    };
    if output.status.success() {
        return Built::Ready;
    }
    let text = String::from_utf8_lossy(&output.stderr);
    let words = text
        .lines()
        .find(|line| line.starts_with("error"))
        .unwrap_or("cargo-fuzz gives no reason")
        .to_owned();
    if text.contains("could not compile `nuages") {
        Built::Broken(words)
    } else {
        Built::Impossible(words)
    }
}

/// Runs a target and prints its line; `false` when it found something.
fn attack(program: &Path, name: &str, seconds: u32, folder: &Path) -> Result<bool, String> {
    let made = |kind: &str| -> Result<PathBuf, String> {
        let path = folder.join(kind).join(name);
        std::fs::create_dir_all(&path)
            .map_err(|error| format!("cannot make {}: {error}", path.display()))?;
        Ok(path)
    };
    let corpus = made("corpus")?;
    let mut prefix = made("artifacts")?.into_os_string();
    prefix.push("/");
    let mut command = Command::new(program);
    command.arg(corpus);
    let seeds = folder.join("seeds").join(name);
    if seeds.is_dir() {
        command.arg(seeds);
    }
    let words = folder.join("dictionaries").join(format!("{name}.dict"));
    if words.is_file() {
        command.arg(format!("-dict={}", words.display()));
    }
    command.args(["-timeout=10", "-print_final_stats=1"]);
    command.arg(format!("-max_total_time={seconds}"));
    command.arg(format!("-artifact_prefix={}", prefix.display()));
    let output = command
        .output()
        .map_err(|error| format!("cannot run {}: {error}", program.display()))?;
    let text = String::from_utf8_lossy(&output.stderr);
    if output.status.success() {
        println!("{name}: {} executions, nothing found", executions(&text));
        return Ok(true);
    }
    println!("{name}: FAILED\n{}", finding(&text));
    Ok(false)
}

/// How often libFuzzer says that it called the target.
fn executions(text: &str) -> &str {
    text.lines()
        .find_map(|line| line.strip_prefix("stat::number_of_executed_units:"))
        .map_or("?", str::trim)
}

/// The panic or the end that libFuzzer tells of, and where the input is.
fn finding(text: &str) -> String {
    let lines: Vec<&str> = text.lines().collect();
    let start = lines
        .iter()
        .position(|line| line.contains("panicked at") || line.contains("ERROR: libFuzzer"))
        .unwrap_or(lines.len().saturating_sub(5));
    let mut told: Vec<&str> = lines.iter().skip(start).take(4).copied().collect();
    told.extend(
        lines
            .iter()
            .skip(start)
            .filter(|line| line.contains("Test unit written to") || line.starts_with("SUMMARY")),
    );
    told.join("\n")
}

#[cfg(test)]
mod tests {
    use super::{choose, executions, finding, parse, targets};

    const MANIFEST: &str = "[package]\nname = \"x\"\n\n[[bin]]\nname = \"cookie\"\nrequired-features = [\"rooms\"]\n\n[[bin]]\nname = \"template\"\n";

    #[test]
    fn targets_and_what_they_need_come_from_the_manifest() {
        let all = targets(MANIFEST);
        let told: Vec<_> = all.iter().map(|t| (t.name.as_str(), t.rooms)).collect();
        assert_eq!(told, [("cookie", true), ("template", false)]);
        assert_eq!(choose(all.clone(), &["template"]).unwrap(), all[1..]);
        assert!(
            choose(all, &["x"])
                .unwrap_err()
                .contains("cookie, template")
        );
    }

    #[test]
    fn seconds_are_a_number_and_unknown_options_an_error() {
        let words = |line: &str| line.split(' ').map(str::to_owned).collect::<Vec<_>>();
        assert_eq!(parse(&[]).unwrap(), (5, vec![]));
        let some = words("--seconds 60 template");
        assert_eq!(parse(&some).unwrap(), (60, vec!["template"]));
        for wrong in ["--seconds", "--seconds 0", "--seconds x", "--fast"] {
            assert!(parse(&words(wrong)).is_err(), "{wrong}");
        }
    }

    #[test]
    fn the_report_of_libfuzzer_is_read() {
        let text = "#2 INITED\nstat::number_of_executed_units: 4711\n";
        assert_eq!(executions(text), "4711");
        let text = "INFO: x\nthread '<unnamed>' panicked at a.rs:1:2:\nno\nartifact_prefix='a/'; Test unit written to a/crash-1\n";
        assert!(finding(text).starts_with("thread"));
        assert!(finding(text).contains("a/crash-1"));
    }
}
