//! What the site asks for: each struct is a form, and what the form gives back when it is valid.

use nuages::prelude::*;

/// A message to us.
#[derive(Form, Debug, Clone)]
pub struct Contact {
    /// Who writes.
    #[field(max_length = 100)]
    pub name: String,
    /// Where to answer.
    #[field(email)]
    pub email: String,
    /// What it is about.
    #[field(max_length = 2000, widget = Textarea)]
    pub message: String,
}

/// A new note.
#[derive(Form, Debug, Clone)]
pub struct NewNote {
    /// What it says.
    #[field(max_length = 500, label = "New note", widget = Textarea)]
    pub text: String,
}
