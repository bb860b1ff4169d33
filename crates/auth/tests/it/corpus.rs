//! The recorded behaviour of Django.

use std::path::Path;

use serde_json::Value;

/// The records of one kind in a file of the corpus; none, and a line about it, where the corpus is not at hand.
pub(crate) fn records(file: &str, kind: &str) -> Vec<Value> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../../shared/conformance/security")
        .join(file);
    let Ok(text) = std::fs::read_to_string(&path) else {
        println!("skipped {kind}: there is no corpus at {}", path.display());
        return Vec::new();
    };
    text.lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap())
        .filter(|record| record["kind"] == kind)
        .collect()
}
