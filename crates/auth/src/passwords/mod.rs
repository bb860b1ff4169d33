//! Passwords: how they are stored, checked and judged.
//!
//! A password is stored as Django stores it, so that either framework can check what the other wrote.
//! Hashing is slow on purpose and runs on a few threads of its own behind a bounded queue ([`PasswordPool`]).
//!
//! ```
//! use nuages_auth::passwords::{Hashers, Pbkdf2};
//!
//! let hashers = Hashers::new(Pbkdf2::sha256().iterations(1000));
//! let stored = hashers.make_password("correct horse");
//! assert!(stored.starts_with("pbkdf2_sha256$1000$"));
//! assert!(hashers.verify("correct horse", &stored).is_correct);
//! assert!(!hashers.verify("wrong horse", &stored).is_correct);
//! ```
//!
//! # Django
//! `django.contrib.auth.hashers` and `django.contrib.auth.password_validation`.

mod argon2;
mod bcrypt;
mod derive;
mod hasher;
mod hashers;
mod md5;
mod pbkdf2;
mod pool;
mod scrypt;
mod validators;

pub use argon2::Argon2;
pub use bcrypt::Bcrypt;
pub use hasher::{DecodedHash, MalformedHash, PasswordHasher, mask_hash, must_update_salt};
pub use hashers::{Hashers, HashersError, Verified, is_password_usable, unusable_password};
pub use md5::InsecureMd5;
pub use pbkdf2::{DEFAULT_ITERATIONS, MAX_ITERATIONS, Pbkdf2};
pub use pool::{Overloaded, PasswordPool};
pub use scrypt::Scrypt;
pub(crate) use validators::is_word;
pub use validators::{
    CommonPasswordValidator, MinimumLengthValidator, NumericPasswordValidator, PasswordOwner,
    PasswordValidator, PasswordValidators, UserAttributeSimilarityValidator,
    exceeds_maximum_length_ratio, quick_ratio,
};
