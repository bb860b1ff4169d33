//! `Scopes`: the variables that tags set, innermost last, without hash maps.

use std::cell::Cell;
use std::sync::Arc;

use crate::context::{Key, hash_name};
use crate::value::Value;

/// A variable's name with its hash, computed when the template is compiled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Name {
    text: Arc<str>,
    hash: u64,
}

impl Name {
    /// The name `text`.
    pub fn new(text: &str) -> Self {
        Self {
            text: text.into(),
            hash: hash_name(text),
        }
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The text, shared.
    pub(crate) fn shared(&self) -> Arc<str> {
        self.text.clone()
    }

    /// The hash that the name `text` would have.
    pub(crate) fn hash_of(text: &str) -> u64 {
        hash_name(text)
    }

    pub(crate) fn hash(&self) -> u64 {
        self.hash
    }

    #[inline]
    pub(crate) fn key(&self) -> Key<'_> {
        Key::new(&self.text, self.hash)
    }
}

/// A stack of bindings. A lookup walks it backwards comparing hashes: bindings are few and the newest are used most.
#[derive(Default)]
pub(crate) struct Scopes<'r> {
    hashes: Vec<u64>,
    bindings: Vec<Binding<'r>>,
    marks: Vec<usize>,
    /// Bindings below are out of sight: `{% include .. only %}`.
    floor: usize,
}

/// A variable of a tag.
pub(crate) struct Binding<'r> {
    name: &'r str,
    pub(crate) value: Value<'r>,
    /// Its object was asked already, and cannot be called: a loop's variable is looked up many times.
    pub(crate) is_plain: Cell<bool>,
}

impl<'r> Scopes<'r> {
    pub(crate) fn push(&mut self) {
        self.marks.push(self.bindings.len());
    }

    pub(crate) fn pop(&mut self) {
        if let Some(mark) = self.marks.pop() {
            self.bindings.truncate(mark);
            self.hashes.truncate(mark);
        }
    }

    /// Hides all bindings; gives what `reveal` needs to show them again.
    pub(crate) fn hide(&mut self) -> usize {
        std::mem::replace(&mut self.floor, self.bindings.len())
    }

    pub(crate) fn reveal(&mut self, floor: usize) {
        self.floor = floor;
    }

    #[inline]
    pub(crate) fn get(&self, key: Key<'_>) -> Option<&Binding<'r>> {
        // The newest variable is the one that a loop asks for most.
        if let Some(newest) = self.bindings.last()
            && self.hashes.last() == Some(&key.hash)
            && self.bindings.len() > self.floor
            && key.is_its_hash()
        {
            return Some(newest);
        }
        self.find(key).map(|at| &self.bindings[at])
    }

    /// Sets the variable in the innermost scope.
    pub(crate) fn set(&mut self, name: &'r str, hash: u64, value: Value<'r>) {
        let scope = self.marks.last().copied().unwrap_or(0);
        match self.find(Key::new(name, hash)) {
            Some(at) if at >= scope => self.replace(at, value),
            _ => self.add(name, hash, value),
        }
    }

    /// Sets the variable in the scope that has it, else in the innermost one.
    pub(crate) fn set_upward(&mut self, name: &'r str, hash: u64, value: Value<'r>) {
        match self.find(Key::new(name, hash)) {
            Some(at) => self.replace(at, value),
            None => self.add(name, hash, value),
        }
    }

    /// Adds a variable to a scope that was just pushed.
    pub(crate) fn add(&mut self, name: &'r str, hash: u64, value: Value<'r>) {
        self.hashes.push(hash);
        self.bindings.push(Binding {
            name,
            value,
            is_plain: Cell::new(false),
        });
    }

    /// Where the next binding will be.
    pub(crate) fn next(&self) -> usize {
        self.bindings.len()
    }

    /// Replaces the value of a binding by its place.
    #[inline]
    pub(crate) fn replace(&mut self, at: usize, value: Value<'r>) {
        if let Some(binding) = self.bindings.get_mut(at) {
            binding.value = value;
            binding.is_plain.set(false);
        }
    }

    /// All visible bindings, innermost last.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&str, &Value<'r>)> {
        self.bindings[self.floor..]
            .iter()
            .map(|binding| (binding.name, &binding.value))
    }

    fn find(&self, key: Key<'_>) -> Option<usize> {
        let floor = self.floor;
        let found = key.find(self.hashes.get(floor..)?, |at| {
            self.bindings[floor + at].name
        })?;
        Some(floor + found)
    }
}
