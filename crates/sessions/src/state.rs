//! What the clones of a session share, and how it is loaded.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use futures_util::future::BoxFuture;
use nuages_security::csrf::{SecretStore, SessionSecret, StoreError};
use serde_json::Value;

use crate::merge::{Base, merge};
use crate::store::{Revision, Stored};
use crate::{Error, SessionData, Sessions, lifetime};

/// What the clones of a session share.
pub(crate) struct Shared {
    pub(crate) sessions: Sessions,
    state: Mutex<State>,
}

#[derive(Default)]
pub(crate) struct State {
    pub(crate) key: Option<Arc<str>>,
    /// Nothing before the first use.
    pub(crate) data: Option<SessionData>,
    pub(crate) accessed: bool,
    pub(crate) modified: bool,
    /// The store holds exactly this data.
    pub(crate) stored: bool,
    /// What the data was before this request changed it.
    base: Base,
    /// Tells whether the store still holds what was loaded.
    revision: Option<Revision>,
}

/// What the layer asks of a session on the way out.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Standing {
    pub(crate) accessed: bool,
    pub(crate) modified: bool,
    /// There is neither a key nor data.
    pub(crate) is_empty: bool,
}

impl Shared {
    pub(crate) fn new(sessions: Sessions, key: Option<Arc<str>>) -> Self {
        let state = State {
            key,
            ..State::default()
        };
        Self {
            sessions,
            state: Mutex::new(state),
        }
    }

    pub(crate) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Looks at the data.
    pub(crate) async fn read<R>(&self, look: impl FnOnce(&SessionData) -> R) -> Result<R, Error> {
        self.load().await?;
        let mut state = self.state();
        Ok(look(state.data.get_or_insert_default()))
    }

    /// Changes the data; the second half of the result says whether it did.
    pub(crate) async fn change<R>(
        &self,
        change: impl FnOnce(&mut SessionData) -> (R, bool),
    ) -> Result<R, Error> {
        self.load().await?;
        let mut state = self.state();
        let before = match (&state.base, &state.key) {
            (Base::Same, Some(_)) => state.data.clone(),
            _ => None,
        };
        let (result, changed) = change(state.data.get_or_insert_default());
        if changed {
            if let Some(before) = before {
                state.base = Base::Was(before);
            }
            state.modified = true;
            state.stored = false;
        }
        Ok(result)
    }

    /// Loads the data, the first time.
    pub(crate) async fn load(&self) -> Result<(), Error> {
        let key = {
            let mut state = self.state();
            state.accessed = true;
            if state.data.is_some() {
                return Ok(());
            }
            let Some(key) = state.key.clone() else {
                state.data = Some(SessionData::new());
                return Ok(());
            };
            key
        };
        let sessions = &self.sessions;
        let (now, settings) = (sessions.now(), sessions.settings());
        let name = sessions.name(&key);
        let mut found = sessions.store().load(&name, now).await?;
        if let Some(stored) = &found
            && lifetime::is_over(&stored.data, settings, now)
        {
            sessions.store().delete(&name).await?;
            found = None;
        }
        let mut state = self.state();
        // Somebody else may have loaded it meanwhile, and changed it since.
        if state.data.is_some() {
            return Ok(());
        }
        let Some(Stored { mut data, revision }) = found else {
            state.key = None;
            state.data = Some(SessionData::new());
            return Ok(());
        };
        if lifetime::is_stale(&data, settings, now) {
            state.base = Base::Was(data.clone());
            state.modified = true;
            lifetime::see(&mut data, settings, now);
        }
        state.data = Some(data);
        state.revision = revision;
        Ok(())
    }

    /// Lays this request's changes over what the store holds by now.
    pub(crate) fn merge(&self, stored: Stored) {
        let mut state = self.state();
        let mine = state.data.take().unwrap_or_default();
        state.data = Some(merge(&state.base, &mine, stored.data.clone()));
        state.base = match state.base {
            Base::Same => Base::Same,
            // What was emptied stays so, whatever the others write.
            Base::Nothing => Base::Nothing,
            Base::Was(_) => Base::Was(stored.data),
        };
        state.revision = stored.revision;
    }

    /// What is to be stored, and over which revision.
    pub(crate) fn snapshot(&self) -> (SessionData, Option<Revision>) {
        let state = self.state();
        (
            state.data.clone().unwrap_or_default(),
            state.revision.clone(),
        )
    }

    /// The store holds this data now, under this key.
    pub(crate) fn is_saved(&self, key: Arc<str>, data: SessionData, revision: Option<Revision>) {
        let mut state = self.state();
        state.stored = state.data.as_ref() == Some(&data);
        state.base = if state.stored {
            Base::Same
        } else {
            Base::Was(data)
        };
        state.key = Some(key);
        state.revision = revision;
    }

    /// Empties the session without looking at it.
    pub(crate) fn clear(&self) {
        let mut state = self.state();
        state.data = Some(SessionData::new());
        state.base = Base::Nothing;
        state.accessed = true;
        state.modified = true;
        state.stored = false;
    }
}

/// With `csrf_use_sessions` the secret lives here.
impl SecretStore for Shared {
    fn load(&self) -> BoxFuture<'_, Result<Option<String>, StoreError>> {
        Box::pin(async {
            let text = |data: &SessionData| {
                let secret = data.get(SessionSecret::KEY)?;
                secret.as_str().map(str::to_owned)
            };
            Ok(self.read(text).await?)
        })
    }

    fn store(&self, secret: String) -> BoxFuture<'_, Result<(), StoreError>> {
        Box::pin(async {
            let keep = |data: &mut SessionData| {
                data.insert(SessionSecret::KEY.to_owned(), Value::String(secret));
                ((), true)
            };
            Ok(self.change(keep).await?)
        })
    }

    fn is_accessed(&self) -> bool {
        self.state().accessed
    }
}
