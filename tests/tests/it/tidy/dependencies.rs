//! Every third-party crate that we name has its line in `docs/dependencies.md`, and no line outlives its crate.

use std::collections::BTreeSet;

use super::assert_tidy;
use super::tree::{packages, root};

/// The first cell of each row of the page's tables: `` | `name` | what for | ... ``.
fn described() -> BTreeSet<String> {
    let page = std::fs::read_to_string(root().join("docs/dependencies.md")).unwrap();
    page.lines()
        .filter_map(|line| line.strip_prefix("| `")?.split_once('`'))
        .map(|(name, _)| name.to_owned())
        .collect()
}

#[test]
fn every_dependency_has_its_line() {
    let (described, mut used) = (described(), BTreeSet::new());
    for package in packages() {
        let names = package.dependencies();
        used.extend(names.into_iter().filter(|name| !name.starts_with("nuages")));
    }
    let missing = used.difference(&described);
    let mut complaints: Vec<String> = missing.map(|name| format!("{name} has no line")).collect();
    let stale = described.difference(&used);
    complaints.extend(stale.map(|name| format!("{name} is used nowhere")));
    assert_tidy("docs/dependencies.md", &complaints);
}

#[test]
fn versions_are_named_in_one_place() {
    let mut complaints = Vec::new();
    for package in packages() {
        for kind in ["dependencies", "dev-dependencies", "build-dependencies"] {
            let table = package
                .manifest
                .get(kind)
                .and_then(|value| value.as_table());
            for (name, value) in table.into_iter().flatten() {
                let inherited = value.get("workspace").and_then(toml::Value::as_bool);
                let is_ours = value.get("path").is_some() && value.get("version").is_none();
                if inherited != Some(true) && !is_ours {
                    complaints.push(format!("{}: {name}", package.name));
                }
            }
        }
    }
    assert_tidy("take these from [workspace.dependencies]", &complaints);
}
