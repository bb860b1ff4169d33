//! `exceptions.toml`: the records that we answer otherwise than Django, by the rule that says why.
//!
//! A replay may call a record an exception only by a reason that the file lists. The file names the records of the
//! corpora that we hold; records that we do not hold fall under the same rules.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

const FILE: &str = include_str!("../exceptions.toml");

const HEAD: &str = "\
# The records that we answer otherwise than Django, by the rule that says why; COMPATIBILITY.md has the same rules.
# A replay may except a record only by a reason that stands here; any other counts as failed.
# `cargo xtask conformance KIND DIR --write-exceptions` writes the entries of a corpus anew: read what changed.
";

/// The records of each reason.
type Rules = BTreeMap<String, BTreeSet<String>>;

/// The rules of one corpus, and which records fell under them.
#[derive(Debug)]
pub(crate) struct Exceptions {
    listed: Rules,
    caught: Rules,
}

/// What is there to say of the exceptions of a run.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Findings {
    /// How many records fell under each rule, and how many of them the file does not name.
    pub(crate) by_reason: Vec<(String, usize, usize)>,
    /// Records that the file names, and that are no exception any more.
    pub(crate) stale: Vec<String>,
}

impl Exceptions {
    /// Reads the rules of a corpus.
    pub(crate) fn of(corpus: &str) -> Result<Self, String> {
        let mut all = parse(FILE).map_err(|problem| format!("exceptions.toml: {problem}"))?;
        Ok(Self {
            listed: all.remove(corpus).unwrap_or_default(),
            caught: Rules::new(),
        })
    }

    /// Takes note of a record that its replay excepts; false where the file does not list the reason.
    pub(crate) fn catch(&mut self, id: &str, reason: &str) -> bool {
        let records = self.caught.entry(reason.to_owned()).or_default();
        records.insert(id.to_owned());
        self.listed.contains_key(reason)
    }

    /// What came of the rules, given the records that were replayed.
    pub(crate) fn findings(&self, seen: &BTreeSet<&str>) -> Findings {
        let nothing = BTreeSet::new();
        let mut findings = Findings::default();
        for (reason, records) in &self.caught {
            let listed = self.listed.get(reason).unwrap_or(&nothing);
            let new = records.difference(listed).count();
            findings
                .by_reason
                .push((reason.clone(), records.len(), new));
        }
        for (reason, records) in &self.listed {
            let caught = self.caught.get(reason).unwrap_or(&nothing);
            let gone = records.difference(caught);
            let gone = gone.filter(|id| seen.contains(id.as_str()));
            findings.stale.extend(gone.cloned());
        }
        findings
    }

    /// The file, with the entries of this corpus as the run found them. A rule without records stays: no record
    /// that we hold may fall under it, and one that we do not hold may.
    pub(crate) fn rewritten(&self, corpus: &str) -> Result<String, String> {
        let mut all = parse(FILE).map_err(|problem| format!("exceptions.toml: {problem}"))?;
        let mut rules = self.listed.clone();
        rules.retain(|_, records| records.is_empty());
        rules.extend(self.caught.clone());
        all.insert(corpus.to_owned(), rules);
        Ok(write(&all))
    }
}

fn parse(text: &str) -> Result<BTreeMap<String, Rules>, String> {
    let table: toml::Table = text.parse().map_err(|error| format!("{error}"))?;
    let entries = table.get("exception").and_then(toml::Value::as_array);
    let mut all = BTreeMap::<String, Rules>::new();
    for entry in entries.into_iter().flatten() {
        let text = |name: &str| {
            let found = entry.get(name).and_then(toml::Value::as_str);
            found.ok_or_else(|| format!("an entry has no {name}"))
        };
        let (corpus, reason) = (text("corpus")?, text("reason")?);
        let records = entry.get("records").and_then(toml::Value::as_array);
        let records = records.ok_or_else(|| format!("'{reason}' names no records"))?;
        let ids: Option<BTreeSet<String>> = records
            .iter()
            .map(|id| id.as_str().map(str::to_owned))
            .collect();
        let ids = ids.ok_or_else(|| format!("a record of '{reason}' is no text"))?;
        let rules = all.entry(corpus.to_owned()).or_default();
        if rules.insert(reason.to_owned(), ids).is_some() {
            return Err(format!("'{reason}' stands twice under {corpus}"));
        }
    }
    Ok(all)
}

fn write(all: &BTreeMap<String, Rules>) -> String {
    // What JSON quotes, TOML reads.
    let quoted = |text: &str| serde_json::Value::from(text).to_string();
    let mut file = HEAD.to_owned();
    for (corpus, rules) in all {
        for (reason, records) in rules {
            let (corpus, reason) = (quoted(corpus), quoted(reason));
            // Writing to a String cannot fail.
            let _ = write!(
                file,
                "\n[[exception]]\ncorpus = {corpus}\nreason = {reason}\nrecords = [\n"
            );
            for id in records {
                let _ = writeln!(file, "    {},", quoted(id));
            }
            file.push_str("]\n");
        }
    }
    file
}

#[cfg(test)]
mod tests {
    use super::{BTreeSet, Exceptions, FILE, parse, write};

    const PAGE: &str = include_str!("../../COMPATIBILITY.md");

    fn exceptions(text: &str) -> Exceptions {
        Exceptions {
            listed: parse(text).unwrap().remove("web").unwrap_or_default(),
            caught: super::Rules::new(),
        }
    }

    const ONE: &str = "[[exception]]\ncorpus = 'web'\nreason = 'because'\nrecords = ['a', 'b']\n";

    #[test]
    fn a_reason_that_is_not_listed_is_no_exception() {
        let mut web = exceptions(ONE);
        assert!(web.catch("a", "because"));
        assert!(!web.catch("b", "why not"));
    }

    #[test]
    fn records_that_are_new_or_no_exception_any_more_are_told() {
        let mut web = exceptions(ONE);
        web.catch("a", "because");
        web.catch("c", "because");
        let findings = web.findings(&BTreeSet::from(["a", "b", "c"]));
        assert_eq!(findings.by_reason, [("because".to_owned(), 2, 1)]);
        assert_eq!(findings.stale, ["b"]);
        // A folder without the record says nothing of it.
        assert_eq!(web.findings(&BTreeSet::from(["a", "c"])).stale, [""; 0]);
    }

    #[test]
    fn an_entry_has_a_corpus_a_reason_and_records() {
        let lacking = "[[exception]]\ncorpus = 'web'\nreason = 'because'";
        assert!(parse(lacking).unwrap_err().contains("names no records"));
        let twice = format!("{ONE}{ONE}");
        assert!(parse(&twice).unwrap_err().contains("stands twice"));
    }

    #[test]
    fn the_file_is_as_the_tool_writes_it() {
        assert_eq!(write(&parse(FILE).unwrap()), FILE);
    }

    #[test]
    fn the_compatibility_page_has_each_rule_with_its_number_of_records() {
        let mut missing = Vec::new();
        for (corpus, rules) in parse(FILE).unwrap() {
            for (reason, records) in rules {
                let row = format!(
                    "| {corpus} | {} | {} |",
                    records.len(),
                    reason.replace('|', "\\|")
                );
                if !PAGE.contains(&row) {
                    missing.push(row);
                }
            }
        }
        assert!(
            missing.is_empty(),
            "COMPATIBILITY.md lacks these rows:\n{}",
            missing.join("\n")
        );
    }
}
