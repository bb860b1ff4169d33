//! The session of one request.

use std::fmt;
use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::expiry::{EXPIRY_NAME, Ending, at_browser_close};
use crate::state::{Shared, Standing};
use crate::store::Replaced;
use crate::{Error, Expiry, SessionData, SessionSettings, Sessions, lifetime};

/// How often a save looks at what others have changed before it gives up.
const ATTEMPTS: usize = 500;

const TEST_COOKIE_NAME: &str = "testcookie";
const TEST_COOKIE_VALUE: &str = "worked";

/// The session of one request, loaded at its first use and saved when the response leaves.
///
/// It comes as an extractor, and as a value in the request's extensions.
/// Clones are the same session.
///
/// ```
/// use std::sync::Arc;
/// use nuages_base::Clock;
/// use nuages_sessions::{MemoryStore, SessionSettings, Sessions};
///
/// # futures_util::FutureExt::now_or_never(async {
/// let sessions = Sessions::new(Arc::new(MemoryStore::new()), SessionSettings::default(), Clock::system());
/// let session = sessions.open(None);
/// session.set("cart", vec!["tea", "milk"]).await?;
/// assert_eq!(session.get::<Vec<String>>("cart").await?.unwrap().len(), 2);
/// // Nothing was stored yet, so there is no key either.
/// assert_eq!(session.session_key(), None);
/// session.save().await?;
/// assert_eq!(session.session_key().unwrap().len(), 32);
/// # Ok::<(), nuages_sessions::Error>(())
/// # }).unwrap().unwrap();
/// ```
///
/// # Concurrency
/// Of two requests of one visitor that change different names, both changes stay: a request saves what it changed, over what
/// the store holds by then. Of two changes of one name the last wins, so keep counters in a table or a cache of their own.
/// With signed cookies the last response that the browser gets wins, as in Django.
///
/// # Django
/// `request.session`, a `SessionBase`; the methods are those of its async half.
#[derive(Clone)]
pub struct Session(pub(crate) Arc<Shared>);

impl Session {
    /// The value of a name.
    ///
    /// # Errors
    /// When the session cannot be loaded, or the value is of another type.
    pub async fn get<T: DeserializeOwned>(&self, name: &str) -> Result<Option<T>, Error> {
        self.read(|data| {
            data.get(name)
                .map(T::deserialize)
                .transpose()
                .map_err(|error| Error::value(name, error))
        })
        .await?
    }

    /// Sets the value of a name.
    ///
    /// # Errors
    /// When the session cannot be loaded, or the value cannot be written as JSON.
    pub async fn set<T: Serialize>(&self, name: &str, value: T) -> Result<(), Error> {
        let value = serde_json::to_value(value).map_err(Error::encode)?;
        self.0
            .change(|data| {
                data.insert(name.to_owned(), value);
                ((), true)
            })
            .await
    }

    /// Takes a value out; it is gone even if it turns out to be of another type.
    ///
    /// # Errors
    /// When the session cannot be loaded, or the value is of another type.
    ///
    /// # Django
    /// `session.pop(name)`.
    pub async fn take<T: DeserializeOwned>(&self, name: &str) -> Result<Option<T>, Error> {
        let taken = self.remove_value(name).await?;
        taken
            .map(T::deserialize)
            .transpose()
            .map_err(|error| Error::value(name, error))
    }

    /// Removes a name; `false` when it was not there.
    ///
    /// # Errors
    /// When the session cannot be loaded.
    pub async fn remove(&self, name: &str) -> Result<bool, Error> {
        Ok(self.remove_value(name).await?.is_some())
    }

    async fn remove_value(&self, name: &str) -> Result<Option<Value>, Error> {
        self.0
            .change(|data| {
                // `shift_remove` keeps the order of the others, which the stored text shows.
                let taken = data.shift_remove(name);
                let found = taken.is_some();
                (taken, found)
            })
            .await
    }

    /// True when the name is set.
    ///
    /// # Errors
    /// When the session cannot be loaded.
    pub async fn contains(&self, name: &str) -> Result<bool, Error> {
        self.read(|data| data.contains_key(name)).await
    }

    /// Looks at the whole data without copying it.
    ///
    /// # Errors
    /// When the session cannot be loaded.
    pub async fn read<R>(&self, look: impl FnOnce(&SessionData) -> R) -> Result<R, Error> {
        self.0.read(look).await
    }

