//! What the site keeps.

use jiff::Timestamp;
use nuages::auth::User;
use nuages::prelude::*;

/// A note of one user.
#[derive(Model, Debug, Clone)]
#[model(app = "notes", ordering(-created), permissions(view_report = "Can view the report"))]
pub struct Note {
    /// The key.
    pub id: Auto<i64>,
    /// Who wrote it.
    #[field(related_name = "notes", on_delete = Cascade)]
    pub author: ForeignKey<User>,
    /// What it says.
    #[field(max_length = 500)]
    pub text: String,
    /// When it was written.
    #[field(auto_now_add)]
    pub created: Timestamp,
}

/// A message from the contact page.
#[derive(Model, Debug, Clone)]
#[model(app = "notes", ordering(-sent))]
pub struct Enquiry {
    /// The key.
    pub id: Auto<i64>,
    /// Who wrote it.
    #[field(max_length = 100)]
    pub name: String,
    /// Where to answer.
    #[field(max_length = 254)]
    pub email: String,
    /// What it says.
    #[field(max_length = 2000)]
    pub message: String,
    /// When it came.
    #[field(auto_now_add)]
    pub sent: Timestamp,
}
