//! `Mistakes`: all that is wrong in a template, without what is wrong only because of something before it.

use std::collections::BTreeSet;

use crate::error::Error;

/// The mistakes of one template.
#[derive(Debug, Default)]
pub(super) struct Mistakes {
    pub(super) all: Vec<Error>,
    /// The tags that were not compiled: their ends and middles stand in the template without them.
    broken: BTreeSet<String>,
    /// A library is missing: nobody knows which tags and filters it has.
    missing_library: bool,
    /// The template ended inside of a tag.
    ended: bool,
    /// Libraries that are taken for given; `*` is each.
    assumed: Vec<String>,
}

/// What stands between the tags of a pair.
const MIDDLES: [&str; 4] = ["else", "elif", "empty", "plural"];

impl Mistakes {
    /// None yet; these libraries are taken for given.
    pub(super) fn assuming(libraries: &[String]) -> Self {
        Self {
            // A project can have tags of its own that need no `{% load %}`.
            missing_library: libraries.iter().any(|name| name == "*"),
            assumed: libraries.to_vec(),
            ..Self::default()
        }
    }

    /// Is this library one of those that are taken for given?
    pub(super) fn assume(&mut self, library: &str) -> bool {
        let assumed = self
            .assumed
            .iter()
            .any(|name| name == "*" || name == library);
        self.missing_library |= assumed;
        assumed
    }

    /// Adds a mistake in the tag `tag` (empty for a variable), unless it only follows from another one.
    /// `known`: there is such a tag; `ended`: nothing of the template is left.
    pub(super) fn add(&mut self, error: Error, tag: &str, known: bool, ended: bool) {
        if tag == "load" {
            self.missing_library = true;
        }
        let begins = tag.strip_prefix("end").unwrap_or(tag);
        let follows = !known
            && !self.broken.is_empty()
            && (self.broken.contains(begins) || MIDDLES.contains(&tag));
        let unknown = !known && !tag.is_empty() || error.message().starts_with("Invalid filter");
        if follows || self.missing_library && unknown && tag != "load" {
            return;
        }
        // Where one tag has no end, neither has any around it.
        if ended && known {
            if self.ended {
                return;
            }
            self.ended = error.message().starts_with("Unclosed tag");
        }
        if !tag.is_empty() {
            self.broken.insert(tag.to_owned());
        }
        self.all.push(error);
    }
}
