//! The shape of the tree, held by tests: floors, files, links, and the list of dependencies.
//!
//! Each rule is a function from the tree to a list of complaints, so that a failure names every place at once.

mod dependencies;
mod files;
mod floors;
mod links;
mod secrets;
mod tree;

/// Fails with all complaints, one a line.
fn assert_tidy(rule: &str, complaints: &[String]) {
    assert!(
        complaints.is_empty(),
        "{rule}:\n  {}",
        complaints.join("\n  ")
    );
}
