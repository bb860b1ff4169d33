//! Renders the benchmark's two templates from typed values and says how much CPU one rendering takes.
//!
//! `BENCH_TEMPLATES` names the folder with `dtl/` and `context/`; with `DUMP=folder` the pages are written there instead.
#![expect(
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "the benchmark's contract wants both"
)]

use std::collections::BTreeMap;
use std::error::Error;
use std::fs;

use nuages_bench::templates::clock::measure;
use nuages_bench::templates::data::{Page, Shown, Table};
use nuages_bench::templates::urls::Routes;
use nuages_template::{Engine, FileSystemLoader, Template};
use serde_json::json;

type Outcome<T = ()> = Result<T, Box<dyn Error>>;

fn main() -> Outcome {
    let folder = std::env::var("BENCH_TEMPLATES")?;
    let dump = std::env::var("DUMP").ok();
    let read = |name: &str| fs::read_to_string(format!("{folder}/context/{name}.json"));
    let table: Table = serde_json::from_str(&read("table")?)?;
    let page: Page = serde_json::from_str(&read("page")?)?;
    let urls: BTreeMap<String, String> = serde_json::from_str(&read("urls")?)?;
    let routes = Routes::new(urls.iter().map(|(name, route)| (&**name, &**route)))?;
    let engine = Engine::builder()
        .loader(FileSystemLoader::new([format!("{folder}/dtl")]))
        .build();
    let dump = dump.as_deref();
    run(
        "table1000",
        &engine.get_template("table.html")?,
        &table,
        &routes,
        dump,
    )?;
    run(
        "page",
        &engine.get_template("section.html")?,
        &page,
        &routes,
        dump,
    )
}

/// From the typed values to the text, and with a context made once.
fn run(
    operation: &str,
    template: &Template,
    data: &dyn Shown,
    routes: &Routes,
    dump: Option<&str>,
) -> Outcome {
    let prebuilt = data.context();
    let first = template.render(&prebuilt, routes)?;
    let mut fresh = || template.render(&data.context(), routes).unwrap_or_default();
    let mut again = || template.render(&prebuilt, routes).unwrap_or_default();
    let stacks: [(&str, &mut dyn FnMut() -> String); 2] =
        [("nuages", &mut fresh), ("nuages-prebuilt", &mut again)];
    for (stack, render) in stacks {
        if render() != first {
            return Err(format!("{stack} does not write the same {operation} twice").into());
        }
        match dump {
            Some(dump) => fs::write(format!("{dump}/{stack}-{operation}.html"), render())?,
            None => println!(
                "{}",
                json!({"stack": stack, "op": operation, "cpu": measure(render), "check": first.len()})
            ),
        }
    }
    Ok(())
}