    /// Changes several values at once.
    ///
    /// # Errors
    /// When the session cannot be loaded.
    ///
    /// # Django
    /// `session.update(…)`.
    pub async fn update<R>(&self, change: impl FnOnce(&mut SessionData) -> R) -> Result<R, Error> {
        self.0.change(|data| (change(data), true)).await
    }

    /// Empties the session without loading it. The key stays.
    pub fn clear(&self) {
        self.0.clear();
    }

    /// Empties the session, deletes what is stored, and forgets the key: what logout does.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn flush(&self) -> Result<(), Error> {
        self.clear();
        let key = self.0.state().key.clone();
        if let Some(key) = key {
            self.delete(&key).await?;
        }
        self.0.state().key = None;
        Ok(())
    }

    /// Moves the data to a new key and deletes the old one: what login does.
    ///
    /// # Errors
    /// When the store fails.
    ///
    /// # Security
    /// Ends session fixation: a key that somebody planted before the login is worth nothing after it.
    pub async fn cycle_key(&self) -> Result<(), Error> {
        self.0.load().await?;
        let old = self.0.state().key.clone();
        self.create().await?;
        if let Some(old) = old {
            self.delete(&old).await?;
        }
        Ok(())
    }

    async fn delete(&self, key: &str) -> Result<(), Error> {
        let sessions = &self.0.sessions;
        sessions.store().delete(&sessions.name(key)).await
    }

    /// Stores the data under a new key.
    async fn create(&self) -> Result<(), Error> {
        self.0.load().await?;
        let now = self.0.sessions.now();
        let data = {
            let mut state = self.0.state();
            let data = state.data.get_or_insert_default();
            lifetime::begin(data, self.settings(), now);
            data.clone()
        };
        let expires = self.expires(&data);
        let naming = self.0.sessions.naming();
        let store = self.0.sessions.store();
        let key = store.issue(&data, expires, naming).await?;
        self.0.state().modified = true;
        self.0.is_saved(key, data, None);
        Ok(())
    }

    /// Stores the data now. The layer does this when the response leaves, if it was changed.
    ///
    /// # Errors
    /// When the store fails, or the session was deleted meanwhile ([`Error::is_interrupted`]).
    ///
    /// # Security
    /// A session that was deleted by a logout in another request is not brought back.
    pub async fn save(&self) -> Result<(), Error> {
        let known = self.session_key().is_some();
        self.0.load().await?;
        let Some(key) = self.session_key() else {
            // Loading just now found that the key leads nowhere: somebody deleted the session.
            return if known {
                Err(Error::interrupted())
            } else {
                self.create().await
            };
        };
        let (store, name) = (self.0.sessions.store(), self.0.sessions.name(&key));
        for _ in 0..ATTEMPTS {
            let (data, revision) = self.0.snapshot();
            if let Some(revision) = &revision {
                let expires = self.expires(&data);
                let replaced = store.replace(&name, revision, &data, expires).await?;
                if let Replaced::Saved {
                    key: saved,
                    revision,
                } = replaced
                {
                    // A store that is told a name gives it back; the visitor's key stays what it is.
                    let is_name = *saved == *name;
                    let key = if is_name { key.clone() } else { saved };
                    self.0.is_saved(key, data, revision);
                    return Ok(());
                }
            }
            // Somebody else has changed it, or deleted it.
            match store.reload(&name, self.0.sessions.now()).await? {
                Some(stored) => self.0.merge(stored),
                None => return Err(Error::interrupted()),
            }
        }
        Err(Error::store(
            "the session is changed by too many requests at once",
        ))
    }

    /// The key, if the session was stored before. It is as good as a password: do not show it.
    pub fn session_key(&self) -> Option<Arc<str>> {
        self.0.state().key.clone()
    }

    /// Lets this session end at another time than the settings say.
    ///
    /// # Errors
    /// When the session cannot be loaded.
    pub async fn set_expiry(&self, expiry: Expiry) -> Result<(), Error> {
        match expiry.to_stored(self.0.sessions.now()) {
            Some(value) => self.set(EXPIRY_NAME, value).await,
            None => self.remove(EXPIRY_NAME).await.map(|_| ()),
        }
    }

    /// How long the session still lasts, in whole seconds.
    ///
    /// # Errors
    /// When the session cannot be loaded.
    pub async fn expiry_age(&self) -> Result<SignedDuration, Error> {
        let now = self.0.sessions.now();
        let ending = self.read(|data| Ending::of(data, self.settings())).await?;
        Ok(SignedDuration::from_secs(ending.age(now)))
    }

    /// When the session ends, if it is not changed again.
    ///
    /// # Errors
    /// When the session cannot be loaded.
    pub async fn expiry_date(&self) -> Result<Timestamp, Error> {
        let now = self.0.sessions.now();
        let ending = self.read(|data| Ending::of(data, self.settings())).await?;
        Ok(ending.date(now))
    }

    /// As [`expiry_age`](Self::expiry_age) and [`expiry_date`](Self::expiry_date), for a session that was changed last at
    /// `changed`.
    ///
    /// # Errors
    /// When the session cannot be loaded.
    pub async fn expiry_since(
        &self,
        changed: Timestamp,
    ) -> Result<(SignedDuration, Timestamp), Error> {
        let ending = self.read(|data| Ending::of(data, self.settings())).await?;
        let age = SignedDuration::from_secs(ending.age(changed));
        Ok((age, ending.date(changed)))
    }

    /// True when the cookie lasts only as long as the browser.
    ///
    /// # Errors
    /// When the session cannot be loaded.
    pub async fn expires_at_browser_close(&self) -> Result<bool, Error> {
        self.read(|data| at_browser_close(data, self.settings()))
            .await
    }

    /// Leaves a mark, to see at the next request whether the browser takes cookies.
    ///
    /// # Errors
    /// When the session cannot be loaded.
    pub async fn set_test_cookie(&self) -> Result<(), Error> {
        self.set(TEST_COOKIE_NAME, TEST_COOKIE_VALUE).await
    }

    /// True when the mark of [`set_test_cookie`](Self::set_test_cookie) came back.
    ///
    /// # Errors
    /// When the session cannot be loaded.
    pub async fn test_cookie_worked(&self) -> Result<bool, Error> {
        self.read(|data| {
            data.get(TEST_COOKIE_NAME).and_then(Value::as_str) == Some(TEST_COOKIE_VALUE)
        })
        .await
    }

    /// Removes the mark.
    ///
    /// # Errors
    /// When the session cannot be loaded.
    pub async fn delete_test_cookie(&self) -> Result<(), Error> {
        self.remove(TEST_COOKIE_NAME).await.map(|_| ())
    }

    /// True when the session was read or changed in this request.
    pub fn accessed(&self) -> bool {
        self.0.state().accessed
    }

    /// True when the session was changed in this request.
    pub fn modified(&self) -> bool {
        self.0.state().modified
    }

    /// Lets the session be stored and its cookie sent anew although nothing was changed in it.
    ///
    /// # Django
    /// `session.modified = True`, after a change inside of a value. Here values are taken out and set again.
    pub fn set_modified(&self) {
        let mut state = self.0.state();
        state.modified = true;
        state.stored = false;
    }

    /// True when there is neither a key nor data.
    pub fn is_empty(&self) -> bool {
        self.standing().is_empty
    }

    /// What became of the session so far.
    pub(crate) fn standing(&self) -> Standing {
        let state = self.0.state();
        Standing {
            accessed: state.accessed,
            modified: state.modified,
            is_empty: state.key.is_none() && state.data.as_ref().is_none_or(SessionData::is_empty),
        }
    }

    /// True when the store holds exactly what the session does.
    pub(crate) fn is_stored(&self) -> bool {
        self.0.state().stored
    }

    pub(crate) fn settings(&self) -> &SessionSettings {
        self.0.sessions.settings()
    }

    pub(crate) fn sessions(&self) -> &Sessions {
        &self.0.sessions
    }

    fn expires(&self, data: &SessionData) -> Timestamp {
        Ending::of(data, self.settings()).date(self.0.sessions.now())
    }
}

impl fmt::Debug for Session {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Neither the key nor the data: both are secrets.
        f.debug_struct("Session")
            .field("accessed", &self.accessed())
            .field("modified", &self.modified())
            .finish_non_exhaustive()
    }
}
