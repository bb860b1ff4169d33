//! The table of sessions as a model.

use jiff::Timestamp;
use nuages_orm::{Model, ModelMeta};

/// A row of the table of sessions, for queries over many of them.
///
/// To read or change one session, use the [`Session`](crate::Session) of a request, or [`Sessions`](crate::Sessions).
///
/// # Django
/// `django.contrib.sessions.models.Session`.
#[derive(Model, Clone)]
#[model(app = "sessions", table = "django_session")]
pub struct Session {
    /// The key: as good as a password.
    #[field(primary_key, max_length = 40, verbose_name = "session key")]
    pub session_key: String,
    /// The signed data.
    #[field(verbose_name = "session data")]
    pub session_data: String,
    /// When it ends.
    #[field(db_index, verbose_name = "expire date")]
    pub expire_date: Timestamp,
}

impl std::fmt::Debug for Session {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Session")
            .field("expire_date", &self.expire_date)
            .finish_non_exhaustive()
    }
}

/// The models of `sessions`.
pub fn models() -> Vec<&'static ModelMeta> {
    vec![Session::meta()]
}
