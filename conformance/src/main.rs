//! Replays recorded behaviour of Django: `nuages-conformance KIND DIR [--list-failures] [--list-skips]`.
//!
//! A folder of records (`*.jsonl`) goes through one runner a kind of record; the README beside the records says what
//! each kind holds. A runner builds the thing out of `settings` and `inputs` through our public API,
//! and compares with `expected`. What has no room yet is skipped and counted, never passed over in silence.
#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a command talks to its terminal"
)]

use std::path::PathBuf;
use std::process::ExitCode;

mod case;
mod compare;
mod corpus;
mod exceptions;
mod report;
mod security;

const USAGE: &str = "\
Usage: nuages-conformance KIND DIR [--list-failures] [--list-skips]

KIND is security, templates, web or forms; DIR holds *.jsonl records of that corpus.
Exit status: 0 nothing failed, 1 a record failed, 2 a wrong argument or a file that cannot be read.
";

/// What the command line asks for.
struct Request {
    kind: String,
    folder: PathBuf,
    list_failures: bool,
    list_skips: bool,
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
    match parse(&arguments).and_then(|request| replay(&request)) {
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
    for argument in arguments {
        match argument.as_str() {
            "--list-failures" => list_failures = true,
            "--list-skips" => list_skips = true,
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
    })
}

/// Runs the records file by file; true when nothing failed.
fn replay(request: &Request) -> Result<bool, String> {
    let corpus = corpus::Corpus::open(&request.kind, &request.folder)?;
    let exceptions = exceptions::Exceptions::of(corpus.kind)?;
    let mut report = report::Report::new(exceptions, request.list_failures);
    quiet_panics();
    for file in corpus.files()? {
        report.file(&file);
        for case in corpus::Corpus::cases(&file)? {
            let outcome = corpus.run(&case);
            report.count(&case, outcome);
        }
    }
    report.finish(request.list_skips);
    Ok(report.nothing_failed())
}

/// A panic of a runner becomes a failed record: its message is in the list, so the hook prints nothing.
fn quiet_panics() {
    std::panic::set_hook(Box::new(|_| {}));
}
