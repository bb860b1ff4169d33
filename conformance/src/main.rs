//! Replays recorded behaviour of Django: `nuages-conformance KIND DIR [--list-failures] [--list-skips] [--write-exceptions]`.
//!
//! The rooms replay their records in their own integration tests, next to what they test.
//! This tool checks a folder of records, hands it to those tests, gathers what they tell of each record
//! through `src/replay.rs`, and adds up. A record that no room has told of is counted as skipped.
#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a command talks to its terminal"
)]

use std::path::PathBuf;
use std::process::ExitCode;

mod exceptions;
mod records;
#[expect(
    dead_code,
    reason = "this file is for the tests of rooms; the tool compiles it so that it is checked"
)]
mod replay;
mod report;
mod rooms;

const USAGE: &str = "\
Usage: nuages-conformance KIND DIR [--list-failures] [--list-skips] [--write-exceptions]

KIND is forms, security, templates or web; DIR holds *.jsonl records of that corpus.
Exit status: 0 nothing failed, 1 a record failed, 2 a wrong argument or a file that cannot be read.
";

/// What the command line asks for.
struct Request {
    kind: String,
    folder: PathBuf,
    list_failures: bool,
    list_skips: bool,
    write_exceptions: bool,
}

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if arguments
        .iter()
        .any(|word| word == "--help" || word == "-h")
    {
        print!("{USAGE}");
        return ExitCode::SUCCESS;
    }
    match parse(&arguments).and_then(|request| run(&request)) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(message) => {
            eprintln!("error: {message}");
            ExitCode::from(2)
        }
    }
}

fn parse(arguments: &[String]) -> Result<Request, String> {
    let (mut words, mut list_failures, mut list_skips) = (Vec::new(), false, false);
    let mut write_exceptions = false;
    for argument in arguments {
        match argument.as_str() {
            "--list-failures" => list_failures = true,
            "--list-skips" => list_skips = true,
            "--write-exceptions" => write_exceptions = true,
            flag if flag.starts_with('-') => return Err(format!("no option {flag}\n{USAGE}")),
            word => words.push(word),
        }
    }
    let [kind, folder] = words[..] else {
        return Err(format!("wants KIND and DIR\n{USAGE}"));
    };
    Ok(Request {
        kind: kind.to_owned(),
        folder: PathBuf::from(folder),
        list_failures,
        list_skips,
        write_exceptions,
    })
}

/// Checks the folder, lets the rooms replay it, and prints; true when nothing failed.
fn run(request: &Request) -> Result<bool, String> {
    let rooms = rooms::of(&request.kind)?;
    let exceptions = exceptions::Exceptions::of(&request.kind)?;
    let files = records::read(&request.folder)?;
    let target = std::env::var_os("CARGO_TARGET_DIR").unwrap_or_else(|| "target".into());
    let staged = rooms::root()
        .join(target)
        .join("nuages-conformance")
        .join(format!("{}-{}", request.kind, std::process::id()));
    records::stage(&files, &request.folder, &staged)?;
    let told = rooms::replay(&request.kind, rooms, &staged);
    // Only a copy: what cannot be removed is overwritten the next time.
    let _ = std::fs::remove_dir_all(&staged);
    let told = told?;

    let mut report = report::Report::new(exceptions, request.list_failures);
    for file in &files {
        report.file(&file.name);
        for record in &file.records {
            report.count(record, told.get(&record.id));
        }
    }
    report.finish(request.list_skips);
    if request.write_exceptions {
        let path = rooms::root().join("conformance/exceptions.toml");
        let file = report.exceptions().rewritten(&request.kind)?;
        std::fs::write(&path, file)
            .map_err(|error| format!("cannot write {}: {error}", path.display()))?;
    }
    Ok(report.nothing_failed())
}
