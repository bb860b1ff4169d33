//! `FolderCheck`: the mistakes of all templates under a folder, for the command `template check`.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::engine::Engine;
use crate::error::{Error, ErrorKind};

/// What was found in the templates under a folder.
///
/// ```
/// use nuages_template::{Engine, FolderCheck};
/// # let folder = std::env::temp_dir().join(format!("nuages-folder-check-{}", std::process::id()));
/// # std::fs::create_dir_all(folder.join("blog"))?;
/// std::fs::write(folder.join("blog/post.html"), "<p>\n{% load statc %}")?;
/// std::fs::write(folder.join("home.html"), "{{ title|upper }}")?;
/// let found = FolderCheck::run(&Engine::default(), &folder)?;
/// assert_eq!(found.templates(), 2);
/// let [error] = found.mistakes() else { panic!() };
/// assert_eq!((error.template(), error.line()), (Some("blog/post.html"), Some(2)));
/// assert_eq!(error.hint(), Some("did you mean 'static'?"));
/// # std::fs::remove_dir_all(folder)?;
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Debug, Default)]
pub struct FolderCheck {
    templates: usize,
    mistakes: Vec<Error>,
    warnings: Vec<Error>,
}

/// What the name of a template ends in. A folder of templates may hold pictures and programs as well.
const ENDINGS: [&str; 12] = [
    "html", "htm", "djhtml", "txt", "xml", "svg", "js", "css", "json", "eml", "md", "kml",
];

/// Folders that hold other people's files, or none that anybody wrote.
const FOREIGN: [&str; 7] = [
    "node_modules",
    "target",
    "venv",
    "site-packages",
    "__pycache__",
    "static",
    "staticfiles",
];

/// Folders deeper than this are a circle of links.
const DEEPEST: usize = 64;

impl FolderCheck {
    /// Parses every template under `folder` with the tags and filters of `engine`.
    ///
    /// When there are folders of the name `templates` below it, as in a Django project, only what is in these is a template.
    /// The names in the errors are paths below `folder`.
    ///
    /// # Errors
    /// When the folder cannot be read. A template that cannot is one of the mistakes.
    pub fn run(engine: &Engine, folder: &Path) -> io::Result<Self> {
        Self::run_assuming(engine, folder, &[])
    }

    /// As [`FolderCheck::run`], with libraries that are taken for given: see [`Engine::check_assuming`].
    ///
    /// # Errors
    /// As [`FolderCheck::run`].
    pub fn run_assuming(engine: &Engine, folder: &Path, libraries: &[String]) -> io::Result<Self> {
        let mut files = Vec::new();
        walk(folder, 0, &mut files)?;
        let inside = |path: &PathBuf| {
            let parents = path.strip_prefix(folder).ok().and_then(Path::parent);
            parents.is_some_and(|path| path.iter().any(|part| part == "templates"))
        };
        if files.iter().any(inside) {
            files.retain(inside);
        }
        files.sort_unstable();
        let mut found = Self::default();
        for path in files {
            found.file(engine, folder, &path, libraries);
        }
        Ok(found)
    }

    fn file(&mut self, engine: &Engine, folder: &Path, path: &Path, libraries: &[String]) {
        let name = path.strip_prefix(folder).unwrap_or(path).to_string_lossy();
        self.templates += 1;
        match fs::read_to_string(path) {
            Ok(source) => {
                let mistakes = engine.check_assuming(&name, &source, libraries);
                self.mistakes.extend(mistakes);
                self.warnings.extend(engine.lint(&name, &source));
            }
            Err(error) => {
                let error = Error::new(ErrorKind::Load, format!("cannot read it: {error}"));
                self.mistakes.push(error.at(&name, "", 0));
            }
        }
    }

    /// How many templates were parsed.
    pub fn templates(&self) -> usize {
        self.templates
    }

    /// All that is wrong, by template and place.
    pub fn mistakes(&self) -> &[Error] {
        &self.mistakes
    }

    /// The variables that are printed where escaping is not enough, by template and place: see [`Engine::lint`].
    pub fn warnings(&self) -> &[Error] {
        &self.warnings
    }

    /// The warnings themselves.
    pub fn into_warnings(self) -> Vec<Error> {
        self.warnings
    }
}

fn walk(folder: &Path, depth: usize, files: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let (path, name) = (entry.path(), entry.file_name());
        let name = name.to_string_lossy();
        if path.is_dir() {
            if depth < DEEPEST && !name.starts_with('.') && !FOREIGN.contains(&&*name) {
                walk(&path, depth + 1, files)?;
            }
        } else if name
            .rsplit_once('.')
            .is_some_and(|(_, ending)| ENDINGS.contains(&ending))
        {
            files.push(path);
        }
    }
    Ok(())
}
