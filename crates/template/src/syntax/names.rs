//! `Names` and `Slice`: what keeps the compiler from asking the allocator for every word of a source.

use std::fmt;
use std::sync::Arc;

use crate::render::Name;

/// The names that stood in the source a short while ago, to be shared, and those of variables.
#[derive(Debug, Default)]
pub(crate) struct Names {
    /// A name is at the place that its hash tells; another one of the same place takes it.
    recent: [Option<Recent>; 32],
    mentioned: Vec<Arc<str>>,
}

#[derive(Debug)]
struct Recent {
    name: Name,
    mentioned: bool,
}

impl Names {
    /// The name, not noted as one of a variable.
    pub(crate) fn name(&mut self, text: &str) -> Name {
        self.recent(text).name.clone()
    }

    /// The name of a variable; it is noted.
    pub(crate) fn mention(&mut self, text: &str) -> Name {
        let recent = self.recent(text);
        let name = recent.name.clone();
        if !std::mem::replace(&mut recent.mentioned, true) {
            self.mentioned.push(name.shared());
        }
        name
    }

    fn recent(&mut self, text: &str) -> &mut Recent {
        let fresh = |name| Recent {
            name,
            mentioned: false,
        };
        let hash = Name::hash_of(text);
        // The upper half decides as well: in that of a short name stands its length.
        let place = &mut self.recent[(hash.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 59) as usize];
        let recent = place.get_or_insert_with(|| fresh(Name::new(text)));
        if recent.name.hash() != hash || recent.name.as_str() != text {
            *recent = fresh(Name::new(text));
        }
        recent
    }

    /// The names of variables in order, each once.
    pub(crate) fn finish(mut self) -> Vec<Arc<str>> {
        self.mentioned.sort_unstable();
        self.mentioned.dedup();
        self.mentioned
    }
}

/// A part of a source that shares it.
#[derive(Clone)]
pub(crate) struct Slice {
    whole: Arc<str>,
    start: usize,
    end: usize,
}

impl Slice {
    /// `part`, sharing `whole` if it lies in there; else it is copied.
    pub(crate) fn of(whole: &Arc<str>, part: &str) -> Self {
        let start = (part.as_ptr() as usize).wrapping_sub(whole.as_ptr() as usize);
        let end = start.wrapping_add(part.len());
        if start <= end && end <= whole.len() {
            let whole = whole.clone();
            return Self { whole, start, end };
        }
        Self::from(part)
    }

    #[inline]
    pub(crate) fn as_str(&self) -> &str {
        self.whole.get(self.start..self.end).unwrap_or_default()
    }
}

impl From<&str> for Slice {
    fn from(text: &str) -> Self {
        Self {
            whole: text.into(),
            start: 0,
            end: text.len(),
        }
    }
}

impl fmt::Debug for Slice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.as_str().fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_share_a_place_stay_apart_and_are_noted_once() {
        let mut names = Names::default();
        let all: Vec<String> = (0..200).map(|n| format!("name{n}")).collect();
        for _ in 0..2 {
            for name in &all {
                assert_eq!(names.mention(name).as_str(), name);
                assert_eq!(names.name("other").as_str(), "other");
            }
        }
        let mut expected: Vec<&str> = all.iter().map(String::as_str).collect();
        expected.sort_unstable();
        let found = names.finish();
        assert_eq!(
            found.iter().map(|name| &**name).collect::<Vec<_>>(),
            expected
        );
    }

    #[test]
    fn a_slice_is_its_part_from_inside_and_from_elsewhere() {
        let whole: Arc<str> = "a {{ b }} c".into();
        assert_eq!(Slice::of(&whole, &whole[5..6]).as_str(), "b");
        assert_eq!(Slice::of(&whole, &whole[11..]).as_str(), "");
        assert_eq!(Slice::of(&whole, "elsewhere").as_str(), "elsewhere");
    }
}
