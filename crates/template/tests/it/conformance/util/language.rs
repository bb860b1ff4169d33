//! `django.utils.dateformat`, `timesince`, `formats`, `numberformat` and `translation`.

use super::{Answer, Call};

pub(super) fn run(call: &Call<'_>) -> Answer {
    match (call.record["func"].as_str()?, call.args.len()) {
        ("dateformat.format", _) => call.filter("date", call.get(1, "format_string"), true),
        ("dateformat.time_format", _) => call.filter("time", call.get(1, "format_string"), true),
        ("timesince.timesince", 1..=2) if is_plain(call) => {
            call.filter("timesince", call.get(1, "now"), true)
        }
        ("timesince.timeuntil", 1..=2) if is_plain(call) => {
            call.filter("timeuntil", call.get(1, "now"), true)
        }
        _ => None,
    }
}

/// The filters show two units, in the words of the language.
fn is_plain(call: &Call<'_>) -> bool {
    call.kwargs["time_strings"].is_null() && call.kwargs.get("depth").is_none_or(|depth| depth == 2)
}
