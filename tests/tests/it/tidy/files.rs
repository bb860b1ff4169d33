//! Each Rust file opens with what it is, stays small, and says why when it silences a lint.

use super::assert_tidy;
use super::tree::{files, packages, root, texts};

/// Files over 500 code lines, each with the reason why it is easier to read in one piece.
const LONG: &[(&str, &str)] = &[(
    "crates/auth/tests/it/scenario.rs",
    "one interpreter for the steps of recorded visits, told from top to bottom",
)];

/// Code lines of a file beyond which it must be in [`LONG`].
const LIMIT: usize = 500;

/// Places that write an `allow`, with the reason why it cannot be an `expect`.
const ALLOWING: &[(&str, &str)] = &[(
    "crates/macros/src/",
    "a derive speaks into foreign code, where an expectation might go unfulfilled",
)];

/// Names that say nothing about what is inside.
const VAGUE: &[&str] = &["utils", "util", "helpers", "helper", "misc"];

/// Lines that are neither blank nor comment, up to the tests inside the file.
fn code_lines(text: &str) -> usize {
    let tests = text.find("\n#[cfg(test)]\nmod tests {");
    text[..tests.unwrap_or(text.len())]
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty() && !line.starts_with("//"))
        .count()
}

#[test]
fn every_file_opens_with_what_it_is() {
    let complaints: Vec<String> = texts("rs")
        .into_iter()
        // A snapshot is what a derive is expected to emit, not a file of ours.
        .filter(|(path, text)| !text.starts_with("//!") && !path.ends_with("snapshot.rs"))
        .map(|(path, _)| path.display().to_string())
        .collect();
    assert_tidy("these open with no `//!`", &complaints);
}

#[test]
fn long_files_have_a_reason() {
    let mut complaints = Vec::new();
    for (path, text) in texts("rs") {
        let name = path.display().to_string();
        let reason = LONG.iter().find(|(known, _)| *known == name);
        match (code_lines(&text), reason) {
            (lines, None) if lines > LIMIT => {
                complaints.push(format!("{name} has {lines} code lines and no reason"));
            }
            (lines, Some(_)) if lines <= LIMIT => {
                complaints.push(format!(
                    "{name} has only {lines} code lines: take it off the list"
                ));
            }
            _ => {}
        }
    }
    for (path, _) in LONG {
        if !root().join(path).exists() {
            complaints.push(format!("{path} is gone: take it off the list"));
        }
    }
    assert_tidy("long files", &complaints);
}

#[test]
fn lints_are_expected_with_a_reason_and_never_allowed() {
    let (plain, inner) = (concat!("#[", "allow("), concat!("#![", "allow("));
    let mut complaints = Vec::new();
    for (path, text) in texts("rs") {
        if ALLOWING.iter().any(|(place, _)| path.starts_with(place)) {
            continue;
        }
        for (number, line) in text.lines().enumerate() {
            if line.contains(plain) || line.contains(inner) {
                complaints.push(format!("{}:{}", path.display(), number + 1));
            }
        }
    }
    assert_tidy("write #[expect(.., reason = ..)] here", &complaints);
}

#[test]
fn names_of_files_say_what_is_inside() {
    let complaints: Vec<String> = files()
        .into_iter()
        .filter(|path| {
            path.iter().any(|part| {
                let stem = part.to_string_lossy();
                VAGUE.contains(&stem.trim_end_matches(".rs"))
            })
        })
        .map(|path| path.display().to_string())
        .collect();
    assert_tidy("name these by their concept", &complaints);
}

#[test]
fn a_package_has_at_most_one_integration_binary() {
    let mut complaints = Vec::new();
    for package in packages() {
        let Ok(entries) = std::fs::read_dir(root().join(&package.folder).join("tests")) else {
            continue;
        };
        for entry in entries {
            let path = entry.unwrap().path();
            let is_file = path.extension().is_some_and(|ending| ending == "rs");
            let is_binary = path.join("main.rs").exists() && !path.ends_with("it");
            if package.folder.starts_with("crates") && (is_file || is_binary) {
                complaints.push(path.display().to_string());
            }
        }
    }
    assert_tidy("put these under tests/it/main.rs", &complaints);
}

#[test]
fn nothing_knows_the_machine_it_was_written_on() {
    let foreign = [concat!("/wo", "rk/"), concat!("/ro", "ot/")];
    let mut complaints = Vec::new();
    for path in files() {
        let Ok(text) = std::fs::read_to_string(root().join(&path)) else {
            continue;
        };
        for (number, line) in text.lines().enumerate() {
            if foreign.iter().any(|part| line.contains(part)) {
                complaints.push(format!("{}:{}", path.display(), number + 1));
            }
        }
    }
    assert_tidy("these name a folder of one machine", &complaints);
}
