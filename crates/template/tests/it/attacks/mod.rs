//! Attacks by their ids in the catalogue: `t9_…` is an item of it, `x7_…` a place where Django itself fails,
//! `cve_2019_12308_…` a hole that Django had.
//!
//! Every protection has a pair: the attack succeeds without it, so that the test can fail.

mod amplification;
mod escaping;
mod filters;
mod fragments;
mod linear;
mod loaders;
mod nesting;
mod safeness;
mod variables;

use std::thread;

use nuages_template::{Context, Engine, Error, NoServices, Value};

/// Runs in a thread with 2 MiB of stack, the size that tokio gives to its own.
fn in_small_stack<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    thread::Builder::new()
        .stack_size(2 << 20)
        .spawn(work)
        .unwrap()
        .join()
        .expect("no panic, no overflow")
}

/// Renders a source with the variable `v`.
fn try_render<'v>(source: &str, value: impl Into<Value<'v>>) -> Result<String, Error> {
    Engine::default()
        .from_str(source)?
        .render(&Context::new().with("v", value), &NoServices)
}

fn render<'v>(source: &str, value: impl Into<Value<'v>>) -> String {
    try_render(source, value).unwrap_or_else(|error| panic!("{source}: {error:#}"))
}

/// `{{ v|filters }}`.
fn filter<'v>(filters: &str, value: impl Into<Value<'v>>) -> String {
    render(&format!("{{{{ v|{filters} }}}}"), value)
}
