//! One record, and what running it came to.

use serde_json::Value;

/// Why a record did not pass.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Miss {
    /// We do something else than Django; the text says what.
    Failed(String),
    /// We have nothing to run it with; the text says why.
    Skipped(String),
}

/// What a runner gives back.
pub(crate) type Outcome = Result<(), Miss>;

/// A failure with its text.
pub(crate) fn failed<T>(text: impl Into<String>) -> Result<T, Miss> {
    Err(Miss::Failed(text.into()))
}

/// A skip with its reason.
pub(crate) fn skipped<T>(reason: impl Into<String>) -> Result<T, Miss> {
    Err(Miss::Skipped(reason.into()))
}

/// One record.
#[derive(Debug)]
pub(crate) struct Case {
    pub(crate) id: String,
    pub(crate) kind: String,
    pub(crate) record: Value,
}

impl Case {
    /// The whole `inputs`.
    pub(crate) fn inputs(&self) -> &Value {
        &self.record["inputs"]
    }

    /// One member of `inputs`; null where it is absent.
    pub(crate) fn input(&self, name: &str) -> &Value {
        &self.record["inputs"][name]
    }

    /// A text of `inputs`.
    pub(crate) fn text(&self, name: &str) -> Result<&str, Miss> {
        match self.input(name).as_str() {
            Some(text) => Ok(text),
            None => skipped(format!("input '{name}' is no text here")),
        }
    }

    /// One member of `expected`; null where it is absent.
    pub(crate) fn expected(&self, name: &str) -> &Value {
        &self.record["expected"][name]
    }

    /// Whether `expected` asserts the member at all.
    pub(crate) fn expects(&self, name: &str) -> bool {
        self.record["expected"].get(name).is_some()
    }

    /// The overrides of this record.
    pub(crate) fn settings(&self) -> &Value {
        &self.record["settings"]
    }
}
