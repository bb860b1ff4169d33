//! A folder of records, and the runners for its kinds.

use std::collections::HashMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::case::{Case, Miss, Outcome};
use crate::security;

/// A runner: builds, runs and compares one record.
pub(crate) type Runner = fn(&Case, &Corpus) -> Outcome;

/// Runners by the kind of record.
pub(crate) type Runners = &'static [(&'static str, Runner)];

/// The corpora by name, each with its list of runners.
const CORPORA: &[(&str, Runners)] = &[
    ("forms", &[]),
    ("security", security::RUNNERS),
    ("templates", &[]),
    ("web", &[]),
];

/// An opened folder.
pub(crate) struct Corpus {
    pub(crate) kind: &'static str,
    folder: PathBuf,
    runners: HashMap<&'static str, Runner>,
    base_settings: Value,
}

impl Corpus {
    /// Checks the name and the folder, and reads the settings under every record.
    pub(crate) fn open(kind: &str, folder: &Path) -> Result<Self, String> {
        let Some((kind, runners)) = CORPORA.iter().find(|(name, _)| *name == kind) else {
            let names: Vec<&str> = CORPORA.iter().map(|(name, _)| *name).collect();
            return Err(format!(
                "no corpus '{kind}'\nhint: there are {}",
                names.join(", ")
            ));
        };
        if !folder.is_dir() {
            return Err(format!("{} is no folder", folder.display()));
        }
        let mut corpus = Self {
            kind,
            folder: folder.to_path_buf(),
            runners: runners.iter().copied().collect(),
            base_settings: Value::Null,
        };
        corpus.base_settings = corpus.side_file("base_settings.json")?;
        Ok(corpus)
    }

    /// The files with records, in order of name.
    pub(crate) fn files(&self) -> Result<Vec<PathBuf>, String> {
        let cannot = |error| format!("cannot read {}: {error}", self.folder.display());
        let mut files = Vec::new();
        for entry in std::fs::read_dir(&self.folder).map_err(cannot)? {
            let path = entry.map_err(cannot)?.path();
            if path.extension().is_some_and(|ending| ending == "jsonl") {
                files.push(path);
            }
        }
        if files.is_empty() {
            return Err(format!("{} holds no *.jsonl", self.folder.display()));
        }
        files.sort();
        Ok(files)
    }

    /// The records of a file.
    pub(crate) fn cases(file: &Path) -> Result<Vec<Case>, String> {
        let text = std::fs::read_to_string(file)
            .map_err(|error| format!("cannot read {}: {error}", file.display()))?;
        let lines = text.lines().enumerate();
        lines
            .filter(|(_, line)| !line.trim().is_empty())
            .map(|(number, line)| {
                case(line)
                    .map_err(|problem| format!("{}:{}: {problem}", file.display(), number + 1))
            })
            .collect()
    }

    /// Runs one record; a panic is a failure.
    pub(crate) fn run(&self, case: &Case) -> Outcome {
        let Some(runner) = self.runners.get(case.kind.as_str()) else {
            return Err(Miss::Skipped(format!(
                "kind {} is not replayed yet",
                case.kind
            )));
        };
        match catch_unwind(AssertUnwindSafe(|| runner(case, self))) {
            Ok(outcome) => outcome,
            Err(panic) => Err(Miss::Failed(format!("panicked: {}", panic_text(&*panic)))),
        }
    }

    /// The value of a Django setting: the record's, else the corpus's, else null (Django's default).
    pub(crate) fn setting<'a>(&'a self, case: &'a Case, name: &str) -> &'a Value {
        match case.settings().get(name) {
            Some(value) => value,
            None => &self.base_settings[name],
        }
    }

    /// A JSON file beside the records; null where there is none.
    pub(crate) fn side_file(&self, name: &str) -> Result<Value, String> {
        let path = self.folder.join(name);
        match std::fs::read_to_string(&path) {
            Ok(text) => serde_json::from_str(&text)
                .map_err(|error| format!("{}:{}: {error}", path.display(), error.line())),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(Value::Null),
            Err(error) => Err(format!("cannot read {}: {error}", path.display())),
        }
    }
}

fn case(line: &str) -> Result<Case, String> {
    let record: Value =
        serde_json::from_str(line).map_err(|error| format!("this is no JSON: {error}"))?;
    let text = |name: &str| match record[name].as_str() {
        Some(text) => Ok(text.to_owned()),
        None => Err(format!("the record has no '{name}'")),
    };
    let (id, kind) = (text("id")?, text("kind")?);
    if record.get("expected").is_none() {
        return Err("the record has no 'expected'".to_owned());
    }
    Ok(Case { id, kind, record })
}

fn panic_text(panic: &(dyn std::any::Any + Send)) -> String {
    if let Some(text) = panic.downcast_ref::<&str>() {
        return (*text).to_owned();
    }
    let text = panic.downcast_ref::<String>();
    text.map_or_else(|| "with no message".to_owned(), Clone::clone)
}

#[cfg(test)]
mod tests {
    use super::{Corpus, case};

    #[test]
    fn a_malformed_record_is_named() {
        assert!(case("{").unwrap_err().contains("no JSON"));
        assert!(case("{}").unwrap_err().contains("no 'id'"));
        let text = r#"{"id": "a", "kind": "b"}"#;
        assert!(case(text).unwrap_err().contains("no 'expected'"));
    }

    #[test]
    fn an_unknown_corpus_and_a_missing_folder_are_errors() {
        let here = std::path::Path::new(".");
        let message = Corpus::open("from", here).err().unwrap();
        assert!(message.contains("forms, security, templates, web"));
        assert!(Corpus::open("forms", &here.join("nowhere")).is_err());
    }
}
