//! `django.utils.text`.

use nuages_template::formats::Locale;
use nuages_template::text::{self, Truncator};
use serde_json::Value as Json;

use super::{Answer, Call};
use crate::conformance::errors::Raised;
use crate::conformance::services::Recorded;
use nuages_template::Error;

pub(super) fn run(call: &Call<'_>) -> Answer {
    Some(match call.name {
        "Truncator.chars" => truncated(call, false)?,
        "Truncator.words" => truncated(call, true)?,
        "get_text_list" => {
            let items = call.value(0, "list_")?;
            let items: Vec<String> = items
                .iterate()?
                .map(|item| item.to_text().into_owned())
                .collect();
            let services = Recorded::new(call.record);
            let locale = Locale::new(&services);
            let last = call.text(1, "last_word");
            let last = last.unwrap_or_else(|| locale.gettext("or").into_owned());
            let listed = text::get_text_list_with(&items, &locale.gettext(", "), &last);
            Ok(Json::from(listed))
        }
        "get_valid_filename" => text::get_valid_filename(&call.text(0, "name")?)
            .map(Json::from)
            .map_err(|_| Error::other(Raised("SuspiciousFileOperation".to_owned()))),
        "normalize_newlines" => Ok(Json::from(text::normalize_newlines(&call.text(0, "text")?))),
        "phone2numeric" => Ok(Json::from(text::phone2numeric(&call.text(0, "phone")?))),
        "capfirst" => Ok(Json::from(text::capfirst(&call.text(0, "x")?))),
        "slugify" if call.flag(1, "allow_unicode") => {
            Ok(Json::from(text::slugify_unicode(&call.text(0, "value")?)))
        }
        "slugify" => Ok(Json::from(text::slugify(&call.text(0, "value")?))),
        "smart_split" => Ok(Json::from(text::smart_split(&call.text(0, "text")?))),
        "unescape_string_literal" => {
            text::unescape_string_literal(&call.text(0, "s")?).map(Json::from)
        }
        "wrap" => {
            let width = call.value(1, "width")?.as_int()?;
            let width = usize::try_from(width).ok()?;
            Ok(Json::from(text::wrap(&call.text(0, "text")?, width)))
        }
        _ => return None,
    })
}

fn truncated(call: &Call<'_>, words: bool) -> Option<Result<Json, Error>> {
    let text = call.text(0, "text")?;
    let ellipsis = call.text(2, "truncate");
    let mut truncator = Truncator::new(&text);
    if let Some(ellipsis) = &ellipsis {
        truncator = truncator.ellipsis(ellipsis);
    }
    if call.flag(3, "html") {
        truncator = truncator.html();
    }
    let limit = call.value(1, "num")?.to_int()?;
    Some(Ok(Json::from(if words {
        truncator.words(limit)
    } else {
        truncator.chars(limit)
    })))
}
