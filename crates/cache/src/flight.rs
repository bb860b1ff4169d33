//! One at a time for a key: so that of many requests that miss the same value, one works it out.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError, Weak};

use tokio::sync::{Mutex as AsyncMutex, OwnedMutexGuard};

/// The keys that are being worked on in this process.
#[derive(Debug, Default)]
pub(crate) struct Flights(Mutex<HashMap<String, Weak<AsyncMutex<()>>>>);

impl Flights {
    /// Waits until nobody else works on the key.
    pub(crate) async fn board(&self, key: &str) -> OwnedMutexGuard<()> {
        let lock = {
            let mut flights = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            if flights.len() > 1024 {
                flights.retain(|_, lock| lock.strong_count() > 0);
            }
            let known = flights.get(key).and_then(Weak::upgrade);
            known.unwrap_or_else(|| {
                let lock = Arc::new(AsyncMutex::new(()));
                flights.insert(key.to_owned(), Arc::downgrade(&lock));
                lock
            })
        };
        lock.lock_owned().await
    }
}
