//! A hasher that counts.

use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::ThreadId;

use nuages_auth::passwords::{DecodedHash, Hashers, MalformedHash, PasswordHasher, Pbkdf2};

/// The iterations of a full hash.
pub(super) const FULL: u32 = 1_000;

/// PBKDF2 that counts its calls, the iterations that it was asked for, and the threads that it ran on.
#[derive(Debug, Clone, Default)]
pub(super) struct Counting {
    hashes: Arc<AtomicUsize>,
    iterations: Arc<AtomicU64>,
    threads: Arc<Mutex<Vec<ThreadId>>>,
    does_not_harden: bool,
}

impl Counting {
    pub(super) fn hashers(&self) -> Hashers {
        Hashers::new(self.clone()).also(nuages_auth::passwords::InsecureMd5)
    }

    /// As Django was before CVE-2016-2513.
    pub(super) fn without_hardening() -> Self {
        Self {
            does_not_harden: true,
            ..Self::default()
        }
    }

    /// Hashes and iterations since the last call.
    pub(super) fn take(&self) -> (usize, u64) {
        (
            self.hashes.swap(0, Ordering::SeqCst),
            self.iterations.swap(0, Ordering::SeqCst),
        )
    }

    /// The threads that hashed since the last call.
    pub(super) fn take_threads(&self) -> Vec<ThreadId> {
        std::mem::take(&mut *self.threads.lock().unwrap())
    }

    fn inner() -> Pbkdf2 {
        Pbkdf2::sha256().iterations(FULL)
    }

    fn note(&self, hashes: usize, iterations: u64) {
        self.hashes.fetch_add(hashes, Ordering::SeqCst);
        self.iterations.fetch_add(iterations, Ordering::SeqCst);
        let thread = std::thread::current().id();
        self.threads.lock().unwrap().push(thread);
    }
}

/// The iterations that a stored hash asks for.
fn stored_iterations(encoded: &str) -> u64 {
    encoded.split('$').nth(1).unwrap().parse().unwrap()
}

impl PasswordHasher for Counting {
    fn algorithm(&self) -> &'static str {
        "pbkdf2_sha256"
    }
    fn encode(&self, password: &[u8], salt: &str) -> Result<String, MalformedHash> {
        self.note(1, FULL.into());
        Self::inner().encode(password, salt)
    }
    fn decode(&self, encoded: &str) -> Result<DecodedHash, MalformedHash> {
        Self::inner().decode(encoded)
    }
    fn verify(&self, password: &[u8], encoded: &str) -> Result<bool, MalformedHash> {
        let is_correct = Self::inner().verify(password, encoded)?;
        self.note(1, stored_iterations(encoded));
        Ok(is_correct)
    }
    fn must_update(&self, encoded: &str) -> Result<bool, MalformedHash> {
        Self::inner().must_update(encoded)
    }
    fn harden_runtime(&self, password: &[u8], encoded: &str) {
        if self.does_not_harden {
            return;
        }
        // The missing part of one hash, not another one.
        self.note(
            0,
            u64::from(FULL).saturating_sub(stored_iterations(encoded)),
        );
        Self::inner().harden_runtime(password, encoded);
    }
}
