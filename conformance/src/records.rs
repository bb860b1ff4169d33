//! The records of a folder, checked line by line before anything is replayed.

use std::path::{Path, PathBuf};

use serde_json::Value;

/// What the tool needs to know of one record.
#[derive(Debug)]
pub(crate) struct Record {
    pub(crate) id: String,
    pub(crate) kind: String,
    /// The file that it was recorded into, by its own word: `csrf` of `csrf.csrf_check.1234`.
    area: String,
    line: String,
}

/// The records of one file.
#[derive(Debug)]
pub(crate) struct File {
    pub(crate) name: String,
    pub(crate) records: Vec<Record>,
}

/// Reads every `*.jsonl`.
pub(crate) fn read(folder: &Path) -> Result<Vec<File>, String> {
    if !folder.is_dir() {
        return Err(format!("{} is no folder", folder.display()));
    }
    let mut files = Vec::new();
    for path in listed(folder)? {
        if path.extension().is_none_or(|ending| ending != "jsonl") {
            continue;
        }
        let text = std::fs::read_to_string(&path)
            .map_err(|error| format!("cannot read {}: {error}", path.display()))?;
        let mut records = Vec::new();
        for (number, line) in text.lines().enumerate() {
            if !line.trim().is_empty() {
                let record = record(line);
                let at = |problem| format!("{}:{}: {problem}", path.display(), number + 1);
                records.push(record.map_err(at)?);
            }
        }
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        files.push(File {
            name: name.into_owned(),
            records,
        });
    }
    if files.is_empty() {
        return Err(format!("{} holds no *.jsonl", folder.display()));
    }
    Ok(files)
}

fn listed(folder: &Path) -> Result<Vec<PathBuf>, String> {
    let cannot = |error| format!("cannot read {}: {error}", folder.display());
    let mut paths = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(cannot)? {
        paths.push(entry.map_err(cannot)?.path());
    }
    paths.sort();
    Ok(paths)
}

fn record(line: &str) -> Result<Record, String> {
    let record: Value = serde_json::from_str(line)
        .or_else(|error| serde_json::from_str(&without_python_numbers(line)).map_err(|_| error))
        .map_err(|error| format!("this is no JSON: {error}"))?;
    let text = |name: &str| match record[name].as_str() {
        Some(text) => Ok(text.to_owned()),
        None => Err(format!("the record has no '{name}'")),
    };
    let (id, kind) = (text("id")?, text("kind")?);
    if record.get("expected").is_none() {
        return Err("the record has no 'expected'".to_owned());
    }
    let area = match record["area"].as_str() {
        Some(area) => area.to_owned(),
        None => id.split('.').next().unwrap_or_default().to_owned(),
    };
    Ok(Record {
        id,
        kind,
        area,
        line: line.to_owned(),
    })
}

/// Python writes NaN and Infinity into JSON, which is none then; here they stand as null.
fn without_python_numbers(line: &str) -> String {
    let mut text = String::with_capacity(line.len());
    let (mut inside, mut escaped, mut rest) = (false, false, line);
    while let Some(sign) = rest.chars().next() {
        let word = ["-Infinity", "Infinity", "NaN"]
            .into_iter()
            .find(|word| !inside && rest.starts_with(word));
        if let Some(word) = word {
            text.push_str("null");
            rest = &rest[word.len()..];
            continue;
        }
        inside ^= sign == '"' && !escaped;
        escaped = inside && sign == '\\' && !escaped;
        text.push(sign);
        rest = &rest[sign.len_utf8()..];
    }
    text
}

/// Writes each record once into the file of its area, with the other files of the folder beside them:
/// rooms find `csrf.jsonl` in there whatever the folder calls its files.
pub(crate) fn stage(files: &[File], from: &Path, to: &Path) -> Result<(), String> {
    let cannot = |error| format!("cannot write {}: {error}", to.display());
    if to.exists() {
        std::fs::remove_dir_all(to).map_err(cannot)?;
    }
    std::fs::create_dir_all(to).map_err(cannot)?;
    for path in listed(from)? {
        let is_records = path.extension().is_some_and(|ending| ending == "jsonl");
        if path.is_file()
            && !is_records
            && let Some(name) = path.file_name()
        {
            std::fs::copy(&path, to.join(name)).map_err(cannot)?;
        }
    }
    let mut seen = std::collections::BTreeSet::new();
    let mut areas: std::collections::BTreeMap<&str, String> = std::collections::BTreeMap::new();
    for record in files.iter().flat_map(|file| &file.records) {
        if seen.insert(&record.id) {
            let text = areas.entry(&record.area).or_default();
            text.push_str(&record.line);
            text.push('\n');
        }
    }
    for (area, text) in areas {
        std::fs::write(to.join(format!("{area}.jsonl")), text).map_err(cannot)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{read, record};

    #[test]
    fn a_malformed_record_is_named() {
        assert!(record("{").unwrap_err().contains("no JSON"));
        assert!(record("{}").unwrap_err().contains("no 'id'"));
        let text = r#"{"id": "a", "kind": "b"}"#;
        assert!(record(text).unwrap_err().contains("no 'expected'"));
    }

    #[test]
    fn python_s_own_numbers_are_no_damage() {
        let text = r#"{"id": "a.b", "kind": "NaN \" NaN", "expected": {"x": [NaN, -Infinity]}}"#;
        assert_eq!(record(text).unwrap().kind, "NaN \" NaN");
    }

    #[test]
    fn the_area_is_in_the_id_or_beside_it() {
        let text = r#"{"id": "csrf.check.1", "kind": "b", "expected": {}}"#;
        assert_eq!(record(text).unwrap().area, "csrf");
        let text = r#"{"id": "r-1", "kind": "render", "area": "tags_if", "expected": {}}"#;
        assert_eq!(record(text).unwrap().area, "tags_if");
    }

    #[test]
    fn a_folder_without_records_is_an_error() {
        let here = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
        assert!(read(here).unwrap_err().contains("holds no *.jsonl"));
        assert!(
            read(&here.join("nowhere"))
                .unwrap_err()
                .contains("no folder")
        );
    }
}
