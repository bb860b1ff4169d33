//! One at a time for a key: so that of many requests that miss the same value, one works it out.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError, Weak};

use tokio::sync::{Mutex as AsyncMutex, OwnedMutexGuard};

/// A key that is being worked on, and whether those who wait for it need not take turns.
type Lock = AsyncMutex<AtomicBool>;

/// The keys that are being worked on in this process.
#[derive(Debug, Default)]
pub(crate) struct Flights(Mutex<HashMap<String, Weak<Lock>>>);

impl Flights {
    /// Waits until nobody else works on the key.
    pub(crate) async fn board(&self, key: &str) -> Turn {
        let lock = {
            let mut flights = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            if flights.len() > 1024 {
                flights.retain(|_, lock| lock.strong_count() > 0);
            }
            let known = flights.get(key).and_then(Weak::upgrade);
            known.unwrap_or_else(|| {
                let lock = Arc::new(Lock::default());
                flights.insert(key.to_owned(), Arc::downgrade(&lock));
                lock
            })
        };
        Turn(lock.lock_owned().await)
    }
}

/// The right to work out the value of a key, while others wait for it: see [`Cache::turn`](crate::Cache::turn).
///
/// The next one has its turn when this is dropped.
#[derive(Debug)]
pub struct Turn(OwnedMutexGuard<AtomicBool>);

impl Turn {
    /// Nobody has to wait: what is worked out here is of no use to others.
    pub fn open(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    /// True when somebody before has said that nobody has to wait.
    pub fn is_open(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}
