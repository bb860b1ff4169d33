//! `cargo xtask bench`: measures side by side.

use crate::process::{cargo, command, handed_over, target_dir};

/// The long help.
pub(crate) const HELP: &str = "\
NAME is:
  hello      session + CSRF + current user, JSON out, on SQLite: our server and one of
             bare axum with hand-written rusqlite that does the same reads, in turns.
             Prints the server CPU of a request for both, and the ratio.
  layers     what each layer of the onion costs a request that asks nothing of it: the
             site in one process without a socket, with one layer more at a time.
  templates  a table of 1000 rows and a page with inheritance, includes, loops, filters
             and URLs: ours, minijinja, tera and askama (the limit), in turns, the same
             text; CPU of one rendering from typed values, and with the context made
             before (-prebuilt); then compiling each template, beside minijinja.
  timeq      does the time of an answer tell whether there is such an account? Wrong
             passwords for five kinds of accounts in turns on one connection: medians,
             and the test of Mann and Whitney for each pair.

Options of hello:
  --rounds N   turns a server (default 5)
  --secs N     seconds a turn (default 3)
  --conns N    connections kept open (default 32)
  --max R      exit with 1 when our CPU is more than R times that of the bare server

Options of layers:
  --rounds N   turns of each stack (default 101)

Options of templates:
  --rounds N         turns of each engine (default 15)
  --max-askama R     exit with 1 when a page costs more than R times askama's
  --max-minijinja R  the same for minijinja's
  --only PART        table, page or compiling

Options of timeq:
  --rounds N   requests of each kind (default 300)

All is built with --release. A server's CPU comes from /proc, so `hello` needs Linux.
";

/// The benchmarks by name, with the binary that holds each.
const BENCHMARKS: &[(&str, &str)] = &[
    ("hello", "nuages-bench-hello"),
    ("layers", "nuages-bench-layers"),
    ("templates", "nuages-bench-templates"),
    ("timeq", "nuages-bench-timeq"),
];

/// Builds the servers and hands over to the benchmark.
pub(crate) fn run(arguments: &[String]) -> crate::Outcome {
    let names: Vec<&str> = BENCHMARKS.iter().map(|(name, _)| *name).collect();
    let Some((name, rest)) = arguments.split_first() else {
        return Err(format!(
            "bench needs a NAME\nhint: there is {}",
            names.join(", ")
        ));
    };
    let Some((_, binary)) = BENCHMARKS.iter().find(|(known, _)| known == name) else {
        return Err(format!(
            "no benchmark named '{name}'\nhint: there is {}",
            names.join(", ")
        ));
    };
    let build =
        handed_over(cargo().args(["build", "--release", "--package", "nuages-bench", "--bins"]))?;
    if build != 0 {
        return Ok(build);
    }
    handed_over(&mut command(
        target_dir().join("release").join(binary),
        rest,
    ))
}
