//! `cargo xtask`: the chores of this repository, written in Rust so that they need nothing but cargo.
//!
//! One file a command; the list in [`COMMANDS`] drives the dispatch and the help.
#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a command talks to its terminal"
)]

use std::process::ExitCode;

mod bench;
mod build_cost;
mod conformance;
mod fuzz;
mod process;
mod test;

/// One command: its name, its arguments, what it does in a line, its long help, and the function behind it.
struct Command {
    name: &'static str,
    arguments: &'static str,
    summary: &'static str,
    help: &'static str,
    run: fn(&[String]) -> Outcome,
}

/// What a command ends with: an exit status, or a message for a command that could not do its work.
type Outcome = Result<u8, String>;

/// Every command, in the order of the help.
const COMMANDS: &[Command] = &[
    Command {
        name: "test",
        arguments: "[--no-install] [-p PACKAGE] [-- FILTER...]",
        summary: "Install what the tests need, run them all, and say what was skipped",
        help: test::HELP,
        run: test::run,
    },
    Command {
        name: "conformance",
        arguments: "KIND DIR [--list-failures] [--list-skips] [--write-exceptions]",
        summary: "Replay recorded behaviour of Django against our crates",
        help: conformance::HELP,
        run: conformance::run,
    },
    Command {
        name: "fuzz",
        arguments: "[--seconds N] [TARGET..]",
        summary: "Throw broken input at the parsers for a while",
        help: fuzz::HELP,
        run: fuzz::run,
    },
    Command {
        name: "bench",
        arguments: "NAME [OPTIONS]",
        summary: "Measure our server beside a hand-written one",
        help: bench::HELP,
        run: bench::run,
    },
    Command {
        name: "build-cost",
        arguments: "[--keep]",
        summary: "Measure a clean build of the demo against the budget",
        help: build_cost::HELP,
        run: build_cost::run,
    },
];

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match dispatch(&arguments) {
        Ok(status) => ExitCode::from(status),
        Err(message) => {
            eprintln!("error: {message}");
            ExitCode::from(2)
        }
    }
}

fn dispatch(arguments: &[String]) -> Outcome {
    let Some((name, rest)) = arguments.split_first() else {
        print!("{}", overview());
        return Ok(2);
    };
    match name.as_str() {
        "--help" | "-h" => {
            print!("{}", overview());
            return Ok(0);
        }
        "help" => {
            match rest.first() {
                Some(topic) => print!("{}", long_help(find(topic)?)),
                None => print!("{}", overview()),
            }
            return Ok(0);
        }
        _ => {}
    }
    let command = find(name)?;
    let own = rest.iter().take_while(|argument| *argument != "--");
    if own
        .clone()
        .any(|argument| argument == "--help" || argument == "-h")
    {
        print!("{}", long_help(command));
        return Ok(0);
    }
    (command.run)(rest)
}

fn find(name: &str) -> Result<&'static Command, String> {
    COMMANDS
        .iter()
        .find(|command| command.name == name)
        .ok_or_else(|| {
            let names: Vec<&str> = COMMANDS.iter().map(|command| command.name).collect();
            format!(
                "no command named '{name}'\nhint: the commands are {}; see `cargo xtask --help`",
                names.join(", ")
            )
        })
}

fn overview() -> String {
    let mut text = String::from("The chores of this repository.\n\nUsage: cargo xtask COMMAND\n\n");
    for command in COMMANDS {
        let usage = format!("{} {}", command.name, command.arguments);
        text.extend(["  ", &usage, "\n      ", command.summary, "\n"]);
    }
    text.push_str("\n`cargo xtask help COMMAND` tells more about one of them.\n");
    text
}

fn long_help(command: &Command) -> String {
    format!(
        "{}.\n\nUsage: cargo xtask {} {}\n\n{}",
        command.summary, command.name, command.arguments, command.help
    )
}

#[cfg(test)]
mod tests {
    use super::{COMMANDS, dispatch, long_help, overview};

    fn words(line: &str) -> Vec<String> {
        line.split_whitespace().map(str::to_owned).collect()
    }

    #[test]
    fn an_unknown_command_names_the_known_ones() {
        let message = dispatch(&words("tset")).unwrap_err();
        assert!(message.contains("no command named 'tset'"));
        for command in COMMANDS {
            assert!(message.contains(command.name));
        }
    }

    #[test]
    fn every_command_is_in_the_overview_and_has_a_long_help() {
        for command in COMMANDS {
            assert!(overview().contains(command.summary));
            assert!(long_help(command).len() > 200, "{}", command.name);
        }
    }

    #[test]
    fn help_is_never_taken_for_an_argument() {
        assert_eq!(dispatch(&words("conformance --help")), Ok(0));
        assert_eq!(dispatch(&words("help test")), Ok(0));
    }
}
