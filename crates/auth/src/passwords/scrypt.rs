//! scrypt, which asks for memory as well as for time.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use nuages_crypto::constant_time_compare;

use super::hasher::{DecodedHash, MalformedHash, PasswordHasher, check_salt, number, parts};

/// The most memory that one hash may take: OpenSSL's own limit, which is Django's.
const MAX_MEMORY: u64 = 32 * 1024 * 1024;
/// The most work that one hash may take, in units of block size times cost times lanes; the default is 655,360.
const MAX_WORK: u64 = 10_000_000;
/// Bytes of the hash.
const HASH_LENGTH: usize = 64;

const ALGORITHM: &str = "scrypt";

/// `scrypt$work_factor$salt$block_size$parallelism$hash`.
///
/// ```
/// use nuages_auth::passwords::{PasswordHasher, Scrypt};
///
/// let hasher = Scrypt::default().work_factor(16).block_size(1).parallelism(1);
/// let encoded = hasher.encode(b"letmein", "seasalt").unwrap();
/// assert!(encoded.starts_with("scrypt$16$seasalt$1$1$"));
/// assert!(hasher.verify(b"letmein", &encoded).unwrap());
/// // More than 32 MiB of memory are refused, as OpenSSL does.
/// assert!(Scrypt::default().work_factor(1 << 15).encode(b"letmein", "seasalt").is_err());
/// ```
///
/// # Django
/// `ScryptPasswordHasher`.
#[derive(Debug, Clone, Copy)]
pub struct Scrypt {
    cost: Cost,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Cost {
    work_factor: u64,
    block_size: u64,
    parallelism: u64,
}

impl Default for Scrypt {
    fn default() -> Self {
        Self {
            cost: Cost {
                work_factor: 1 << 14,
                block_size: 8,
                parallelism: 5,
            },
        }
    }
}

impl Scrypt {
    /// The cost of new hashes in time and memory, a power of two.
    pub fn work_factor(mut self, work_factor: u32) -> Self {
        self.cost.work_factor = work_factor.into();
        self
    }

    /// The size of a block of memory, in units of 128 bytes.
    pub fn block_size(mut self, block_size: u32) -> Self {
        self.cost.block_size = block_size.into();
        self
    }

    /// How many independent lanes there are; each costs time, not memory.
    pub fn parallelism(mut self, parallelism: u32) -> Self {
        self.cost.parallelism = parallelism.into();
        self
    }
}

impl Cost {
    /// What a stored hash asks for, and its salt.
    fn of(encoded: &str) -> Result<(Self, &str, &str), MalformedHash> {
        let [_, work_factor, salt, block_size, parallelism, hash] = parts(encoded, ALGORITHM)?;
        if hash.contains('$') {
            return Err(MalformedHash);
        }
        let cost = Self {
            work_factor: number(work_factor)?,
            block_size: number(block_size)?,
            parallelism: number(parallelism)?,
        };
        Ok((cost, salt, hash))
    }

    fn encode(self, password: &[u8], salt: &str) -> Result<String, MalformedHash> {
        check_salt(salt)?;
        let params = self.params().ok_or(MalformedHash)?;
        let mut hash = [0; HASH_LENGTH];
        scrypt::scrypt(password, salt.as_bytes(), &params, &mut hash).map_err(|_| MalformedHash)?;
        let Self {
            work_factor,
            block_size,
            parallelism,
        } = self;
        let hash = STANDARD.encode(hash);
        Ok(format!(
            "{ALGORITHM}${work_factor}${salt}${block_size}${parallelism}${hash}"
        ))
    }

    /// The parameters, if they are allowed ones.
    fn params(self) -> Option<scrypt::Params> {
        if !self.work_factor.is_power_of_two() || self.work_factor < 2 {
            return None;
        }
        let block = self.block_size.checked_mul(128)?;
        let lanes = block.checked_mul(self.parallelism)?;
        let memory = block.checked_mul(self.work_factor.checked_add(2)?)?;
        let work = self.work_factor.checked_mul(self.block_size)?;
        let work = work.checked_mul(self.parallelism)?;
        if lanes.checked_add(memory)? > MAX_MEMORY || work > MAX_WORK {
            return None;
        }
        let log_n = u8::try_from(self.work_factor.trailing_zeros()).ok()?;
        let (r, p) = (
            u32::try_from(self.block_size).ok()?,
            u32::try_from(self.parallelism).ok()?,
        );
        scrypt::Params::new(log_n, r, p).ok()
    }
}

impl PasswordHasher for Scrypt {
    fn algorithm(&self) -> &'static str {
        ALGORITHM
    }

    fn encode(&self, password: &[u8], salt: &str) -> Result<String, MalformedHash> {
        self.cost.encode(password, salt)
    }

    fn decode(&self, encoded: &str) -> Result<DecodedHash, MalformedHash> {
        let (cost, salt, hash) = Cost::of(encoded)?;
        Ok(DecodedHash {
            algorithm: ALGORITHM,
            params: vec![
                ("work_factor", cost.work_factor.to_string()),
                ("block_size", cost.block_size.to_string()),
                ("parallelism", cost.parallelism.to_string()),
            ],
            salt: salt.to_owned(),
            hash: hash.to_owned(),
        })
    }

    fn verify(&self, password: &[u8], encoded: &str) -> Result<bool, MalformedHash> {
        let (cost, salt, _) = Cost::of(encoded)?;
        Ok(constant_time_compare(cost.encode(password, salt)?, encoded))
    }

    fn must_update(&self, encoded: &str) -> Result<bool, MalformedHash> {
        Ok(Cost::of(encoded)?.0 != self.cost)
    }

    fn harden_runtime(&self, _password: &[u8], _encoded: &str) {
        // What a cheaper hash lacks in memory cannot be made up in time.
    }
}
