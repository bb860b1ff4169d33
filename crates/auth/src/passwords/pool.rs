//! Hashing away from the threads that serve requests.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use tokio::sync::Semaphore;

use super::hashers::{Hashers, Verified};

/// Too many passwords are waiting to be hashed.
///
/// # Security
/// Each login costs the server a good part of a second on purpose, so a flood of them is refused at the door: those who wait get an answer soon, and other pages stay fast.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("too many passwords are waiting to be checked: try again in a moment")]
pub struct Overloaded {
    /// What to say in `Retry-After`.
    pub retry_after: Duration,
}

/// The hashers of a site behind a bounded number of threads and a bounded queue.
///
/// Cloning is cheap, and clones share the bounds.
///
/// ```
/// use nuages_auth::passwords::{Hashers, InsecureMd5, PasswordPool};
///
/// # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
/// let pool = PasswordPool::new(Hashers::new(InsecureMd5), 1, 8);
/// let stored = pool.make_password("s3cret").await?;
/// assert!(pool.verify("s3cret", &stored).await?.is_correct);
/// # Ok::<(), nuages_auth::passwords::Overloaded>(())
/// # }).unwrap();
/// ```
#[derive(Debug, Clone)]
pub struct PasswordPool {
    hashers: Arc<Hashers>,
    threads: Arc<Semaphore>,
    queue: Arc<Queue>,
}

#[derive(Debug)]
struct Queue {
    waiting: AtomicUsize,
    limit: usize,
}

/// One place in the queue, given back when dropped.
struct Place(Arc<Queue>);

impl Drop for Place {
    fn drop(&mut self) {
        self.0.waiting.fetch_sub(1, Ordering::AcqRel);
    }
}

impl PasswordPool {
    /// At most `threads` hashes at once (at least one), and `queue` more waiting.
    pub fn new(hashers: Hashers, threads: usize, queue: usize) -> Self {
        let threads = threads.max(1);
        Self {
            hashers: Arc::new(hashers),
            threads: Arc::new(Semaphore::new(threads)),
            queue: Arc::new(Queue {
                waiting: AtomicUsize::new(0),
                limit: threads + queue,
            }),
        }
    }

    /// The hashers themselves, for commands and tests that may wait.
    pub fn hashers(&self) -> &Hashers {
        &self.hashers
    }

    /// Checks a password: see [`Hashers::verify`].
    ///
    /// # Errors
    /// When the queue is full.
    pub async fn verify(&self, password: &str, encoded: &str) -> Result<Verified, Overloaded> {
        let (password, encoded) = (password.to_owned(), encoded.to_owned());
        self.run(move |hashers| hashers.verify(&password, &encoded))
            .await
    }

    /// Makes a hash: see [`Hashers::make_password`].
    ///
    /// # Errors
    /// When the queue is full.
    pub async fn make_password(&self, password: &str) -> Result<String, Overloaded> {
        let password = password.to_owned();
        self.run(move |hashers| hashers.make_password(&password))
            .await
    }

    /// Does the work of one check for an account that does not exist.
    ///
    /// # Errors
    /// When the queue is full.
    pub async fn waste_one_hash(&self, password: &str) -> Result<(), Overloaded> {
        let password = password.to_owned();
        self.run(move |hashers| hashers.waste_one_hash(&password))
            .await
    }

    async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Hashers) -> T + Send + 'static,
    ) -> Result<T, Overloaded> {
        let place = self.queue_up()?;
        let permit = self.threads.clone().acquire_owned().await;
        let hashers = self.hashers.clone();
        let done = tokio::task::spawn_blocking(move || {
            let result = work(&hashers);
            // Held until the work is done, also when the client has gone away meanwhile.
            drop((permit, place));
            result
        });
        // The only other way to fail is a panicking hasher or a runtime on its way down.
        done.await.map_err(|_| OVERLOADED)
    }

    fn queue_up(&self) -> Result<Place, Overloaded> {
        let place = Place(self.queue.clone());
        if self.queue.waiting.fetch_add(1, Ordering::AcqRel) >= self.queue.limit {
            return Err(OVERLOADED);
        }
        Ok(place)
    }
}

const OVERLOADED: Overloaded = Overloaded {
    retry_after: Duration::from_secs(5),
};

#[cfg(test)]
mod tests {
    use super::*;
    use crate::passwords::{DecodedHash, MalformedHash, PasswordHasher};
    use std::sync::{Condvar, Mutex};

    /// A hasher that works until it is let go.
    #[derive(Debug, Clone, Default)]
    struct Held(Arc<(Mutex<bool>, Condvar)>);

    impl PasswordHasher for Held {
        fn algorithm(&self) -> &'static str {
            "held"
        }
        fn encode(&self, _: &[u8], _: &str) -> Result<String, MalformedHash> {
            let (open, door) = &*self.0;
            let guard = open.lock().unwrap();
            drop(door.wait_while(guard, |open| !*open).unwrap());
            Ok("held$".to_owned())
        }
        fn decode(&self, _: &str) -> Result<DecodedHash, MalformedHash> {
            Err(MalformedHash)
        }
        fn verify(&self, _: &[u8], _: &str) -> Result<bool, MalformedHash> {
            Err(MalformedHash)
        }
        fn must_update(&self, _: &str) -> Result<bool, MalformedHash> {
            Err(MalformedHash)
        }
        fn harden_runtime(&self, _: &[u8], _: &str) {}
    }

    #[tokio::test]
    async fn a_full_queue_is_refused_and_empties_again() {
        let held = Held::default();
        let pool = PasswordPool::new(Hashers::new(held.clone()), 1, 2);
        let tasks: Vec<_> = (0..3)
            .map(|_| {
                let pool = pool.clone();
                tokio::spawn(async move { pool.make_password("x").await })
            })
            .collect();
        while pool.queue.waiting.load(Ordering::Acquire) < 3 {
            tokio::task::yield_now().await;
        }
        let refused = pool.make_password("x").await.unwrap_err();
        assert_eq!(refused.retry_after, Duration::from_secs(5));

        *held.0.0.lock().unwrap() = true;
        held.0.1.notify_all();
        for task in tasks {
            task.await.unwrap().unwrap();
        }
        assert!(pool.make_password("x").await.is_ok());
        assert_eq!(pool.queue.waiting.load(Ordering::Acquire), 0);
    }

    #[tokio::test]
    async fn a_client_that_goes_away_does_not_free_its_thread() {
        let held = Held::default();
        let pool = PasswordPool::new(Hashers::new(held.clone()), 1, 0);
        let task = tokio::spawn({
            let pool = pool.clone();
            async move { pool.make_password("x").await }
        });
        while pool.threads.available_permits() > 0 {
            tokio::task::yield_now().await;
        }
        tokio::task::yield_now().await;
        task.abort();
        let _ = task.await;
        assert!(pool.make_password("x").await.is_err());
        *held.0.0.lock().unwrap() = true;
        held.0.1.notify_all();
        while pool.queue.waiting.load(Ordering::Acquire) > 0 {
            tokio::task::yield_now().await;
        }
    }
}
