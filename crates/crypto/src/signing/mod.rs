//! Signed values, objects and cookies, in Django's format.
//!
//! A signature proves that a value was made by this site, and for this purpose (the salt).
//! It does not hide the value: anyone can read it.
//!
//! ```
//! use nuages_crypto::{KeyRing, signing::Signer};
//!
//! let signer = Signer::new(&KeyRing::new("secret key"), "unsubscribe");
//! let signed = signer.sign("ann@example.com");
//! assert_eq!(signer.unsign(&signed)?, "ann@example.com");
//! let forged = signed.replace("ann", "eve");
//! assert!(signer.unsign(&forged).unwrap_err().is_bad_signature());
//! # Ok::<(), nuages_crypto::signing::Error>(())
//! ```
//!
//! # Django
//! `django.core.signing`.

mod cookie;
mod error;
mod object;
mod signer;
mod timestamp;

pub use cookie::CookieSigner;
pub use error::Error;
pub use object::{DEFAULT_SALT, dumps, dumps_compressed, loads};
pub use signer::{Signer, UnsafeSeparator};
pub use timestamp::TimestampSigner;
