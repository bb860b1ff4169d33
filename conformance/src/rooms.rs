//! Which rooms replay a corpus, and running their tests over a folder.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// The corpora, and the rooms whose integration tests replay parts of them.
const CORPORA: &[(&str, &[&str])] = &[
    ("forms", &["sql", "orm", "migrations", "forms"]),
    (
        "security",
        &["crypto", "security", "web", "sessions", "auth", "app"],
    ),
    ("templates", &["template", "web", "forms"]),
    (
        "web",
        &[
            "base", "template", "cache", "security", "orm", "web", "sessions", "app",
        ],
    ),
];

/// The rooms of a corpus.
pub(crate) fn of(kind: &str) -> Result<&'static [&'static str], String> {
    let found = CORPORA.iter().find(|(name, _)| *name == kind);
    found.map(|(_, rooms)| *rooms).ok_or_else(|| {
        let names: Vec<&str> = CORPORA.iter().map(|(name, _)| *name).collect();
        format!("no corpus '{kind}'\nhint: there are {}", names.join(", "))
    })
}

/// What a room told of a record: the outcome by name, and why.
pub(crate) type Told = BTreeMap<String, (String, String)>;

/// Runs the rooms' tests, and returns what they told by id of record.
pub(crate) fn replay(kind: &str, rooms: &[&str], folder: &Path) -> Result<Told, String> {
    let root = root();
    let report = folder.join("report.tsv");
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.current_dir(&root);
    cargo.args(["test", "--quiet", "--no-fail-fast", "--test", "it"]);
    let mut any = false;
    for room in rooms {
        let tests = root.join("crates").join(room).join("tests/it");
        if takes_part(&tests) {
            cargo.arg("--package").arg(format!("nuages-{room}"));
            any = true;
        }
    }
    if any {
        cargo
            .env("NUAGES_CONFORMANCE_DIR", folder)
            .env("NUAGES_CONFORMANCE_KIND", kind)
            .env("NUAGES_CONFORMANCE_REPORT", &report)
            .stdin(Stdio::null());
        let output = cargo
            .output()
            .map_err(|error| format!("cannot run cargo: {error}"))?;
        // A test that saw a record fail fails too, so the status says nothing; a build that broke does.
        let said = String::from_utf8_lossy(&output.stderr);
        if said.contains("could not compile") {
            return Err(format!("the tests of the rooms do not build\n{said}"));
        }
    }
    let text = std::fs::read_to_string(&report).unwrap_or_default();
    Ok(parse(&text))
}

/// Whether the tests of a room tell of records.
fn takes_part(tests: &Path) -> bool {
    let main = std::fs::read_to_string(tests.join("main.rs")).unwrap_or_default();
    main.contains("conformance/src/replay.rs")
}

/// The worst that was told of a record counts: two rooms may replay two halves of it.
fn parse(report: &str) -> Told {
    const WORST: &[&str] = &["passed", "skipped", "excepted", "failed"];
    let rank = |outcome: &str| WORST.iter().position(|known| *known == outcome);
    let mut told = Told::new();
    for line in report.lines() {
        let mut parts = line.splitn(3, '\t');
        let (Some(id), Some(outcome), Some(why)) = (parts.next(), parts.next(), parts.next())
        else {
            continue;
        };
        let known = told
            .get(id)
            .map(|(known, _): &(String, String)| rank(known));
        if known.is_none_or(|known| known < rank(outcome)) {
            told.insert(id.to_owned(), (outcome.to_owned(), why.to_owned()));
        }
    }
    told
}

/// The root of the repository.
pub(crate) fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap_or(here).to_path_buf()
}

#[cfg(test)]
mod tests {
    use super::{of, parse};

    #[test]
    fn the_worst_of_a_record_counts() {
        let told = parse("a\tpassed\t\na\tfailed\twhy\na\tpassed\t\nb\tpassed\t\n");
        assert_eq!(told["a"], ("failed".to_owned(), "why".to_owned()));
        assert_eq!(told["b"].0, "passed");
    }

    #[test]
    fn an_unknown_corpus_names_the_known_ones() {
        assert!(
            of("form")
                .unwrap_err()
                .contains("forms, security, templates, web")
        );
    }
}
