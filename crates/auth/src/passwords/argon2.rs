//! Argon2, which asks for memory as well as for time.

use argon2::{Algorithm, Argon2 as Engine, Params, Version};
use base64::Engine as _;
use base64::alphabet::STANDARD;
use base64::engine::general_purpose::{GeneralPurpose, NO_PAD};
use nuages_crypto::constant_time_compare;

use super::hasher::{
    DecodedHash, MalformedHash, PasswordHasher, SALT_ENTROPY, must_update_salt, number, parts,
};

const BASE64: GeneralPurpose = GeneralPurpose::new(&STANDARD, NO_PAD);

const ALGORITHM: &str = "argon2";
/// Bytes of a new hash.
const HASH_LENGTH: usize = 32;
/// The most memory that one hash may take, in KiB: ten times the default.
const MAX_MEMORY: u32 = 1 << 20;
/// The most work that one hash may take, in KiB times passes; the default is 204,800.
const MAX_WORK: u64 = 10_000_000;

/// `argon2$argon2id$v=19$m=102400,t=2,p=8$salt$hash`.
///
/// ```
/// use nuages_auth::passwords::{Argon2, PasswordHasher};
///
/// let hasher = Argon2::default().memory_cost(8).time_cost(1).parallelism(1);
/// let encoded = hasher.encode(b"letmein", "seasalty").unwrap();
/// assert!(encoded.starts_with("argon2$argon2id$v=19$m=8,t=1,p=1$c2Vhc2FsdHk$"));
/// assert!(hasher.verify(b"letmein", &encoded).unwrap());
/// ```
///
/// # Django
/// `Argon2PasswordHasher`; hashes of the varieties argon2i and argon2d, and of version 16, are checked too.
#[derive(Debug, Clone, Copy)]
pub struct Argon2 {
    cost: Cost,
}

/// What makes a hash expensive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Cost {
    memory: u32,
    time: u32,
    parallelism: u32,
}

impl Default for Argon2 {
    fn default() -> Self {
        Self {
            cost: Cost {
                memory: 102_400,
                time: 2,
                parallelism: 8,
            },
        }
    }
}

impl Argon2 {
    /// The memory of new hashes in KiB; at least 8 times the parallelism.
    pub fn memory_cost(mut self, kibibytes: u32) -> Self {
        self.cost.memory = kibibytes;
        self
    }

    /// How often new hashes go over the memory.
    pub fn time_cost(mut self, passes: u32) -> Self {
        self.cost.time = passes;
        self
    }

    /// The lanes of new hashes.
    pub fn parallelism(mut self, lanes: u32) -> Self {
        self.cost.parallelism = lanes;
        self
    }
}

/// A stored hash, read.
struct Stored<'a> {
    variety: Algorithm,
    /// 18 stands for a hash of the time before versions were written down.
    version: u32,
    cost: Cost,
    salt: &'a str,
    hash: &'a str,
}

impl<'a> Stored<'a> {
    fn read(encoded: &'a str) -> Result<Self, MalformedHash> {
        let [_, rest] = parts(encoded, ALGORITHM)?;
        let words: Vec<&str> = rest.split('$').collect();
        let (variety, version, cost, salt, hash) = match *words {
            [variety, version, cost, salt, hash] => (variety, version, cost, salt, hash),
            [variety, cost, salt, hash] => (variety, "v=18", cost, salt, hash),
            _ => return Err(MalformedHash),
        };
        let value = |name: &str| {
            let mut found = cost
                .split(',')
                .filter_map(|pair| pair.strip_prefix(name)?.strip_prefix('='));
            found.next().ok_or(MalformedHash).and_then(number)
        };
        if cost.split(',').count() != 3 {
            return Err(MalformedHash);
        }
        Ok(Self {
            variety: Algorithm::new(variety).map_err(|_| MalformedHash)?,
            version: number(version.strip_prefix("v=").ok_or(MalformedHash)?)?,
            cost: Cost {
                memory: value("m")?,
                time: value("t")?,
                parallelism: value("p")?,
            },
            salt,
            hash,
        })
    }

