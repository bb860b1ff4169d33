//! The names of stored files: which are taken, and what is made of the others.

use nuages_crypto::random_string;
use unicode_normalization::char::is_combining_mark;

use super::error::StorageError;

type Result<T> = std::result::Result<T, StorageError>;

/// A name without anything that a file system or a shell could take for something else.
///
/// Spaces at the ends go, other spaces become underscores, and only letters, digits, dashes,
/// underscores and dots stay.
///
/// ```
/// use nuages_web::valid_filename;
///
/// assert_eq!(valid_filename("john's portrait in 2004.jpg")?, "johns_portrait_in_2004.jpg");
/// assert!(valid_filename("$.$.$").is_err());
/// # Ok::<(), nuages_web::StorageError>(())
/// ```
///
/// # Errors
/// When nothing but dots is left.
///
/// # Django
/// `django.utils.text.get_valid_filename`.
pub fn valid_filename(name: &str) -> Result<String> {
    let kept: String = name
        .trim()
        .chars()
        .map(|c| if c == ' ' { '_' } else { c })
        .filter(|c| matches!(c, '-' | '_' | '.') || is_word(*c))
        .collect();
    match kept.as_str() {
        "" | "." | ".." => Err(no_name(name)),
        _ => Ok(kept),
    }
}

/// A letter or digit as Python's regular expressions see it.
fn is_word(c: char) -> bool {
    // Marks and circled letters are alphabetic for Unicode, but not for Python.
    let is_circled = matches!(c, '\u{24b6}'..='\u{24e9}' | '\u{1f130}'..='\u{1f149}'
        | '\u{1f150}'..='\u{1f169}' | '\u{1f170}'..='\u{1f189}');
    c.is_alphanumeric() && !is_combining_mark(c) && !is_circled
}

#[cold]
fn no_name(name: &str) -> StorageError {
    StorageError::Suspicious(format!(
        "Could not derive file name from '{}'",
        name.escape_debug()
    ))
}

#[cold]
fn traversal(name: &str) -> StorageError {
    StorageError::Suspicious(format!(
        "Detected path traversal attempt in '{}'",
        name.escape_debug()
    ))
}

/// The folder and the last part.
pub(super) fn split(name: &str) -> (&str, &str) {
    match name.rfind('/') {
        Some(at) => (name[..at].trim_end_matches('/'), &name[at + 1..]),
        None => ("", name),
    }
}

fn join(folder: &str, file: &str) -> String {
    if folder.is_empty() {
        file.to_owned()
    } else {
        format!("{folder}/{file}")
    }
}

fn leads_up(folder: &str) -> bool {
    folder.split('/').any(|part| part == "..")
}

/// Refuses a name that leads out of the storage; with folders in it, it may lead into them.
pub(super) fn validate(name: &str) -> Result<()> {
    if matches!(split(name).1, "" | "." | "..") {
        return Err(no_name(name));
    }
    let name = name.replace('\\', "/");
    let is_drive = cfg!(windows)
        && name.as_bytes().get(1) == Some(&b':')
        && name.as_bytes()[0].is_ascii_alphabetic();
    if name.starts_with('/') || leads_up(&name) || is_drive || name.contains('\0') {
        return Err(traversal(&name));
    }
    Ok(())
}

/// A name to save under, from folders and a file name that may be anything.
///
/// # Django
/// `Storage.generate_filename`.
pub(super) fn generate(
    name: &str,
    valid_name: impl FnOnce(&str) -> Result<String>,
) -> Result<String> {
    let name = name.replace('\\', "/");
    let (folder, file) = split(&name);
    if leads_up(folder) {
        return Err(traversal(folder));
    }
    let joined = join(folder, &valid_name(file)?);
    let root = if name.starts_with('/') { "/" } else { "" };
    let parts: Vec<&str> = joined
        .split('/')
        .filter(|part| !matches!(*part, "" | "."))
        .collect();
    Ok(format!("{root}{}", parts.join("/")))
}

/// The name in its parts, for others like it: folder, root, all the endings.
pub(super) struct Pattern {
    folder: String,
    root: String,
    endings: String,
}

impl Pattern {
    /// # Errors
    /// When the name leads elsewhere.
    pub(super) fn of(name: &str) -> Result<Self> {
        let name = name.replace('\\', "/");
        let (folder, file) = split(&name);
        if leads_up(folder) {
            return Err(traversal(folder));
        }
        if matches!(file, "" | "." | "..") {
            return Err(no_name(file));
        }
        let dots = file.len() - file.trim_start_matches('.').len();
        let cut = match file[dots..].find('.') {
            Some(at) if !file.ends_with('.') => dots + at,
            _ => file.len(),
        };
        Ok(Self {
            folder: folder.to_owned(),
            root: file[..cut].to_owned(),
            endings: file[cut..].to_owned(),
        })
    }

