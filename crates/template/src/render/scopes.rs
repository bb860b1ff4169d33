//! `Scopes`: the variables that tags set, innermost last, without hash maps.

use crate::context::hash_name;
use crate::value::Value;

/// A variable's name with its hash, computed when the template is compiled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Name {
    text: Box<str>,
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

    pub(crate) fn hash(&self) -> u64 {
        self.hash
    }
}

/// A stack of bindings. A lookup walks it backwards comparing hashes: bindings are few and the newest are used most.
#[derive(Default)]
pub(crate) struct Scopes<'r> {
    hashes: Vec<u64>,
    bindings: Vec<(&'r str, Value<'r>)>,
    marks: Vec<usize>,
    /// Bindings below are out of sight: `{% include .. only %}`.
    floor: usize,
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

    pub(crate) fn get(&self, name: &str, hash: u64) -> Option<&Value<'r>> {
        self.find(name, hash).map(|at| &self.bindings[at].1)
    }

    /// Sets the variable in the innermost scope.
    pub(crate) fn set(&mut self, name: &'r str, hash: u64, value: Value<'r>) {
        let scope = self.marks.last().copied().unwrap_or(0);
        match self.find(name, hash) {
            Some(at) if at >= scope => self.bindings[at].1 = value,
            _ => self.add(name, hash, value),
        }
    }

    /// Sets the variable in the scope that has it, else in the innermost one.
    pub(crate) fn set_upward(&mut self, name: &'r str, hash: u64, value: Value<'r>) {
        match self.find(name, hash) {
            Some(at) => self.bindings[at].1 = value,
            None => self.add(name, hash, value),
        }
    }

    /// Adds a variable to a scope that was just pushed.
    pub(crate) fn add(&mut self, name: &'r str, hash: u64, value: Value<'r>) {
        self.hashes.push(hash);
        self.bindings.push((name, value));
    }

    /// Where the next binding will be.
    pub(crate) fn next(&self) -> usize {
        self.bindings.len()
    }

    /// Replaces the value of a binding by its place.
    pub(crate) fn replace(&mut self, at: usize, value: Value<'r>) {
        if let Some(binding) = self.bindings.get_mut(at) {
            binding.1 = value;
        }
    }

    /// All visible bindings, innermost last.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&str, &Value<'r>)> {
        self.bindings[self.floor..]
            .iter()
            .map(|(name, value)| (*name, value))
    }

    #[inline]
    fn find(&self, name: &str, hash: u64) -> Option<usize> {
        let hashes = self.hashes.get(self.floor..)?;
        let last = self.floor + hashes.iter().rposition(|known| *known == hash)?;
        if self.bindings[last].0 == name {
            return Some(last);
        }
        // Two names with one hash: look at all of them.
        (self.floor..last)
            .rev()
            .find(|at| self.bindings[*at].0 == name)
    }
}
