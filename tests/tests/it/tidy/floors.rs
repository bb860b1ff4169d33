//! Arrows point down: a room uses only rooms of lower floors, in tests and builds too.

use super::assert_tidy;
use super::tree::packages;

/// The floor of each room. What is not listed stands outside (demo, tests, tools) and nobody may use it.
const FLOORS: &[(&str, u8)] = &[
    ("base", 0),
    ("crypto", 0),
    ("sql", 0),
    ("macros", 0),
    ("template", 1),
    ("db", 1),
    ("security", 1),
    ("mail", 1),
    ("cache", 2),
    ("orm", 2),
    ("migrations", 3),
    ("web", 3),
    ("forms", 4),
    ("sessions", 4),
    ("tasks", 4),
    ("auth", 5),
    ("app", 6),
    ("manage", 7),
    ("testing", 7),
    ("nuages", 8),
];

/// What a room promises to do without; its tests may use it.
const WITHOUT: &[(&str, &[&str], &str)] = &[
    ("crypto", &["tokio"], "it does no I/O"),
    ("template", &["tokio", "axum"], "it does no I/O"),
    ("sql", &["tokio", "rusqlite"], "it does no I/O"),
    (
        "security",
        &["axum", "rusqlite"],
        "any tower app can take it",
    ),
    ("orm", &["rusqlite"], "drivers are behind db's door"),
    ("migrations", &["rusqlite"], "drivers are behind db's door"),
];

/// `nuages-orm` is the room `orm`; `nuages` is itself.
fn room(package: &str) -> &str {
    package.strip_prefix("nuages-").unwrap_or(package)
}

fn floor(room: &str) -> Option<u8> {
    FLOORS
        .iter()
        .find(|(name, _)| *name == room)
        .map(|(_, floor)| *floor)
}

#[test]
fn every_room_uses_only_lower_floors() {
    let mut complaints = Vec::new();
    for package in packages() {
        let me = room(&package.name);
        let inside = package.folder.starts_with("crates");
        match floor(me) {
            None if inside => complaints.push(format!("{me} has no floor")),
            Some(_) if !inside => complaints.push(format!("{me} is a room, but not in crates/")),
            _ => {}
        }
        if inside && package.folder.file_name().is_none_or(|name| name != me) {
            complaints.push(format!(
                "{} lies in {}",
                package.name,
                package.folder.display()
            ));
        }
        let Some(mine) = floor(me) else { continue };
        for dependency in package.dependencies() {
            if !dependency.starts_with("nuages") {
                continue;
            }
            match floor(room(&dependency)) {
                Some(theirs) if theirs < mine => {}
                Some(theirs) => complaints.push(format!(
                    "{me} (floor {mine}) uses {dependency} (floor {theirs})"
                )),
                None => complaints.push(format!("{me} uses {dependency}, which stands outside")),
            }
        }
    }
    assert_tidy("arrows point down", &complaints);
}

#[test]
fn every_room_does_without_what_it_promises() {
    let mut complaints = Vec::new();
    for package in packages() {
        let me = room(&package.name);
        for (_, without, reason) in WITHOUT.iter().filter(|(name, ..)| *name == me) {
            let has = package.shipped_dependencies();
            for name in without.iter().filter(|name| has.contains(**name)) {
                complaints.push(format!("{me} uses {name}, but {reason}"));
            }
        }
    }
    assert_tidy("promised independence", &complaints);
}

#[test]
fn every_package_takes_the_lints_of_the_workspace() {
    let complaints: Vec<String> = packages()
        .into_iter()
        .filter(|package| {
            let lints = package.manifest.get("lints");
            let inherited = lints.and_then(|lints| lints.get("workspace"));
            inherited.and_then(toml::Value::as_bool) != Some(true)
        })
        .map(|package| format!("{} lacks `[lints] workspace = true`", package.name))
        .collect();
    assert_tidy("lints", &complaints);
}
