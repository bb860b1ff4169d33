//! Links between the Markdown pages lead somewhere, and paths named in them exist.

use std::collections::BTreeSet;
use std::path::{Component, Path, PathBuf};

use super::assert_tidy;
use super::tree::{root, texts};

/// The text without fenced blocks: those show code, not links.
fn prose(text: &str) -> String {
    let mut fenced = false;
    let mut kept = String::new();
    for line in text.lines() {
        if line.trim_start().starts_with("```") {
            fenced = !fenced;
        } else if !fenced {
            kept.push_str(line);
            kept.push('\n');
        }
    }
    kept
}

/// What stands between `](` and `)`.
fn targets(prose: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut rest = prose;
    while let Some((_, after)) = rest.split_once("](") {
        let end = after.find([')', ' ', '\n']).unwrap_or(after.len());
        found.push(&after[..end]);
        rest = &after[end..];
    }
    found
}

/// The anchors of a page, as GitHub makes them out of its headings.
fn anchors(prose: &str) -> BTreeSet<String> {
    prose
        .lines()
        .filter(|line| line.starts_with('#'))
        .map(|line| {
            let heading = line.trim_start_matches('#').trim().to_lowercase();
            heading
                .chars()
                .filter(|sign| sign.is_alphanumeric() || matches!(sign, ' ' | '-' | '_'))
                .map(|sign| if sign == ' ' { '-' } else { sign })
                .collect()
        })
        .collect()
}

/// `docs/../a.md` is `a.md`.
fn normal(path: &Path) -> PathBuf {
    let mut normal = PathBuf::new();
    for part in path.components() {
        match part {
            Component::ParentDir => {
                normal.pop();
            }
            Component::CurDir => {}
            other => normal.push(other),
        }
    }
    normal
}

#[test]
fn links_between_pages_resolve() {
    let pages: Vec<(PathBuf, String)> = texts("md")
        .into_iter()
        .map(|(path, text)| (path, prose(&text)))
        .collect();
    let mut complaints = Vec::new();
    for (path, text) in &pages {
        for target in targets(text) {
            // A guide that is part of a crate's documentation links to items: rustdoc looks after those.
            let is_item = target.starts_with("crate::") && path.starts_with("crates");
            if is_item
                || target.contains("://")
                || target.starts_with("mailto:")
                || target.is_empty()
            {
                continue;
            }
            let (file, anchor) = target.split_once('#').unwrap_or((target, ""));
            let found = if file.is_empty() {
                path.clone()
            } else {
                normal(&path.parent().unwrap().join(file))
            };
            if !root().join(&found).exists() {
                complaints.push(format!("{}: {target}", path.display()));
            } else if !anchor.is_empty()
                && let Some((_, page)) = pages.iter().find(|(known, _)| *known == found)
                && !anchors(page).contains(anchor)
            {
                complaints.push(format!("{}: {target} (no such heading)", path.display()));
            }
        }
    }
    assert_tidy("these links lead nowhere", &complaints);
}

#[test]
fn paths_named_in_pages_exist() {
    const ROOMS: &[&str] = &[
        "crates/",
        "docs/",
        "tests/",
        "xtask/",
        "bench/",
        "conformance/",
    ];
    let mut complaints = Vec::new();
    for (path, text) in texts("md") {
        for named in prose(&text).split('`').skip(1).step_by(2) {
            let is_path = ROOMS.iter().any(|room| named.starts_with(room));
            // `<name>`, `*` and `{a,b}` stand for many paths.
            if is_path && !named.contains(['<', '*', '{', ' ', ':']) && !root().join(named).exists()
            {
                complaints.push(format!("{}: {named}", path.display()));
            }
        }
    }
    assert_tidy("these paths do not exist", &complaints);
}

#[test]
fn an_anchor_is_made_as_github_does() {
    assert!(anchors("## What `x` does, and why\n").contains("what-x-does-and-why"));
    assert_eq!(
        targets("[a](b.md#c) and [d](e.md \"title\")"),
        ["b.md#c", "e.md"]
    );
}
