//! The sessions of a site.

use std::borrow::Cow;
use std::sync::Arc;

use jiff::Timestamp;
use nuages_base::Clock;

use crate::key::hashed;
use crate::state::Shared;
use crate::{Error, Session, SessionInfo, SessionSettings, SessionStore};

/// Where the sessions of a site are kept, and how: opens the session of a key.
///
/// The layer does this for each request; use it directly to work on sessions outside of one, and to show a user where they
/// are logged in.
///
/// ```
/// use std::sync::Arc;
/// use nuages_base::Clock;
/// use nuages_sessions::{MemoryStore, SessionSettings, Sessions};
///
/// # futures_util::FutureExt::now_or_never(async {
/// let sessions = Sessions::new(Arc::new(MemoryStore::new()), SessionSettings::default(), Clock::system());
/// // What a login writes.
/// let (phone, laptop) = (sessions.open(None), sessions.open(None));
/// for (session, device) in [(&phone, "phone"), (&laptop, "laptop")] {
///     session.set("_auth_user_id", "7").await?;
///     session.set("device", device).await?;
///     session.save().await?;
/// }
/// let all = sessions.of_user("7").await?;
/// assert_eq!(all.len(), 2);
/// let lost = all.iter().find(|info| info.get::<String>("device").as_deref() == Some("phone")).unwrap();
/// assert!(!lost.is(&laptop));
/// assert!(sessions.end("7", lost.id()).await?);
/// // All but this one: what "log out everywhere else" does.
/// assert_eq!(sessions.end_all("7", Some(&laptop)).await?, 0);
/// # Ok::<(), nuages_sessions::Error>(())
/// # }).unwrap().unwrap();
/// ```
#[derive(Debug, Clone)]
pub struct Sessions(Arc<Site>);

#[derive(Debug)]
struct Site {
    store: Arc<dyn SessionStore>,
    settings: SessionSettings,
    clock: Clock,
}

impl Sessions {
    /// Sessions in this store.
    pub fn new(store: Arc<dyn SessionStore>, settings: SessionSettings, clock: Clock) -> Self {
        Self(Arc::new(Site {
            store,
            settings,
            clock,
        }))
    }

    /// The session of a key, or a new one. Nothing is loaded yet.
    ///
    /// # Security
    /// A key that the store does not know is dropped at the first use: a visitor cannot choose the key.
    pub fn open(&self, key: Option<&str>) -> Session {
        let key = key.filter(|key| self.store().accepts(key)).map(Arc::from);
        Session(Arc::new(Shared::new(self.clone(), key)))
    }

    /// The sessions in which a user is logged in, the one that ends last first.
    ///
    /// On a site whose sessions are in the database this reads those of the user, and those that the index of users does not
    /// know yet (Django's, and new anonymous ones), each of them once; caches and folders of files are read whole.
    ///
    /// # Errors
    /// When the store fails or cannot list its sessions (signed cookies lie with the visitors).
    ///
    /// # Security
    /// No key is in what comes back: it may be shown.
    pub async fn of_user(&self, user: &str) -> Result<Vec<SessionInfo>, Error> {
        let mut found = Vec::new();
        let now = self.now();
        self.store()
            .each_of(user, now, &mut |listed| {
                if !crate::lifetime::is_over(&listed.data, self.settings(), now) {
                    found.push(SessionInfo::new(listed));
                }
            })
            .await?;
        found.sort_by_key(|info| std::cmp::Reverse(info.expires()));
        Ok(found)
    }

    /// Ends one session of a user, by the [`id`](SessionInfo::id) of a listing; `false` when there is none.
    ///
    /// # Errors
    /// As [`of_user`](Self::of_user).
    pub async fn end(&self, user: &str, id: &str) -> Result<bool, Error> {
        let found = self.of_user(user).await?;
        match found.iter().find(|info| info.id() == id) {
            Some(info) => self.store().delete(info.key()).await.map(|()| true),
            None => Ok(false),
        }
    }

    /// Ends every session of a user but `keep`, and says how many.
    ///
    /// # Errors
    /// As [`of_user`](Self::of_user).
    pub async fn end_all(&self, user: &str, keep: Option<&Session>) -> Result<u64, Error> {
        let mut ended = 0;
        for info in self.of_user(user).await? {
            if !keep.is_some_and(|session| info.is(session)) {
                self.store().delete(info.key()).await?;
                ended += 1;
            }
        }
        Ok(ended)
    }

    /// The store.
    pub fn store(&self) -> &dyn SessionStore {
        &*self.0.store
    }

    /// The settings.
    pub fn settings(&self) -> &SessionSettings {
        &self.0.settings
    }

    /// The name under which the store keeps the session of a key.
    pub(crate) fn name<'a>(&self, key: &'a str) -> Cow<'a, str> {
        self.naming()(key)
    }

    pub(crate) fn naming(&self) -> fn(&str) -> Cow<'_, str> {
        if self.settings().session_hash_keys && !self.store().is_with_visitor() {
            |key| Cow::Owned(hashed(key))
        } else {
            |key| Cow::Borrowed(key)
        }
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.0.clock.now()
    }
}
