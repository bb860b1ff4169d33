//! `django.utils.dateformat`, `timesince`, `formats`, `numberformat` and `translation`, through our functions of these names.

use nuages_template::formats::{
    Format, FormatError, Locale, NumberStyle, TimeSince, date_format, format_number, localize,
    localize_input, sanitize_separators, sanitize_strftime_format, time_format, timesince,
    timeuntil,
};
use nuages_template::i18n::{parse_accept_lang_header, to_language, to_locale};
use nuages_template::{Engine, Error, ErrorKind, Value};
use serde_json::{Value as Json, json};

use super::super::errors::Raised;
use super::super::locale;
use super::super::services::Recorded;
use super::super::values::{to_json, value};
use super::{Answer, Call};

pub(super) fn run(call: &Call<'_>) -> Answer {
    let func = call.record["func"].as_str()?;
    match func {
        "dateformat.format" => call.filter("date", call.get(1, "format_string")),
        "dateformat.time_format" => call.filter("time", call.get(1, "format_string")),
        _ => given(func, call),
    }
}

/// `timesince` or `timeuntil`.
type Moments =
    fn(&Value<'_>, Option<&Value<'_>>, &TimeSince<'_>, &Locale<'_>) -> Result<String, Error>;

fn given(func: &str, call: &Call<'_>) -> Answer {
    let engine = Engine::default();
    let services = Recorded::new(call.record);
    let own = Locale::new(&services);
    let own = match call.kwargs.get("use_l10n").and_then(Json::as_bool) {
        Some(localized) => own.localized(localized),
        None => own,
    };
    let text = |at: usize, name: &str| call.get(at, name).and_then(Json::as_str);
    let first = call.args.first().copied().unwrap_or(&Json::Null);
    let made = value(first, &engine).ok()?;
    let formatted = |result: Result<String, FormatError>| match result {
        Ok(text) => Ok(Json::from(text)),
        Err(error @ (FormatError::DateWithTime(_) | FormatError::TimeWithDate(_))) => {
            Err(Error::new(ErrorKind::Type, error.to_string()))
        }
        Err(_) => Err(Error::other(Raised("AttributeError".to_owned()))),
    };
    let moments = |how: Moments| {
        let other = match call.get(1, "now").filter(|other| !other.is_null()) {
            Some(other) => Some(value(other, &engine).ok()?),
            None => None,
        };
        if !call.kwargs["time_strings"].is_null() || call.flag(2, "reversed") {
            return None;
        }
        let depth = call.kwargs.get("depth").and_then(Json::as_i64).unwrap_or(2);
        let options = TimeSince::default().depth(usize::try_from(depth).unwrap_or(0));
        Some(how(&made, other.as_ref(), &options, &own).map(Json::from))
    };
    Some(match func {
        "timesince.timesince" => return moments(timesince),
        "timesince.timeuntil" => return moments(timeuntil),
        "formats.date_format" => formatted(date_format(&made, text(1, "format"), &own)),
        "formats.time_format" => formatted(time_format(&made, text(1, "format"), &own)),
        "formats.get_format" => {
            let own = match text(1, "lang") {
                Some(language) => own.with_language(Some(language)),
                None => own,
            };
            let name = first.as_str()?;
            Ok(own
                .format(name)
                .map_or(Json::from(name), |found| locale::to_json(&found)))
        }
        "formats.localize" => Ok(match &made {
            Value::None => Json::Null,
            _ if made.as_object().is_some() => to_json(&made),
            _ => marked(&made, localize(&made, &own), &own),
        }),
        "formats.localize_input" => {
            let given = localize_input(&made, text(1, "default"), &own);
            Ok(marked(&made, given, &own))
        }
        "formats.sanitize_separators" => Ok(match first.as_str() {
            Some(text) => Json::from(sanitize_separators(text, &own)),
            None => first.clone(),
        }),
        "formats.sanitize_strftime_format" => {
            Ok(Json::from(sanitize_strftime_format(first.as_str()?)))
        }
        "numberformat.format" => Ok(number(call, &made, &own)?),
        "translation.to_locale" => Ok(Json::from(to_locale(first.as_str()?))),
        "translation.to_language" => Ok(Json::from(to_language(first.as_str()?))),
        "translation.parse_accept_lang_header" => {
            let found = parse_accept_lang_header(first.as_str()?);
            let pairs: Vec<Json> = found
                .into_iter()
                .map(|(code, weight)| json!({ "$tuple": [code, to_json(&Value::from(weight))] }))
                .collect();
            Ok(json!({ "$tuple": pairs }))
        }
        _ => return None,
    })
}

/// A whole number that stays as it is comes back marked as safe.
fn marked(made: &Value<'_>, text: String, own: &Locale<'_>) -> Json {
    let grouping = own.format("NUMBER_GROUPING");
    let grouped = own.settings().use_thousand_separator && grouping != Some(Format::Number(0));
    let whole = match made {
        Value::Int(_) => true,
        Value::Decimal(digits) => !digits.contains(['.', 'E', 'I', 'N']),
        _ => false,
    };
    if whole && own.use_l10n() && !grouped {
        json!({ "$safe": text })
    } else {
        Json::from(text)
    }
}

fn number(call: &Call<'_>, made: &Value<'_>, own: &Locale<'_>) -> Option<Json> {
    if made.is_none() || made.as_str() == Some("") {
        let text = format_number(made, None, &NumberStyle::new("."));
        return Some(json!({ "$safe": text }));
    }
    let decimal = call.get(1, "decimal_sep").and_then(Json::as_str)?;
    let places = call.get(2, "decimal_pos").and_then(Json::as_u64);
    let grouping = call.get(3, "grouping").cloned().unwrap_or(json!(0));
    let sizes = grouping.as_array().or(grouping["$tuple"].as_array());
    let sizes: Vec<i64> = match sizes {
        Some(sizes) => sizes.iter().filter_map(Json::as_i64).collect(),
        None => vec![grouping.as_i64()?],
    };
    let mark = call
        .get(4, "thousand_sep")
        .and_then(Json::as_str)
        .unwrap_or("");
    let localized = own.use_l10n() && own.settings().use_thousand_separator;
    let mut style = NumberStyle::new(decimal);
    let grouped = (localized || call.flag(5, "force_grouping")) && sizes != [0];
    if grouped {
        style = style.grouped(sizes, mark);
    }
    let text = format_number(
        made,
        places.and_then(|places| usize::try_from(places).ok()),
        &style,
    );
    let whole = matches!(made, Value::Int(_)) || call.args[0].get("$int").is_some();
    // A whole number that stays as it is comes back marked as safe.
    let safe = whole && !grouped && places.unwrap_or(0) == 0;
    Some(if safe {
        json!({ "$safe": text })
    } else {
        Json::from(text)
    })
}
