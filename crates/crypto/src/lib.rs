//! Signing, salted HMAC, constant-time comparison, random tokens and secrets.
