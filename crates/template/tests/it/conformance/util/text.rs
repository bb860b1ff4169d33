//! `django.utils.text`.

use super::{Answer, Call};

pub(super) fn run(call: &Call<'_>) -> Answer {
    let limit = call.get(1, "num");
    let is_short = call.get(2, "truncate").is_none();
    match call.name {
        "slugify" if !call.flag(1, "allow_unicode") => call.filter("slugify", None, true),
        "wrap" => call.filter("wordwrap", call.get(1, "width"), true),
        "Truncator.chars" if is_short && call.flag(3, "html") => {
            call.filter("truncatechars_html", limit, true)
        }
        "Truncator.chars" if is_short => call.filter("truncatechars", limit, true),
        _ => None,
    }
}