    /// The name itself.
    pub(super) fn plain(&self) -> String {
        join(&self.folder, &format!("{}{}", self.root, self.endings))
    }

    /// Another name of at most `max` characters, made from root and endings.
    ///
    /// # Errors
    /// When there is no room for one.
    pub(super) fn alternative(
        &mut self,
        max: Option<usize>,
        make: impl Fn(&str, &str) -> String,
    ) -> Result<String> {
        let name = join(&self.folder, &make(&self.root, &self.endings));
        let length = name.chars().count();
        let Some(over) = max
            .map(|max| length.saturating_sub(max))
            .filter(|over| *over > 0)
        else {
            return Ok(name);
        };
        let kept = self.root.chars().count().saturating_sub(over);
        self.root = self.root.chars().take(kept).collect();
        if self.root.is_empty() {
            return Err(StorageError::Suspicious(format!(
                "Storage can not find an available filename for \"{}\". Please make sure that the \
                 corresponding file field allows sufficient \"max_length\".",
                name.escape_debug()
            )));
        }
        Ok(join(&self.folder, &make(&self.root, &self.endings)))
    }
}

/// Root, underscore, seven random characters, endings: nobody has to try `_1`, `_2`, `_3`.
///
/// # Django
/// `Storage.get_alternative_name`.
pub(super) fn alternative(root: &str, endings: &str) -> String {
    format!("{root}_{}{endings}", random_string(7))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn names_become_plain() {
        for (name, expect) in [
            ("  a b.txt ", "a_b.txt"),
            ("^&'@{}[],$=!-#()%+~_123.txt", "-_123.txt"),
            ("é中.txt", "é中.txt"),
            ("a/b\\c\0d.txt", "abcd.txt"),
            ("a\u{202e}gpj.exe", "agpj.exe"),
            ("..a", "..a"),
        ] {
            assert_eq!(valid_filename(name).unwrap(), expect, "{name:?}");
        }
        for name in ["", " ", "$.$.$", "??", ".", "..", "/../"] {
            assert!(valid_filename(name).is_err(), "{name:?}");
        }
    }

    #[test]
    fn generated_names_stay_below() {
        let generated = |name: &str| generate(name, valid_filename).ok();
        assert_eq!(generated("a/b c.txt").as_deref(), Some("a/b_c.txt"));
        assert_eq!(generated("a\\b.txt").as_deref(), Some("a/b.txt"));
        assert_eq!(generated("a//./b.txt").as_deref(), Some("a/b.txt"));
        for name in [
            "../a",
            "a/../b",
            "a\\..\\b",
            "a/..",
            "tmp/../path",
            "\\tmp\\..",
            "$.$.$",
        ] {
            assert_eq!(generated(name), None, "{name}");
        }
    }

    #[test]
    fn what_is_validated_leads_nowhere_else() {
        for name in [
            "", ".", "..", "a/", "a/..", "../a", "/a", "\\a", "a\\..\\b", "a\0b", "a/./..",
        ] {
            assert!(validate(name).is_err(), "{name:?}");
        }
        for name in ["a", "a/b.txt", "..a", "a..b/c", "é"] {
            assert!(validate(name).is_ok(), "{name}");
        }
    }

    #[test]
    fn alternatives_keep_the_endings_and_the_length() {
        let mut pattern = Pattern::of("x/archive.tar.gz").unwrap();
        let name = pattern.alternative(None, alternative).unwrap();
        assert!(
            name.starts_with("x/archive_") && name.ends_with(".tar.gz"),
            "{name}"
        );
        assert_eq!(name.len(), "x/archive_1234567.tar.gz".len());
        let name = pattern.alternative(Some(20), alternative).unwrap();
        assert!(name.len() <= 20 && name.ends_with(".tar.gz"), "{name}");
        assert!(pattern.alternative(Some(10), alternative).is_err());
        assert_eq!(Pattern::of(".hidden").unwrap().endings, "");
        assert_eq!(Pattern::of(".hidden.txt").unwrap().endings, ".txt");
        assert_eq!(Pattern::of("a.").unwrap().endings, "");
    }

    proptest! {
        #[test]
        fn no_generated_name_fails_validation(name in "\\PC{0,40}|[./\\\\a :$]{0,20}") {
            if let Ok(name) = generate(&name, valid_filename)
                && !name.starts_with('/')
            {
                prop_assert!(validate(&name).is_ok(), "{}", name);
                prop_assert!(Pattern::of(&name).is_ok());
            }
        }
    }
}
