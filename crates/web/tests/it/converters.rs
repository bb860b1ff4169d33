//! The converters that the recorded tables use besides Django's own.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use nuages_web::{Converter, UrlValue, Urls};

struct Base64;
struct Year;
struct Even;
struct Upper;
struct Signed;
struct ToUrlValueError;

impl Converter for Base64 {
    fn regex(&self) -> &'static str {
        "[a-zA-Z0-9+/]*={0,2}"
    }
    fn to_value(&self, text: &str) -> Option<UrlValue<'static>> {
        STANDARD
            .decode(text)
            .ok()
            .map(|bytes| UrlValue::Bytes(bytes.into()))
    }
    fn to_url(&self, value: &UrlValue<'_>) -> Option<String> {
        match value {
            UrlValue::Bytes(bytes) => Some(STANDARD.encode(bytes)),
            _ => None,
        }
    }
}

impl Converter for Year {
    fn regex(&self) -> &'static str {
        "[0-9]{4}"
    }
    fn to_value(&self, text: &str) -> Option<UrlValue<'static>> {
        text.parse::<i64>().ok().map(UrlValue::from)
    }
    fn to_url(&self, value: &UrlValue<'_>) -> Option<String> {
        match value {
            UrlValue::Int(year) => Some(format!("{year:04}")),
            _ => None,
        }
    }
}

impl Converter for Even {
    fn regex(&self) -> &'static str {
        "[0-9]+"
    }
    fn to_value(&self, text: &str) -> Option<UrlValue<'static>> {
        let number = text.parse::<i64>().ok()?;
        (number % 2 == 0).then(|| number.into())
    }
    fn to_url(&self, value: &UrlValue<'_>) -> Option<String> {
        let text = value.as_text()?;
        let number = text.parse::<i64>().ok()?;
        (number % 2 == 0).then(|| number.to_string())
    }
}

impl Converter for Upper {
    fn regex(&self) -> &'static str {
        "[a-z]+"
    }
    fn to_value(&self, text: &str) -> Option<UrlValue<'static>> {
        Some(text.to_uppercase().into())
    }
    fn to_url(&self, value: &UrlValue<'_>) -> Option<String> {
        Some(value.as_text()?.to_lowercase())
    }
}

impl Converter for Signed {
    fn regex(&self) -> &'static str {
        "-?[0-9]+"
    }
    fn to_value(&self, text: &str) -> Option<UrlValue<'static>> {
        text.parse::<i64>().ok().map(UrlValue::from)
    }
}

impl Converter for ToUrlValueError {
    fn regex(&self) -> &'static str {
        "[0-9a-zA-Z]+"
    }
    fn to_url(&self, value: &UrlValue<'_>) -> Option<String> {
        let text = value.as_text()?;
        (text.chars().count() <= 5).then(|| text.into_owned())
    }
}

/// Makes all of them known to a table.
pub(crate) fn register(urls: Urls) -> Urls {
    urls.converter("base64", Base64)
        .converter("year", Year)
        .converter("even", Even)
        .converter("upper", Upper)
        .converter("signed", Signed)
        .converter("to_url_value_error", ToUrlValueError)
}
