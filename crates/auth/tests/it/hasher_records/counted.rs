//! The hashers of the records, which count what they do.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use nuages_auth::passwords::{
    Argon2, Bcrypt, DecodedHash, Hashers, HashersError, InsecureMd5, MalformedHash, PasswordHasher,
    Pbkdf2, Scrypt,
};
use serde_json::Value;

/// A hasher of one of the kinds, with the work that it has done.
#[derive(Debug, Clone)]
pub(super) struct Counted {
    pub(super) inner: Arc<dyn PasswordHasher>,
    pub(super) work: Arc<AtomicU64>,
}

impl Counted {
    fn new(inner: impl PasswordHasher + 'static) -> Self {
        let (inner, work) = (Arc::new(inner), Arc::default());
        Self { inner, work }
    }

    /// What one hash with the cost in `encoded` is worth, in the units of a record.
    pub(super) fn cost(&self, encoded: &str) -> u64 {
        let decoded = self.inner.decode(encoded).unwrap();
        let param = |name: &str| {
            let found = decoded.params.iter().find(|(known, _)| *known == name);
            found.map(|(_, value)| value.parse::<u64>().unwrap())
        };
        if self.algorithm().starts_with("bcrypt") {
            1 << param("work_factor").unwrap().min(20)
        } else {
            param("iterations").unwrap_or(1)
        }
    }

    fn count(&self, work: u64) {
        self.work.fetch_add(work, Ordering::SeqCst);
    }
}

impl PasswordHasher for Counted {
    fn algorithm(&self) -> &'static str {
        self.inner.algorithm()
    }
    fn encode(&self, password: &[u8], salt: &str) -> Result<String, MalformedHash> {
        let encoded = self.inner.encode(password, salt)?;
        self.count(self.cost(&encoded));
        Ok(encoded)
    }
    fn decode(&self, encoded: &str) -> Result<DecodedHash, MalformedHash> {
        self.inner.decode(encoded)
    }
    fn verify(&self, password: &[u8], encoded: &str) -> Result<bool, MalformedHash> {
        let is_correct = self.inner.verify(password, encoded)?;
        // argon2-cffi checks a hash without making one, so the record does not count it.
        if self.algorithm() != "argon2" {
            self.count(self.cost(encoded));
        }
        Ok(is_correct)
    }
    fn must_update(&self, encoded: &str) -> Result<bool, MalformedHash> {
        self.inner.must_update(encoded)
    }
    fn harden_runtime(&self, password: &[u8], encoded: &str) {
        if let Ok(full) = self.inner.encode(password, &self.inner.salt()) {
            self.count(self.cost(&full).saturating_sub(self.cost(encoded)));
        }
        self.inner.harden_runtime(password, encoded);
    }
    fn safe_summary(&self, encoded: &str) -> Result<Vec<(String, String)>, MalformedHash> {
        self.inner.safe_summary(encoded)
    }
    fn salt(&self) -> String {
        self.inner.salt()
    }
}

/// The hasher of a record.
pub(super) fn hasher(spec: &Value) -> Counted {
    let name = spec.as_str().or_else(|| spec["hasher"].as_str()).unwrap();
    let number = |name: &str| spec[name].as_u64().map(|n| u32::try_from(n).unwrap());
    let pbkdf2 = |hasher: Pbkdf2| number("iterations").map_or(hasher, |n| hasher.iterations(n));
    let bcrypt = |hasher: Bcrypt| number("rounds").map_or(hasher, |n| hasher.rounds(n));
    match name {
        "pbkdf2_sha256" => Counted::new(pbkdf2(Pbkdf2::sha256())),
        "pbkdf2_sha1" => Counted::new(pbkdf2(Pbkdf2::sha1())),
        "bcrypt_sha256" => Counted::new(bcrypt(Bcrypt::sha256())),
        "bcrypt" => Counted::new(bcrypt(Bcrypt::plain())),
        "argon2" => {
            let mut hasher = Argon2::default();
            if let Some(cost) = number("time_cost") {
                hasher = hasher.time_cost(cost);
            }
            if let Some(cost) = number("memory_cost") {
                hasher = hasher.memory_cost(cost);
            }
            if let Some(lanes) = number("parallelism") {
                hasher = hasher.parallelism(lanes);
            }
            Counted::new(hasher)
        }
        "scrypt" => {
            let mut hasher = Scrypt::default();
            if let Some(cost) = number("work_factor") {
                hasher = hasher.work_factor(cost);
            }
            if let Some(size) = number("block_size") {
                hasher = hasher.block_size(size);
            }
            if let Some(lanes) = number("parallelism") {
                hasher = hasher.parallelism(lanes);
            }
            Counted::new(hasher)
        }
        "md5" => Counted::new(InsecureMd5),
        other => panic!("no hasher {other}"),
    }
}

/// The hashers of a record's settings; Django's default ones where it has none.
pub(super) fn hashers(record: &Value) -> Result<(Hashers, Vec<Counted>), HashersError> {
    let Some(list) = record["settings"]["PASSWORD_HASHERS"].as_array() else {
        return Ok((Hashers::default(), Vec::new()));
    };
    let list: Vec<Counted> = list.iter().map(hasher).collect();
    let [first, rest @ ..] = list.as_slice() else {
        return Err(Hashers::from_names::<&str>(&[]).unwrap_err());
    };
    let hashers = rest
        .iter()
        .fold(Hashers::new(first.clone()), |hashers, hasher| {
            hashers.also(hasher.clone())
        });
    Ok((hashers, list))
}
