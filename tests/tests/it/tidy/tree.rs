//! The files of the repository and its packages.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// Folders that hold nothing of ours.
const FOREIGN: &[&str] = &["target", "node_modules", "__pycache__"];

/// The root of the repository.
pub(super) fn root() -> PathBuf {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR"));
    tests.parent().unwrap().to_path_buf()
}

/// Every file of the repository, as a path from its root.
pub(super) fn files() -> Vec<PathBuf> {
    let root = root();
    let (mut found, mut folders) = (Vec::new(), vec![root.clone()]);
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            if path.is_dir() {
                let hidden = name.starts_with('.') && name != ".ci" && name != ".cargo";
                if !hidden && !name.starts_with("target-") && !FOREIGN.contains(&name.as_str()) {
                    folders.push(path);
                }
            } else if name != ".git" {
                // In a work tree `.git` is a file that names a folder of this machine.
                found.push(path.strip_prefix(&root).unwrap().to_path_buf());
            }
        }
    }
    found.sort();
    found
}

/// The files with this ending, with their text.
pub(super) fn texts(ending: &str) -> Vec<(PathBuf, String)> {
    files()
        .into_iter()
        .filter(|path| path.extension().is_some_and(|found| found == ending))
        .map(|path| {
            let text = std::fs::read_to_string(root().join(&path)).unwrap();
            (path, text)
        })
        .collect()
}

/// A package: its folder from the root, its name, and its manifest.
pub(super) struct Package {
    pub(super) folder: PathBuf,
    pub(super) name: String,
    pub(super) manifest: toml::Table,
}

/// Every package of the workspace.
pub(super) fn packages() -> Vec<Package> {
    texts("toml")
        .into_iter()
        .filter(|(path, _)| path.file_name().is_some_and(|name| name == "Cargo.toml"))
        .filter_map(|(path, text)| {
            let manifest: toml::Table = text.parse().unwrap();
            // The fuzz targets are a workspace of their own, with a compiler of their own.
            if manifest.contains_key("workspace") && manifest.contains_key("package") {
                return None;
            }
            let name = manifest.get("package")?.get("name")?.as_str()?.to_owned();
            let folder = path.parent().unwrap().to_path_buf();
            Some(Package {
                folder,
                name,
                manifest,
            })
        })
        .collect()
}

impl Package {
    /// The names of all dependencies, of every kind and for every platform.
    pub(super) fn dependencies(&self) -> BTreeSet<String> {
        self.named_in(&["dependencies", "dev-dependencies", "build-dependencies"])
    }

    /// The names of what users of the package build with it.
    pub(super) fn shipped_dependencies(&self) -> BTreeSet<String> {
        self.named_in(&["dependencies", "build-dependencies"])
    }

    fn named_in(&self, kinds: &[&str]) -> BTreeSet<String> {
        let table = |value: Option<&'_ toml::Value>| value.and_then(toml::Value::as_table).cloned();
        let mut places = vec![self.manifest.clone()];
        let targets = table(self.manifest.get("target")).unwrap_or_default();
        places.extend(targets.values().filter_map(|place| table(Some(place))));
        let mut names = BTreeSet::new();
        for place in places {
            for kind in kinds {
                let entries = table(place.get(*kind)).unwrap_or_default();
                names.extend(entries.keys().cloned());
            }
        }
        names
    }
}
