//! Where we differ from Django on purpose.

use serde_json::Value as Json;

use super::decode::{tagged, text};

/// Why a record that differs may do so.
pub(super) fn reason(kind: &str, inputs: &Json) -> Option<&'static str> {
    let value = text(&inputs["value"]);
    let class = inputs["field"]["class"].as_str().unwrap_or_default();
    let is_date = class.contains("Date") || class.contains("Time");
    let number = inputs["value"].is_number() || tagged(&inputs["value"]).is_some();
    match kind {
        "field_clean" if is_date && !value.is_ascii() => Some("dates have ASCII digits"),
        "field_clean" if is_date && value.contains('\0') => {
            Some("a null character is no part of a date")
        }
        "field_clean" if is_date && value.starts_with("9999-12-31") => {
            Some("no point in time after 9999-12-30")
        }
        "field_clean" if is_date && inputs["field"]["kwargs"].get("input_formats").is_some() => {
            Some("formats know the letters YymdbBHIMSfp")
        }
        "field_clean" if class == "UUIDField" && (!value.is_ascii() || value.contains('_')) => {
            Some("a UUID has hexadecimal digits only")
        }
        "field_clean" if class == "FileField" => Some("file names lose control characters"),
        "field_clean" if class == "IntegerField" => Some("whole numbers have 64 bits"),
        "field_has_changed" if class == "TypedChoiceField" => {
            Some("choices are compared as text, so 1 is the choice \"1\"")
        }
        "validator" if number && inputs["validator"].to_string().contains("_address") => {
            Some("a number is no address")
        }
        "widget_render" if number && inputs["widget"].to_string().contains("Input") => {
            Some("a number is no date or time")
        }
        "formset"
            if inputs["factory"]["extra"]
                .as_i64()
                .is_some_and(|extra| extra < 0) =>
        {
            Some("a formset adds no negative number of forms")
        }
        _ => None,
    }
}
