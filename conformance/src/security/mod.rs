//! The corpus `security`.

use crate::corpus::Runners;

mod signing;
mod values;

/// Every kind that has a room, and its runner.
pub(crate) const RUNNERS: Runners = &[
    ("b62", signing::base62),
    ("b64", signing::base64),
    ("constant_time_compare", signing::compare),
    ("cookie_signer", signing::cookie_signer),
    ("json_serializer", signing::json),
    ("salted_hmac", signing::hmac),
    ("sign", signing::sign),
    ("sign_object", signing::sign_object),
    ("signed_cookie_get", signing::cookie_get),
    ("signed_cookie_set", signing::cookie_set),
    ("unsign", signing::unsign),
    ("unsign_object", signing::unsign_object),
];
