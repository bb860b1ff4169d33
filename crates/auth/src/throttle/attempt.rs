//! The table of failed logins.

use jiff::Timestamp;
use nuages_orm::{Auto, Model};

/// A login that failed, or is being checked.
#[derive(Model, Clone)]
#[model(
    app = "nuages_auth",
    table = "nuages_login_attempt",
    default_permissions()
)]
pub(crate) struct LoginAttempt {
    pub(crate) id: Auto<i64>,
    /// A keyed hash of who was named.
    #[field(max_length = 64, db_index)]
    pub(crate) account: String,
    /// A keyed hash of the address it came from.
    #[field(max_length = 64)]
    pub(crate) address: String,
    #[field(db_index)]
    pub(crate) attempted_at: Timestamp,
}

impl std::fmt::Debug for LoginAttempt {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("LoginAttempt")
            .field("attempted_at", &self.attempted_at)
            .finish_non_exhaustive()
    }
}
