//! `django.utils.html`.

use super::{Answer, Call};

pub(super) fn run(call: &Call<'_>) -> Answer {
    match call.name {
        "escape" => call.filter("force_escape", None, true),
        "escapejs" => call.filter("escapejs", None, true),
        "linebreaks" => call.filter("linebreaks", None, call.flag(1, "autoescape")),
        "strip_tags" => call.filter("striptags", None, true),
        _ => None,
    }
}
