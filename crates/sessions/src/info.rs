//! One line in a listing of a user's sessions.

use jiff::Timestamp;
use nuages_crypto::{Algorithm, salted_hmac};
use serde::de::DeserializeOwned;

use crate::store::Listed;
use crate::{Session, SessionData};

/// Where a login writes who is logged in; Django's name.
const USER_NAME: &str = "_auth_user_id";

/// One session of a user, as it may be shown to them: without its key.
#[derive(Debug, Clone)]
pub struct SessionInfo {
    id: String,
    listed: Listed,
}

impl SessionInfo {
    pub(crate) fn new(listed: Listed) -> Self {
        Self {
            id: id_of(&listed.key),
            listed,
        }
    }

    pub(crate) fn user_of(data: &SessionData) -> Option<&str> {
        data.get(USER_NAME)?.as_str()
    }

    pub(crate) fn key(&self) -> &str {
        &self.listed.key
    }

    /// A name for the session, of which nobody can work out the key: fit for a form.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// When it ends, where the store knows.
    pub fn expires(&self) -> Option<Timestamp> {
        self.listed.expires
    }

    /// A value that the site put into the session, such as the browser's name; `None` also when it is of another type.
    pub fn get<T: DeserializeOwned>(&self, name: &str) -> Option<T> {
        T::deserialize(self.listed.data.get(name)?).ok()
    }

    /// True when it is this session: the one in which the user is looking.
    pub fn is(&self, session: &Session) -> bool {
        session
            .session_key()
            .is_some_and(|key| id_of(&session.sessions().name(&key)) == self.id)
    }
}

/// Keys have 165 bits, and their hashes 160: a plain hash of one is as hard to turn around as any.
fn id_of(key: &str) -> String {
    let mut id = salted_hmac("nuages.sessions.id", key, "", Algorithm::Sha256).to_hex();
    id.truncate(32);
    id
}
