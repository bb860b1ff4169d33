//! What the clones of a session share, and how it is loaded.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use futures_util::future::BoxFuture;
use nuages_security::csrf::{SecretStore, SessionSecret, StoreError};
use serde_json::Value;

use crate::{Error, SessionData, Sessions};

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
        let (result, changed) = change(state.data.get_or_insert_default());
        if changed {
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
        let found = sessions.store().load(&key, sessions.now()).await?;
        let mut state = self.state();
        // Somebody else may have loaded it meanwhile, and changed it since.
        if state.data.is_none() {
            if found.is_none() {
                state.key = None;
            }
            state.data = Some(found.unwrap_or_default());
        }
        Ok(())
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
}
