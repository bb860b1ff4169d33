//! `exceptions.toml`: the records where we differ from Django, each with its reason.

use crate::records::Record;

const FILE: &str = include_str!("../exceptions.toml");

/// One entry of the file.
#[derive(Debug)]
pub(crate) struct Exception {
    kind: Option<String>,
    pattern: Option<String>,
    note: Option<String>,
    pub(crate) reason: String,
    pub(crate) caught: usize,
}

/// The entries of one corpus.
#[derive(Debug)]
pub(crate) struct Exceptions(pub(crate) Vec<Exception>);

impl Exceptions {
    /// Reads the entries of a corpus.
    pub(crate) fn of(corpus: &str) -> Result<Self, String> {
        Self::parse(FILE, corpus).map_err(|problem| format!("exceptions.toml: {problem}"))
    }

    fn parse(text: &str, corpus: &str) -> Result<Self, String> {
        let table: toml::Table = text.parse().map_err(|error| format!("{error}"))?;
        let entries = table.get("exception").and_then(toml::Value::as_array);
        let mut found = Vec::new();
        for entry in entries.into_iter().flatten() {
            let member = |name: &str| entry.get(name).and_then(toml::Value::as_str);
            let of = member("corpus").ok_or("an entry names no corpus")?;
            let reason = member("reason").ok_or("an entry has no reason")?;
            let (kind, pattern) = (member("kind"), member("pattern"));
            let note = member("note");
            if kind.is_none() && pattern.is_none() && note.is_none() {
                return Err(format!("the entry '{reason}' has no kind, pattern or note"));
            }
            if of == corpus {
                found.push(Exception {
                    kind: kind.map(str::to_owned),
                    pattern: pattern.map(str::to_owned),
                    note: note.map(str::to_owned),
                    reason: reason.to_owned(),
                    caught: 0,
                });
            }
        }
        Ok(Self(found))
    }

    /// Counts a failed record with the first entry that fits; true where one did.
    pub(crate) fn catch(&mut self, record: &Record) -> bool {
        let entry = self.0.iter_mut().find(|entry| entry.fits(record));
        match entry {
            Some(entry) => {
                entry.caught += 1;
                true
            }
            None => false,
        }
    }
}

impl Exception {
    fn fits(&self, record: &Record) -> bool {
        let fits = |mine: &Option<String>, text: &str| {
            mine.as_deref().is_none_or(|pattern| matches(pattern, text))
        };
        fits(&self.kind, &record.kind)
            && fits(&self.pattern, &record.id)
            && fits(&self.note, &record.note)
    }
}

/// Whether the pattern, with `*` for anything, fits the whole text.
fn matches(pattern: &str, text: &str) -> bool {
    let Some((head, rest)) = pattern.split_once('*') else {
        return pattern == text;
    };
    let Some(text) = text.strip_prefix(head) else {
        return false;
    };
    (0..=text.len())
        .filter(|&start| text.is_char_boundary(start))
        .any(|start| matches(rest, &text[start..]))
}

#[cfg(test)]
mod tests {
    use super::{Exceptions, FILE, matches};

    #[test]
    fn a_star_stands_for_anything() {
        assert!(matches("csrf.*.12*", "csrf.csrf_check.1234"));
        assert!(!matches("csrf.*.12", "csrf.csrf_check.1234"));
        assert!(matches("*", ""));
    }

    #[test]
    fn the_file_itself_is_well_formed() {
        Exceptions::parse(FILE, "web").unwrap();
        let lacking = "[[exception]]\ncorpus = 'web'\nreason = 'because'";
        let message = Exceptions::parse(lacking, "web").unwrap_err();
        assert!(message.contains("no kind, pattern or note"));
    }
}
