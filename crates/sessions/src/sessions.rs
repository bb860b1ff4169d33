//! The sessions of a site.

use std::sync::Arc;

use jiff::Timestamp;
use nuages_base::Clock;

use crate::state::Shared;
use crate::{Session, SessionSettings, SessionStore};

/// Where the sessions of a site are kept, and how: opens the session of a key.
///
/// The layer does this for each request; use it directly to work on sessions outside of one.
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
        let key = key.and_then(crate::key::acceptable);
        Session(Arc::new(Shared::new(self.clone(), key)))
    }

    /// The store.
    pub fn store(&self) -> &dyn SessionStore {
        &*self.0.store
    }

    /// The settings.
    pub fn settings(&self) -> &SessionSettings {
        &self.0.settings
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.0.clock.now()
    }
}
