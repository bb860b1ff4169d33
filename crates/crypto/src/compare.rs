//! Comparison whose time does not tell where two values differ.

use subtle::ConstantTimeEq;

/// True when both are the same bytes; takes as long for the first difference as for the last.
///
/// # Security
/// The lengths may be learnt from the time, as with every comparison of this kind.
///
/// ```
/// use nuages_crypto::constant_time_compare;
///
/// assert!(constant_time_compare("token", "token"));
/// assert!(!constant_time_compare("token", "Token"));
/// assert!(!constant_time_compare("token", "token "));
/// ```
///
/// # Django
/// `django.utils.crypto.constant_time_compare`.
pub fn constant_time_compare(left: impl AsRef<[u8]>, right: impl AsRef<[u8]>) -> bool {
    left.as_ref().ct_eq(right.as_ref()).into()
}
