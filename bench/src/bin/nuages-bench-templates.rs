//! `cargo xtask bench templates`: our engine beside minijinja, tera and askama, in turns and in one process.
#![expect(clippy::print_stdout, reason = "it is its output")]

use std::error::Error;

use nuages_bench::table::median;
use nuages_bench::templates::clock::{calls_in, once};
use nuages_bench::templates::data::{Page, Table};
use nuages_bench::templates::engines::{DTL, Engines, JINJA, Way, compile_minijinja, compile_ours};
use nuages_template::{Engine, MemoryLoader};

type Outcome<T = ()> = Result<T, Box<dyn Error>>;

/// How many rounds, and the limits that make it fail.
struct Options {
    rounds: u32,
    max_askama: Option<f64>,
    max_minijinja: Option<f64>,
    /// One part alone, for a profiler.
    only: Option<String>,
}

fn options() -> Outcome<Options> {
    let mut options = Options {
        rounds: 15,
        max_askama: None,
        max_minijinja: None,
        only: None,
    };
    let mut words = std::env::args().skip(1);
    while let Some(word) = words.next() {
        let value = words
            .next()
            .ok_or_else(|| format!("{word} needs a value"))?;
        match word.as_str() {
            "--rounds" => options.rounds = value.parse()?,
            "--max-askama" => options.max_askama = Some(value.parse()?),
            "--only" => options.only = Some(value),
            "--max-minijinja" => options.max_minijinja = Some(value.parse()?),
            _ => return Err(format!("unknown option '{word}'").into()),
        }
    }
    Ok(options)
}

fn main() -> Outcome {
    let options = options()?;
    let engines = Engines::new()?;
    let (table, page) = (Table::sample(1000), Page::sample(20));
    let mut failures = Vec::new();
    let wants = |part: &str| options.only.as_deref().is_none_or(|only| only == part);
    for (part, what, mut ways) in [
        ("table", "a table of 1000 rows", engines.table(&table)?),
        (
            "page",
            "a page with inheritance, includes, loops, filters, URLs",
            engines.page(&page)?,
        ),
    ] {
        if !wants(part) {
            continue;
        }
        same_text(what, &mut ways)?;
        println!("{what}");
        let figures = in_turns(&mut ways, options.rounds);
        print_table(&figures, &["askama", "minijinja"]);
        let of = |stack: &str| {
            figures
                .iter()
                .find(|(name, _)| *name == stack)
                .map_or(f64::NAN, |found| found.1)
        };
        for (peer, max) in [
            ("askama", options.max_askama),
            ("minijinja", options.max_minijinja),
        ] {
            let ratio = of("nuages") / of(peer);
            if max.is_some_and(|max| ratio > max) {
                failures.push(format!("{what}: {ratio:.2} times {peer}"));
            }
        }
    }
    if wants("compiling") {
        compile_times(options.rounds);
    }
    if failures.is_empty() {
        return Ok(());
    }
    Err(failures.join("; ").into())
}

/// Compiling each template, beside minijinja: ours in Django's language, its in Jinja's.
fn compile_times(rounds: u32) {
    println!("compiling");
    let ours = Engine::builder().loader(MemoryLoader::new(DTL)).build();
    let theirs = minijinja::Environment::new();
    for ((name, source), (_, jinja)) in DTL.into_iter().zip(JINJA) {
        let mut ways = [
            compile_ours(&ours, source),
            compile_minijinja(&theirs, jinja),
        ];
        println!(" {name}");
        print_table(&in_turns(&mut ways, rounds), &["minijinja"]);
    }
}

/// All engines have to write the same text, white space and the spelling of entities aside.
fn same_text(what: &str, ways: &mut [Way<'_>]) -> Outcome {
    let mut reference = None;
    for way in ways {
        let text = plain(&(way.run)());
        match &reference {
            None => reference = Some(text),
            Some(reference) if *reference == text => {}
            Some(reference) => {
                let at = reference
                    .chars()
                    .zip(text.chars())
                    .take_while(|(a, b)| a == b)
                    .count();
                let near: String = text.chars().skip(at.saturating_sub(20)).take(60).collect();
                return Err(
                    format!("{what}: {} writes something else near '{near}'", way.stack).into(),
                );
            }
        }
    }
    Ok(())
}

fn plain(html: &str) -> String {
    let spelled = [
        ("&#38;", "&amp;"),
        ("&#60;", "&lt;"),
        ("&#62;", "&gt;"),
        ("&#34;", "&quot;"),
        ("&#x2f;", "/"),
        ("&#x2F;", "/"),
    ];
    let html = spelled
        .iter()
        .fold(html.to_owned(), |html, (from, to)| html.replace(from, to));
    // Some engines drop the last line break of a template.
    html.split_whitespace().collect()
}

/// The median CPU seconds of each way; the ways take turns, and every round begins with another.
fn in_turns(ways: &mut [Way<'_>], rounds: u32) -> Vec<(&'static str, f64)> {
    let calls: Vec<u32> = ways
        .iter_mut()
        .map(|way| calls_in(0.1, &mut way.run) / 5)
        .collect();
    let mut figures = vec![Vec::new(); ways.len()];
    for round in 0..rounds as usize {
        for step in 0..ways.len() {
            let at = (round + step) % ways.len();
            figures[at].push(once(calls[at], &mut ways[at].run));
        }
    }
    ways.iter()
        .zip(&figures)
        .map(|(way, figures)| (way.stack, median(figures)))
        .collect()
}

fn print_table(figures: &[(&'static str, f64)], peers: &[&str]) {
    for (stack, seconds) in figures {
        let ratios: Vec<String> = peers
            .iter()
            .filter_map(|peer| {
                let (_, limit) = figures.iter().find(|(name, _)| name == peer)?;
                Some(format!("{:>7.2} x {peer}", seconds / limit))
            })
            .collect();
        println!(
            "  {stack:<20} {:>9.1} us {}",
            seconds * 1e6,
            ratios.join(" ")
        );
    }
}
