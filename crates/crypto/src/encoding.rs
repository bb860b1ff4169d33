//! URL-safe base64, base 62 and hexadecimal.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

/// URL-safe base64 without padding.
///
/// # Django
/// `django.core.signing.b64_encode`, `django.utils.http.urlsafe_base64_encode`.
pub fn base64_encode(bytes: impl AsRef<[u8]>) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

/// Reads URL-safe base64; padding at the end is allowed and ignored.
///
/// # Django
/// `django.core.signing.b64_decode`, which also skips characters that are not base64.
/// Here they make it `None`, so that one value has one spelling.
pub fn base64_decode(text: impl AsRef<[u8]>) -> Option<Vec<u8>> {
    let text = text.as_ref();
    let end = text.iter().rposition(|byte| *byte != b'=');
    URL_SAFE_NO_PAD
        .decode(&text[..end.map_or(0, |end| end + 1)])
        .ok()
}

const BASE62: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/// A number in base 62, as in the timestamps of signed values.
///
/// # Django
/// `django.core.signing.b62_encode`.
pub fn base62_encode(number: i64) -> String {
    let mut digits = Vec::new();
    let mut rest = number.unsigned_abs();
    while rest > 0 {
        digits.push(BASE62[usize::try_from(rest % 62).unwrap_or_default()]);
        rest /= 62;
    }
    if digits.is_empty() {
        digits.push(b'0');
    }
    if number < 0 {
        digits.push(b'-');
    }
    digits
        .iter()
        .rev()
        .map(|digit| char::from(*digit))
        .collect()
}

/// Reads a number in base 62; `None` when it is not one, or beyond 64 bits.
///
/// # Django
/// `django.core.signing.b62_decode`.
pub fn base62_decode(text: &str) -> Option<i64> {
    let (negative, digits) = match text.strip_prefix('-') {
        Some(digits) => (true, digits),
        None => (false, text),
    };
    if text.is_empty() {
        return None;
    }
    let mut number = 0_i64;
    for byte in digits.bytes() {
        let digit = match byte {
            b'0'..=b'9' => byte - b'0',
            b'A'..=b'Z' => byte - b'A' + 10,
            b'a'..=b'z' => byte - b'a' + 36,
            _ => return None,
        };
        number = number.checked_mul(62)?.checked_add(i64::from(digit))?;
    }
    Some(if negative { -number } else { number })
}

/// A number in base 36, as password reset tokens hold their time.
///
/// ```
/// use nuages_crypto::encoding::{base36_decode, base36_encode};
///
/// assert_eq!(base36_encode(801_692_800), "d9b24g");
/// assert_eq!(base36_decode("d9b24g"), Some(801_692_800));
/// ```
pub fn base36_encode(mut number: u128) -> String {
    const DIGITS: &[u8; 36] = b"0123456789abcdefghijklmnopqrstuvwxyz";
    let mut digits = Vec::new();
    loop {
        // A remainder of 36 fits.
        digits.push(char::from(
            DIGITS[usize::try_from(number % 36).unwrap_or_default()],
        ));
        number /= 36;
        if number == 0 {
            return digits.iter().rev().collect();
        }
    }
}

/// The number of at most 13 digits in base 36, in either case.
///
/// # Django
/// `base36_to_int`, which also takes what Python's `int` takes: signs, underscores, digits of other scripts.
pub fn base36_decode(text: &str) -> Option<u128> {
    let plain = (1..=13).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_alphanumeric());
    plain.then(|| u128::from_str_radix(text, 36).ok()).flatten()
}

/// Lower case hexadecimal.
///
/// ```
/// assert_eq!(nuages_crypto::encoding::hex_encode([0, 0xab]), "00ab");
/// ```
pub fn hex_encode(bytes: impl AsRef<[u8]>) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let bytes = bytes.as_ref();
    let mut text = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        text.push(char::from(DIGITS[usize::from(byte >> 4)]));
        text.push(char::from(DIGITS[usize::from(byte & 15)]));
    }
    text
}