    /// The salt as text, a character for each byte.
    fn salt_text(&self) -> Result<String, MalformedHash> {
        let bytes = BASE64.decode(self.salt).map_err(|_| MalformedHash)?;
        Ok(bytes.into_iter().map(char::from).collect())
    }

    /// Bytes of the hash, by the number of its characters.
    fn hash_length(&self) -> usize {
        self.hash.len() / 4 * 3 + (self.hash.len() % 4).saturating_sub(1)
    }
}

fn derive(
    variety: Algorithm,
    version: Version,
    cost: Cost,
    password: &[u8],
    salt: &[u8],
    length: usize,
) -> Result<Vec<u8>, MalformedHash> {
    if cost.memory > MAX_MEMORY || u64::from(cost.memory) * u64::from(cost.time) > MAX_WORK {
        return Err(MalformedHash);
    }
    let params = Params::new(cost.memory, cost.time, cost.parallelism, Some(length))
        .map_err(|_| MalformedHash)?;
    let mut hash = vec![0; length];
    Engine::new(variety, version, params)
        .hash_password_into(password, salt, &mut hash)
        .map_err(|_| MalformedHash)?;
    Ok(hash)
}

impl PasswordHasher for Argon2 {
    fn algorithm(&self) -> &'static str {
        ALGORITHM
    }

    fn encode(&self, password: &[u8], salt: &str) -> Result<String, MalformedHash> {
        let (variety, version) = (Algorithm::Argon2id, Version::V0x13);
        let hash = derive(
            variety,
            version,
            self.cost,
            password,
            salt.as_bytes(),
            HASH_LENGTH,
        )?;
        let Cost {
            memory,
            time,
            parallelism,
        } = self.cost;
        let (salt, hash) = (BASE64.encode(salt), BASE64.encode(hash));
        Ok(format!(
            "{ALGORITHM}$argon2id$v=19$m={memory},t={time},p={parallelism}${salt}${hash}"
        ))
    }

    fn decode(&self, encoded: &str) -> Result<DecodedHash, MalformedHash> {
        let stored = Stored::read(encoded)?;
        Ok(DecodedHash {
            algorithm: ALGORITHM,
            params: vec![
                ("variety", stored.variety.as_str().to_owned()),
                ("version", stored.version.to_string()),
                ("memory_cost", stored.cost.memory.to_string()),
                ("time_cost", stored.cost.time.to_string()),
                ("parallelism", stored.cost.parallelism.to_string()),
            ],
            salt: stored.salt_text()?,
            hash: stored.hash.to_owned(),
        })
    }

    fn verify(&self, password: &[u8], encoded: &str) -> Result<bool, MalformedHash> {
        let stored = Stored::read(encoded)?;
        let version = match stored.version {
            16 | 18 => Version::V0x10,
            19 => Version::V0x13,
            _ => return Err(MalformedHash),
        };
        let salt = BASE64.decode(stored.salt).map_err(|_| MalformedHash)?;
        let hash = BASE64.decode(stored.hash).map_err(|_| MalformedHash)?;
        let again = derive(
            stored.variety,
            version,
            stored.cost,
            password,
            &salt,
            hash.len(),
        )?;
        Ok(constant_time_compare(again, hash))
    }

    fn must_update(&self, encoded: &str) -> Result<bool, MalformedHash> {
        let stored = Stored::read(encoded)?;
        Ok(stored.variety != Algorithm::Argon2id
            || stored.version != 19
            || stored.cost != self.cost
            || stored.hash_length() != HASH_LENGTH
            || must_update_salt(&stored.salt_text()?, SALT_ENTROPY))
    }

    fn harden_runtime(&self, _password: &[u8], _encoded: &str) {
        // What a cheaper hash lacks in memory cannot be made up in time.
    }
}
