//! Texts whose signature was checked before.

use std::fmt;
use std::hash::{BuildHasher as _, RandomState};
use std::sync::{Mutex, PoisonError};

use serde_json::Value;

use crate::SessionData;

/// How many sessions are remembered.
const SLOTS: usize = 1024;
/// Longer texts are not remembered, so that the memory has a bound.
const LONGEST: usize = 4096;
/// Nor are those that hold more than this: a short text may inflate to a thousand times its length.
const LARGEST: usize = 32 * 1024;

/// The sessions that were read last, by the whole of their signed text.
///
/// A visitor who comes again brings a row that has mostly not changed: then checking the signature, inflating and parsing would give what they gave before.
/// Only a text that is the same to the last byte is taken from here, so nothing passes that had not passed the check.
pub(crate) struct Verified {
    slots: Box<[Mutex<Option<Entry>>]>,
    hasher: RandomState,
}

struct Entry {
    text: Box<str>,
    data: SessionData,
}

impl Verified {
    pub(crate) fn new() -> Self {
        Self {
            slots: (0..SLOTS).map(|_| Mutex::default()).collect(),
            hasher: RandomState::new(),
        }
    }

    /// The data of a text that passed the check before.
    pub(crate) fn get(&self, text: &str) -> Option<SessionData> {
        let slot = self.slot(text)?;
        let slot = slot.lock().unwrap_or_else(PoisonError::into_inner);
        slot.as_ref()
            .filter(|entry| *entry.text == *text)
            .map(|entry| entry.data.clone())
    }

    /// Remembers the data of a text that has just passed the check.
    pub(crate) fn put(&self, text: &str, data: &SessionData) {
        if let Some(slot) = self.slot(text).filter(|_| left_of(data, LARGEST).is_some()) {
            let entry = Entry {
                text: text.into(),
                data: data.clone(),
            };
            *slot.lock().unwrap_or_else(PoisonError::into_inner) = Some(entry);
        }
    }

    fn slot(&self, text: &str) -> Option<&Mutex<Option<Entry>>> {
        if text.len() > LONGEST {
            return None;
        }
        // The end of the text is the signature, which tells texts apart as well as the whole does.
        let end = text.len().saturating_sub(43);
        let hash = self.hasher.hash_one(&text.as_bytes()[end..]);
        self.slots
            .get(usize::try_from(hash % SLOTS as u64).unwrap_or_default())
    }
}

/// What is left of so many bytes when the data has taken its part, roughly; `None` when it takes more.
fn left_of(data: &SessionData, bytes: usize) -> Option<usize> {
    data.iter().try_fold(bytes, |left, (name, value)| {
        left_of_value(value, left.checked_sub(name.len())?)
    })
}

fn left_of_value(value: &Value, bytes: usize) -> Option<usize> {
    let left = bytes.checked_sub(size_of::<Value>())?;
    match value {
        Value::String(text) => left.checked_sub(text.len()),
        Value::Array(items) => items
            .iter()
            .try_fold(left, |left, item| left_of_value(item, left)),
        Value::Object(map) => left_of(map, left),
        Value::Null | Value::Bool(_) | Value::Number(_) => Some(left),
    }
}

impl fmt::Debug for Verified {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Verified").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_short_text_of_a_large_session_is_not_remembered() {
        let verified = Verified::new();
        for (value, remembered) in [
            (Value::from("x".repeat(LARGEST)), false),
            (Value::from(vec![0; LARGEST / size_of::<Value>()]), false),
            (serde_json::json!({ "x".repeat(LARGEST): 1 }), false),
            (Value::from("x".repeat(LARGEST / 2)), true),
        ] {
            let data = SessionData::from_iter([("a".to_owned(), value)]);
            verified.put("short", &data);
            assert_eq!(verified.get("short").is_some(), remembered);
        }
    }

    #[test]
    fn only_the_very_same_text_is_remembered() {
        let verified = Verified::new();
        let data = SessionData::from_iter([("a".to_owned(), 1.into())]);
        let text = format!("payload:1wShJQ:{}", "s".repeat(43));
        verified.put(&text, &data);
        assert_eq!(verified.get(&text), Some(data.clone()));
        // Another payload under the same signature, and every shorter text.
        assert_eq!(verified.get(&text.replacen('p', "q", 1)), None);
        assert_eq!(verified.get(&text[1..]), None);
        assert_eq!(verified.get(""), None);
        let long = "x".repeat(LONGEST + 1);
        verified.put(&long, &data);
        assert_eq!(verified.get(&long), None);
    }
}
